import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { engineUse, referenceEngine } from "../../src/engines/index.ts";
import { readCheckpoint, writeCheckpoint } from "../../src/runs/checkpoint-file.ts";
import { openJournal, readJournal } from "../../src/runs/journal.ts";
import { publishChecked, readChecked } from "../../src/runs/store.ts";
import type { SimulationRecord } from "../../src/simulation/record.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function record(step: number): SimulationRecord {
  const budget = {
    meanField: { value: 0.1 * step, error: 0 },
    cross: null,
    crossCentred: null,
    discretization: null,
    timeStep: null,
    sampling: null,
    trajectoryGap: null,
    correctedTrajectoryGap: null,
    trajectory: null,
  };
  return { step, time: step / 3, loss: 1 / (step + 1), lossError: 0, budget, observables: { alpha: Math.PI * step } };
}

describe("a journal", () => {
  const path = () => join(folder, "metrics.jsonl");
  const fill = (count: number) => {
    const journal = openJournal(path(), "main", null, 0);
    for (let step = 0; step < count; step += 1) journal.append(record(step));
    journal.close();
  };

  it("gives back the records that were appended", () => {
    fill(3);
    expect(readJournal(path()).lines).toEqual(
      [0, 1, 2].map((step) => ({ ...record(step), member: "main", simulation: null })),
    );
  });

  it("is cut to the records that the checkpoint has", () => {
    fill(5);
    const whole = readFileSync(path(), "utf8");
    const journal = openJournal(path(), "main", null, 2);
    expect(journal.records.map(({ step }) => step)).toEqual([0, 1]);
    for (const step of [2, 3, 4]) journal.append(record(step));
    journal.close();
    expect(readFileSync(path(), "utf8")).toBe(whole);
  });

  it.each([1, 20, 100])("drops a last line torn %i bytes before its end", (missing) => {
    fill(3);
    const whole = readFileSync(path(), "utf8");
    writeFileSync(path(), whole.slice(0, whole.length - missing));
    expect(readJournal(path()).lines).toHaveLength(2);
    const journal = openJournal(path(), "main", null, 2);
    journal.append(record(2));
    journal.close();
    expect(readFileSync(path(), "utf8")).toBe(whole);
  });

  it("refuses damage elsewhere with the line's number", () => {
    fill(3);
    const lines = readFileSync(path(), "utf8").split("\n");
    writeFileSync(path(), [lines[0], lines[1].slice(5), lines[2], ""].join("\n"));
    expect(() => readJournal(path())).toThrow(
      expect.objectContaining({
        code: "run-damaged",
        message: expect.stringContaining("metrics.jsonl:2: this line is not JSON"),
      }),
    );
    writeFileSync(path(), `${lines[0]}\n{"a":1}\n`);
    expect(() => readJournal(path())).toThrow("metrics.jsonl:2: this line is not a record");
  });

  it("refuses to go on with fewer records than the checkpoint has", () => {
    fill(1);
    expect(() => openJournal(path(), "main", null, 2)).toThrow("it has 1 records where the checkpoint has 2");
  });

  it("refuses a record that is not finite, and keeps what it has", () => {
    const journal = openJournal(path(), "main", null, 0);
    journal.append(record(0));
    expect(() => journal.append({ ...record(1), loss: Number.NaN })).toThrow(
      "record.loss: expected a finite number, got NaN",
    );
    journal.close();
    expect(readJournal(path()).lines).toHaveLength(1);
  });
});

describe("a checkpoint", () => {
  const path = () => join(folder, "checkpoint.bin");
  const engines = [engineUse(referenceEngine, "float64")];
  const state = Uint8Array.from({ length: 1000 }, (_, index) => (index * 7) % 256);

  it("comes back with its bytes, aligned for doubles, and its count of records", () => {
    writeCheckpoint(path(), { state, records: 12, finished: false, engines });
    const stored = readCheckpoint(path());
    expect(stored).toEqual({ state, records: 12, finished: false, engines });
    expect((stored?.state.byteOffset ?? 1) % 8).toBe(0);
  });

  it("is refused where a byte has changed or is missing", () => {
    writeCheckpoint(path(), { state, records: 12, finished: false, engines });
    const bytes = readFileSync(path());
    for (const change of [bytes.subarray(0, bytes.length - 1), bytes.subarray(1), Buffer.alloc(0)]) {
      writeFileSync(path(), change);
      expect(() => readCheckpoint(path())).toThrow(expect.objectContaining({ code: "run-damaged" }));
    }
    bytes[bytes.length - 3] ^= 1;
    writeFileSync(path(), bytes);
    expect(() => readCheckpoint(path())).toThrow("its checksum is wrong");
    appendFileSync(path(), "x");
    expect(() => readCheckpoint(path())).toThrow("its checksum is wrong");
  });

  it("is null where there is none", () => {
    expect(readCheckpoint(path())).toBeNull();
  });
});

describe("a file with its own checksum", () => {
  it("is refused after any change of a byte", () => {
    const path = join(folder, "result.json");
    const value = publishChecked(path, { b: [1, 2.5], a: "text", checksum: "" }, "result");
    expect(readChecked(path)).toEqual(value);
    const text = readFileSync(path, "utf8");
    for (let at = 0; at < text.length; at += 1) {
      const other = text[at] === "7" ? "8" : "7";
      writeFileSync(path, text.slice(0, at) + other + text.slice(at + 1));
      expect(() => readChecked(path), `byte ${at}`).toThrow(expect.objectContaining({ code: "run-damaged" }));
    }
  });
});
