import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { comparePaired, readSweep } from "../../src/sweeps/index.ts";
import { record, storeSweep } from "../sweeps/stored-sweep.ts";
import { meanfield } from "./meanfield.ts";

let sweep = "";
let ids: readonly string[] = [];
beforeAll(() => {
  sweep = storeSweep(
    mkdtempSync(join(tmpdir(), "compare-cli-test-")),
    { width: "8,16", start: "a,b,c", seed: "0..3" },
    ({ width, start }, seed) => ({
      summary: {
        loss: (1 + seed + seed * seed * (start === "b" ? 0.1 : 0)) / Number(width),
        other: start === "c" ? 2 : 1,
      },
      records: [record({ loss: Number(width) + seed })],
    }),
  );
  ids = readSweep(sweep).points.map(({ id }) => id);
});
afterEach(() => {
  process.exitCode = 0;
});
afterAll(() => rmSync(sweep, { recursive: true }));

describe("meanfield compare of two runs", () => {
  it("takes two folders, or two ids inside a sweep, in full or by their beginnings", async () => {
    const folders = [0, 12].map((place) => join(sweep, "points", ids[place]));
    const byFolder = await meanfield("compare", ...folders, "--json");
    const byId = await meanfield("compare", sweep, ids[0].slice(0, 8), ids[12], "--json");
    expect(byId.stdout).toBe(byFolder.stdout);
    expect(JSON.parse(byId.stdout)).toMatchObject({
      status: "ok",
      first: { id: expect.any(String), dir: folders[0] },
      parameters: [{ name: "width", first: 8, second: 16 }],
      numbers: [
        { name: "loss", ratio: 0.5 },
        { name: "other", difference: 0 },
      ],
      records: { same: false, difference: { line: 1, paths: ["loss"] } },
    });
  });

  it("is told side by side in lines that fit the window", async () => {
    const { stdout, stderr, code } = await meanfield("compare", sweep, ids[0], ids[12]);
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toMatch(/made from\n +first +second\n.*\nwidth +8 +16\n/);
    expect(stderr).toMatch(/loss +0\.125 +0\.0625 +-0\.0625 +0\.5\n1 of 2 numbers are equal\./);
    expect(stderr).toContain("Records: 1 and 1; the first difference is record 1 (main, step 0): loss.");
    const same = await meanfield("compare", sweep, ids[0], ids[0]);
    expect(same.stderr).toContain("Made from the same: scenario, code, parameters, seed, engine.");
    expect(same.stderr).toContain("Records: the same 1, to the last bit.");
  });
});

describe("meanfield compare of values", () => {
  it("compares the first value with each other one, as the library does", async () => {
    const { stdout } = await meanfield("compare", sweep, "start=a,b,c", "--ratio", "--level", "0.9", "--json");
    const { as, value, comparisons } = JSON.parse(stdout);
    expect([as, value]).toEqual(["ratio", "loss"]);
    expect(comparisons).toEqual(
      ["b", "c"].map((to) => ({
        from: "a",
        to,
        ...comparePaired(readSweep(sweep), { name: "start", from: "a", to, as: "ratio", level: 0.9 }),
      })),
    );
  });

  it("is told with intervals", async () => {
    const { stderr } = await meanfield("compare", sweep, "start=a,c", "--value", "other");
    expect(stderr.split("\n")[0]).toBe("other, difference at equal points");
    expect(stderr).toMatch(/start: c - a +1 +8\n/);
    const byWidth = await meanfield("compare", sweep, "width=8,16", "--ratio");
    expect(byWidth.stderr).toMatch(/width: 16 \/ 8 +0\.5 +12\n/);
  });

  it.each([
    [["start=a"], "start: expected at least two values"],
    [["start=a,b", "width=8,16"], "expected one parameter"],
    [["strt=a,b"], "did you mean start?"],
    [["start=a,d"], "at least two pairs"],
    [["abc", "def"], "which none has"],
    [["", ""], "which 24 have"],
    [["a", "b", "--ratio"], "ratio: expected values of a parameter"],
  ])("refuses %j", async (words, message) => {
    const end = await meanfield("compare", sweep, ...words, "--json");
    expect([end.code, JSON.parse(end.stdout).error.code]).toEqual([3, "invalid-value"]);
    expect(end.stderr).toContain(message);
  });
});
