import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PointEnd } from "../../src/sweeps/files.ts";
import { readJournals, startJournal } from "../../src/sweeps/journal.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "journal-test-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const end = (id: string, status: PointEnd["status"] = "completed"): PointEnd => ({
  id,
  status,
  error: null,
  seconds: 0.25,
  summary: { loss: 0.1, text: "ä → b" },
});
const write = (startedAt: number, ...ends: readonly PointEnd[]) => {
  const journal = startJournal(dir, startedAt);
  for (const each of ends) journal.append(each);
  journal.close();
};
const files = () => readdirSync(join(dir, "journal")).map((name) => join(dir, "journal", name));

describe("the index of a sweep", () => {
  it("says how each point ended, the latest writer last", () => {
    write(1e12, end("a"), end("b", "failed"));
    write(2e12, end("b"));
    expect(readJournals(dir)).toEqual(new Map([a("a"), a("b")]));
    function a(id: string): [string, PointEnd] {
      return [id, end(id)];
    }
  });

  it("lets nothing undo what has completed, not even a writer whose clock goes ahead", () => {
    write(1e12, end("a"));
    write(2e12, end("a", "failed"));
    expect(readJournals(dir).get("a")?.status).toBe("completed");
  });

  it("is empty where nothing was written, and leaves no file for a writer without a line", () => {
    expect(readJournals(dir).size).toBe(0);
    write(1e12);
    expect(files()).toEqual([]);
  });

  it("drops a torn last line, wherever it was torn", () => {
    write(1e12, end("a"), end("b"));
    const [path] = files();
    const whole = readFileSync(path);
    const first = whole.indexOf(10) + 1;
    for (let length = first; length < whole.length; length += 1) {
      writeFileSync(path, whole.subarray(0, length));
      expect([...readJournals(dir).keys()]).toEqual(["a"]);
    }
  });

  it("refuses any changed byte in a whole line, with file and line", () => {
    write(1e12, end("a"), end("b"), end("c"));
    const [path] = files();
    const whole = readFileSync(path);
    const first = whole.indexOf(10) + 1;
    const second = whole.indexOf(10, first) + 1;
    for (let place = first; place < second - 1; place += 1) {
      const changed = Buffer.from(whole);
      changed[place] ^= 1;
      // A byte that becomes a line break makes two wrong lines of one.
      writeFileSync(path, changed);
      expect(() => readJournals(dir)).toThrow(`${path}:2: this line is not what was written`);
    }
  });

  it("never goes on in another writer's file", () => {
    write(1e12, end("a"));
    expect(() => write(1e12, end("b"))).toThrow("could not write");
    appendFileSync(files()[0], "0");
    expect([...readJournals(dir).keys()]).toEqual(["a"]);
  });
});
