import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compareRuns } from "../../src/runs/index.ts";
import { record, storeRun } from "../sweeps/stored-sweep.ts";

let out = "";
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "compare-test-"));
});
afterAll(() => rmSync(out, { recursive: true }));

const claim = (verdict: "holds" | "fails", measured: number) => ({
  id: "small",
  statement: "it is small",
  source: "ours",
  measured,
  low: null,
  high: null,
  expected: "<= 1",
  tolerance: null,
  verdict,
  pass: verdict === "holds",
});
const store = (name: string, parameters: object, seed: number, made: object | null, about?: object) => {
  const dir = join(out, name);
  storeRun(dir, parameters as never, seed, made as never, { headline: "net.loss", ...about });
  return dir;
};

describe("two runs compared", () => {
  it("show what they were made from, their numbers with difference and ratio, texts, claims and where their records part", () => {
    const first = store("a", { width: 8, start: "sphere", time: 3 }, 1, {
      summary: { count: 0, net: { loss: 4, flat: null, kind: "x" } },
      claims: [claim("fails", 4)],
      records: [record(), record({ step: 1, time: 0.5, loss: 4 })],
    });
    const second = store(
      "b",
      { width: 16, start: "sphere", depth: 2 },
      1,
      {
        summary: { count: 3, net: { loss: 1, flat: 2, kind: "y" } },
        claims: [claim("holds", 1)],
        records: [
          record(),
          record({ step: 1, time: 0.5, loss: 1, observables: { alpha: 1, b: 2 } }),
          record({ step: 2 }),
        ],
      },
      { codeHash: "beef" },
    );
    const comparison = compareRuns(first, second);
    expect(comparison.first).toMatchObject({ dir: first, scenario: "made-up", status: "completed" });
    expect(comparison.parameters).toEqual([
      { name: "time", first: 3, second: null },
      { name: "width", first: 8, second: 16 },
      { name: "depth", first: null, second: 2 },
    ]);
    expect(comparison.origin).toEqual([{ name: "code", first: "c0de", second: "beef" }]);
    // The headline first; a ratio to zero is none.
    expect(comparison.numbers).toEqual([
      { name: "net.loss", first: 4, second: 1, difference: -3, ratio: 0.25 },
      { name: "count", first: 0, second: 3, difference: 3, ratio: null },
      { name: "net.flat", first: null, second: 2, difference: null, ratio: null },
    ]);
    expect(comparison.texts).toEqual([{ name: "net.kind", first: "x", second: "y" }]);
    expect(comparison.claims).toEqual([
      { name: "small", first: { verdict: "fails", measured: 4 }, second: { verdict: "holds", measured: 1 } },
    ]);
    expect(comparison.records).toEqual({
      first: 2,
      second: 3,
      same: false,
      difference: {
        line: 2,
        first: { member: "main", simulation: null, step: 1, time: 0.5 },
        second: { member: "main", simulation: null, step: 1, time: 0.5 },
        paths: ["loss", "observables.b"],
      },
    });
  });

  it("show a record that one of them lacks", () => {
    const first = store("short", {}, 1, { records: [record()] });
    const second = store("long", {}, 2, { records: [record(), record({ step: 9 })] });
    const { records, origin } = compareRuns(first, second);
    expect(origin).toEqual([{ name: "seed", first: 1, second: 2 }]);
    expect(records.difference).toMatchObject({ line: 2, first: null, second: { step: 9 }, paths: [] });
  });

  it("are the same where nothing differs, down to the last bit of a record", () => {
    const made = { summary: { net: { loss: 0.1 } }, records: [record({ loss: 0.1 + 0.2 })] };
    const first = store("one", { width: 8 }, 1, made);
    const second = store("two", { width: 8 }, 1, made);
    const same = compareRuns(first, second);
    expect(same).toMatchObject({ parameters: [], origin: [], texts: [], records: { same: true, difference: null } });
    const third = store("three", { width: 8 }, 1, { ...made, records: [record({ loss: 0.3 })] });
    expect(compareRuns(first, third).records.difference?.paths).toEqual(["loss"]);
  });

  it("may be unfinished, but must be runs", () => {
    const first = store("ended", {}, 1, { summary: { net: { loss: 1 } } });
    const second = store("begun", {}, 1, null);
    expect(compareRuns(first, second)).toMatchObject({
      second: { status: "unfinished" },
      numbers: [{ name: "net.loss", first: 1, second: null }],
    });
    expect(() => compareRuns(first, join(out, "gone"))).toThrow("no run folder");
  });
});
