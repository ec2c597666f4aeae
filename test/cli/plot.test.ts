import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { storeSweep } from "../sweeps/stored-sweep.ts";
import { meanfield } from "./meanfield.ts";

let sweep = "";
beforeAll(() => {
  sweep = storeSweep(
    mkdtempSync(join(tmpdir(), "plot-test-")),
    { width: "8..64x2", seed: "0..2" },
    ({ width }, seed) => ({
      summary: { loss: (seed + 1) / Number(width), signed: seed - 1 },
    }),
  );
});
afterEach(() => {
  process.exitCode = 0;
});
afterAll(() => rmSync(sweep, { recursive: true }));

describe("meanfield plot", () => {
  it("writes a drawing into the sweep's folder and says where and what", async () => {
    const { code, stdout, stderr } = await meanfield("plot", sweep, "--fit", "--json");
    const path = join(sweep, "loss-against-width.svg");
    expect(code).toBe(0);
    expect(stderr.split("\n").slice(0, 2)).toEqual([
      path,
      "Means over 3 seeds with 95 % intervals. Dashed: power laws fitted to the geometric means.",
    ]);
    expect(readFileSync(path, "utf8")).toMatch(/^<svg .*<title[^>]*>made-up: loss against width<\/title>/s);
    expect(JSON.parse(stdout)).toMatchObject({ status: "ok", file: path, figure: { x: { scale: "log" } } });
    expect((await meanfield("ls", sweep)).stderr).toContain("12 of 12 points");
  });

  it("says what a logarithmic axis cannot show", async () => {
    const path = join(sweep, "signed.svg");
    const { stderr } = await meanfield("plot", sweep, "--y", "signed", "--log", "--out", path);
    expect(stderr).toContain("4 points with signed ≤ 0 cannot be shown on a logarithmic axis.");
  });

  it.each([
    [["--out", "x.png"], "out: expected a file that ends with .svg"],
    [["--linear", "--log"], "linear: expected one of --linear and --log"],
    [["--x", "widht"], "did you mean width?"],
    [["--y", "signed", "--fit"], "value: expected positive numbers for a power law"],
  ])("refuses %j", async (words, message) => {
    const { code, stdout, stderr } = await meanfield("plot", sweep, ...words, "--json");
    expect([code, JSON.parse(stdout).error.code]).toEqual([3, "invalid-value"]);
    expect(stderr).toContain(message);
  });
});
