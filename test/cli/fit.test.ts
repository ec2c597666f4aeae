import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { storeSweep } from "../sweeps/stored-sweep.ts";
import { meanfield } from "./meanfield.ts";

let sweep = "";
beforeAll(() => {
  sweep = storeSweep(
    mkdtempSync(join(tmpdir(), "fit-test-")),
    { width: "8..64x2", start: "a,b", seed: "0..2" },
    ({ width, start }, seed) => {
      if (start === "b" && seed === 2 && width === "8") return { status: "diverged" };
      return { summary: { loss: (1 + seed) / Number(width) ** (start === "a" ? 1 : 2), flat: 1 } };
    },
  );
});
afterEach(() => {
  process.exitCode = 0;
});
afterAll(() => rmSync(sweep, { recursive: true }));

describe("meanfield fit", () => {
  it("shows an exponent for each value of the other parameters", async () => {
    const { stdout, stderr, code } = await meanfield("fit", sweep, "width");
    expect([code, stdout]).toEqual([0, ""]);
    const lines = stderr.split("\n");
    expect(lines[0]).toBe("loss = factor * width^exponent");
    expect(lines[3].split(/ {2,}/)).toEqual(["a", "-1", expect.stringMatching(/^1\.8/), "4", "3", "1"]);
    expect(lines[4].split(/ {2,}/).slice(0, 2)).toEqual(["b", "-2"]);
    expect(stderr).toContain("95 % intervals over the seeds' own exponents");
    expect(stderr).toContain("4 points were not used.");
  });

  it("gives a document", async () => {
    const { stdout, stderr } = await meanfield("fit", sweep, "width", "--value", "flat", "--level", "0.9", "--json");
    expect(stderr).toBe("");
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ status: "ok", dir: sweep, against: "width", value: "flat" });
    expect(document.fits[0]).toMatchObject({ values: { start: "a" }, exponent: { value: 0 }, from: "seeds", seeds: 3 });
  });

  it.each([
    [["widht"], 3, "did you mean width?"],
    [["width", "--level", "95"], 2, "Expected a number in (0, 1)"],
    [["width", "--by", "a,,b"], 2, "Expected columns"],
    [["start"], 3, "against: expected positive numbers"],
  ])("refuses %j", async (words, code, message) => {
    const end = await meanfield("fit", sweep, ...words, "--json");
    expect([end.code, JSON.parse(end.stdout).status]).toEqual([code, "invalid"]);
    expect(end.stderr).toContain(message);
  });
});
