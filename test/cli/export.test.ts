import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { record, storeSweep } from "../sweeps/stored-sweep.ts";
import { copyInstallation } from "./installation.ts";
import { meanfield } from "./meanfield.ts";
import { runProcess } from "./run-process.ts";

let out = "";
let sweep = "";
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "export-test-"));
  sweep = storeSweep(join(out, "sweep"), { width: "8,16", seed: "0..2" }, ({ width }, seed) => ({
    summary: { nested: { loss: (1 + seed) / Number(width) } },
    records: [record(), record({ step: 3, time: 1.5, loss: 0.5 })],
  }));
});
afterEach(() => {
  process.exitCode = 0;
});
afterAll(() => rmSync(out, { recursive: true }));

describe("meanfield export", () => {
  it("prints points as comma-separated values", async () => {
    const { stdout, stderr, code } = await meanfield("export", sweep, "--csv");
    expect([code, stderr]).toEqual([0, ""]);
    const lines = stdout.trimEnd().split("\r\n");
    expect(lines.length).toBe(7);
    expect(lines[0]).toBe("scenario,sweep,id,status,seconds,width,seed,nested.loss");
    expect(lines[6]).toMatch(/^made-up,(5eed){4},[0-9a-f]{16},completed,1,16,2,0\.1875$/);
  });

  it("writes Parquet into the folder, or where it is told, and says so", async () => {
    const points = await meanfield("export", sweep, "--parquet", "--json");
    const path = join(sweep, "points.parquet");
    expect(JSON.parse(points.stdout)).toMatchObject({ status: "ok", file: path, format: "parquet", rows: 6 });
    expect(points.stderr).toBe(`${path}: 6 points, 8 columns\n`);
    expect(readFileSync(path).subarray(0, 4).toString()).toBe("PAR1");
    const elsewhere = join(out, "r.parquet");
    await meanfield("export", sweep, "--records", "--out", elsewhere);
    const { stdout } = await meanfield(
      "query",
      sweep,
      `SELECT count(*) AS n, sum(loss) AS loss FROM '${elsewhere}'`,
      "--json",
    );
    expect(JSON.parse(stdout).rows).toEqual([{ n: 12, loss: 12 }]);
    // Another look at the sweep is not disturbed by the files in its folder.
    expect((await meanfield("ls", sweep)).stderr).toContain("6 of 6 points");
  });

  it("takes the format from the file's ending", async () => {
    const path = join(out, "points.csv");
    await meanfield("export", sweep, "--out", path);
    expect(readFileSync(path, "utf8")).toBe((await meanfield("export", sweep, "--csv")).stdout);
  });

  it.each([
    [[], "format: expected --parquet or --csv"],
    [["--csv", "--parquet"], "format: expected one of --parquet and --csv"],
    [["--out", "points.txt"], "tells by its ending, .parquet or .csv"],
    [["--csv", "--json"], "out: expected a file beside --json"],
  ])("refuses %j", async (words, message) => {
    const { code, stdout, stderr } = await meanfield("export", sweep, ...words);
    expect(code).toBe(3);
    expect(stderr).toContain(message);
    if (words.includes("--json")) expect(JSON.parse(stdout).error.code).toBe("invalid-value");
  });
});

describe("meanfield query", () => {
  it("answers from points and records", async () => {
    const sql = 'SELECT width, count(*) AS n, avg("nested.loss") AS loss FROM points GROUP BY width ORDER BY width';
    const { stdout, stderr } = await meanfield("query", sweep, sql);
    expect(stdout).toBe("");
    expect(stderr.split("\n").map((line) => line.trim().split(/ +/))).toEqual([
      ["width", "n", "loss"],
      ["─────", "─", "─────"],
      ["8", "3", "0.25"],
      ["16", "3", "0.125"],
      [""],
      ["2", "rows"],
      [""],
    ]);
    const joined =
      "SELECT r.step, p.seed FROM points p JOIN records r USING (id) WHERE r.step > 0 AND p.width = 8 ORDER BY 2";
    const csv = await meanfield("query", sweep, sweep, joined, "--csv");
    expect(csv.stdout).toBe("step,seed\r\n3,0\r\n3,1\r\n3,2\r\n");
  });

  it("passes on what DuckDB says of wrong SQL, with the place", async () => {
    const { code, stdout, stderr } = await meanfield("query", sweep, "SELECT * FORM points", "--json");
    expect([code, JSON.parse(stdout).error.code]).toEqual([3, "invalid-value"]);
    expect(stderr).toMatch(/LINE 1: SELECT \* FORM points\n +\^/);
  });

  it("without SQL says so", async () => {
    expect((await meanfield("query", sweep, sweep)).stderr).toContain("sql: expected SQL after the folders");
    expect((await meanfield("query", sweep)).stderr).toContain("missing required argument");
    expect((await meanfield("query", join(out, "gone"), "SELECT 1")).stderr).toContain("no such folder");
  });

  it("without DuckDB says how to install it, while export works", async () => {
    const installation = join(out, "installation");
    mkdirSync(installation);
    const bin = copyInstallation(installation);
    const modules = join(installation, "node_modules");
    const root = resolve(import.meta.dirname, "../../node_modules");
    rmSync(modules);
    mkdirSync(modules);
    for (const name of readdirSync(root)) {
      if (name !== "@duckdb" && !name.startsWith(".")) symlinkSync(join(root, name), join(modules, name));
    }
    const { code, stdout, stderr } = await runProcess(bin, ["query", sweep, "SELECT 1", "--json"], out);
    expect([code, JSON.parse(stdout).error.code]).toEqual([3, "package-missing"]);
    expect(stderr).toContain("npm install @duckdb/node-api");
    const exported = await runProcess(bin, ["export", sweep, "--out", "made.parquet"], out);
    expect([exported.code, existsSync(join(out, "made.parquet"))]).toEqual([0, true]);
  });
});
