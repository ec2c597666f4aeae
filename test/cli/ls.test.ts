import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { storeRun, storeSweep } from "../sweeps/stored-sweep.ts";
import { meanfield } from "./meanfield.ts";

let out = "";
let first = "";
let second = "";
let runs: string[] = [];
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "ls-test-"));
  first = storeSweep(join(out, "sweeps", "waves", "first"), { terms: "5,10", seed: "0..1" }, ({ terms }, seed) => ({
    summary: { loss: Number(terms) + seed / 10 },
  }));
  second = storeSweep(join(out, "sweeps", "waves", "second"), { trouble: "none,throw" }, ({ trouble }) => ({
    status: trouble === "none" ? "completed" : "failed",
  }));
  const run = (name: string, terms: number, seed: number | string, startedAt: string) =>
    storeRun(join(out, "runs", "waves", name), { terms, scale: 2 }, seed, { startedAt, summary: { loss: 1 } });
  runs = [run("a", 7, 123456789, "2026-03-01T12:00:00.000Z"), run("b", 1, "x", "2026-03-02T12:00:00.000Z")];
});
afterEach(() => {
  process.exitCode = 0;
});
afterAll(() => rmSync(out, { recursive: true }));

/** The cells of the table that people see, without header, rule and count. */
const rowsOf = (text: string) =>
  text
    .split("\n\n")[0]
    .split("\n")
    .slice(2)
    .map((line) => line.split(/ {2,}/));

describe("meanfield ls of a sweep", () => {
  it("shows swept values, seed, status, time and headline of each point", async () => {
    const { stdout, stderr } = await meanfield("ls", first);
    expect(stdout).toBe("");
    expect(stderr.split("\n")[0].split(/ {2,}/)).toEqual(["id", "terms", "seed", "status", "seconds", "loss"]);
    expect(rowsOf(stderr).map(([id, terms]) => [id.length, terms])).toEqual(
      [8, 8, 8, 8].map((n, k) => [n, k < 2 ? "5" : "10"]),
    );
    expect(stderr).toContain("\n4 of 4 points\n");
  });

  it("shows the columns, conditions and order that are asked for", async () => {
    const { stderr } = await meanfield("ls", first, "terms~^1", "--sort", "-seed", "--columns", "seed,terms");
    expect(rowsOf(stderr).map((cells) => cells.filter((cell) => cell !== "").map((cell) => cell.trim()))).toEqual([
      ["1", "10"],
      ["0", "10"],
    ]);
    const { stdout } = await meanfield("ls", first, "seed=0", "--columns", "terms,loss", "--csv");
    expect(stdout).toMatch(/^terms,loss\r\n5,[\d.-]+\r\n10,[\d.-]+\r\n$/);
    const refused = await meanfield("ls", first, "--columns", "trms", "--json");
    expect([refused.code, JSON.parse(refused.stdout).error.code]).toEqual([3, "invalid-value"]);
    expect(refused.stderr).toContain('columns: expected the name of a column, got "trms"; did you mean terms?');
  });
});

describe("meanfield ls of a folder", () => {
  it("lists its sweeps with their counts, the last changed first", async () => {
    utimesSync(join(first, "sweep.json"), new Date(), new Date(Date.now() + 60_000));
    const { stdout, stderr } = await meanfield("ls", join(out, "sweeps"), "--json");
    expect(stderr).toBe("");
    const { status, sweeps } = JSON.parse(stdout);
    expect([status, sweeps.map(({ dir }: { dir: string }) => dir)]).toEqual(["ok", [first, second]]);
    expect(sweeps[1]).toMatchObject({ status: "completed", points: 2, varied: ["trouble"], scenario: "made-up" });
    expect(sweeps[1].counts).toEqual({ completed: 1, diverged: 0, failed: 1, "timed-out": 0, missing: 0 });
    const table = (await meanfield("ls", join(out, "sweeps"), "failed>0")).stderr;
    expect(table.split("\n")[0]).toMatch(/points +completed +failed +seconds +changed$/);
    expect(table).toContain("1 of 2 sweeps");
  });

  it("lists its runs with what varies between them, the newest first", async () => {
    const { stderr } = await meanfield("ls", join(out, "runs"));
    expect(stderr.split("\n")[0]).toMatch(/^id +scenario +started +terms +seed +status +seconds +loss$/);
    expect(rowsOf(stderr).map(([id]) => id)).toEqual([...runs].reverse());
    expect(stderr).toContain(" 123456789 ");
    const sorted = await meanfield("ls", join(out, "runs"), "--sort", "-terms", "--csv", "--columns", "id");
    expect(sorted.stdout).toBe(`id\r\n${runs[0]}\r\n${runs[1]}\r\n`);
  });

  it("lists sweeps and runs together, but takes conditions on one kind only", async () => {
    const both = join(out, "sweeps", "waves");
    storeRun(join(both, "run"), { terms: 3 }, 1, null);
    const { sweeps, runs: listed } = JSON.parse((await meanfield("ls", both, "--json")).stdout);
    expect([sweeps.length, listed.length, listed[0].status]).toEqual([2, 1, "unfinished"]);
    expect((await meanfield("ls", both, "seed=1")).stderr).toContain("expected a folder of sweeps or one of runs");
    rmSync(join(both, "run"), { recursive: true });
  });

  it("shows a damaged sweep and a damaged run as such beside the others", async () => {
    writeFileSync(join(second, "sweep.json"), "{");
    writeFileSync(join(out, "runs", "waves", "a", "result.json"), "{}");
    const { sweeps } = JSON.parse((await meanfield("ls", join(out, "sweeps", "waves"), "--json")).stdout);
    expect(sweeps.map(({ status }: { status: string }) => status)).toEqual(["completed", "damaged"]);
    const { stderr } = await meanfield("ls", join(out, "runs"));
    expect(stderr).toMatch(/\na +.* damaged/);
  });
});
