import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publishFile, publishJson, readRun, schemaVersion } from "../../src/runs/index.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "read-test-"));
  publishJson(join(dir, "provenance.json"), {}, "provenance");
});
afterAll(() => rmSync(dir, { recursive: true }));

const line = (member: string, step: number) => `${JSON.stringify({ member, step, time: step, loss: 1 })}\n`;

describe("a run that has not ended", () => {
  it("gives the records of its members so far, without a line torn by a crash", () => {
    publishJson(join(dir, "config.json"), { schemaVersion }, "config");
    publishFile(join(dir, "members", "b", "metrics.jsonl"), line("b", 0));
    publishFile(join(dir, "members", "a", "one.metrics.jsonl"), `${line("a", 0)}${line("a", 1)}{"member":"a","st`);
    const { result, metrics } = readRun(dir);
    expect(result).toBeNull();
    expect(metrics.map(({ member, step }) => [member, step])).toEqual([
      ["a", 0],
      ["a", 1],
      ["b", 0],
    ]);
  });

  it("is refused where another version of the files was written", () => {
    publishJson(join(dir, "config.json"), { schemaVersion: schemaVersion - 1 }, "config");
    expect(() => readRun(dir)).toThrow(/version 2, and this installation reads version 3/);
  });
});
