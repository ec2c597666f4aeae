import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runScenario } from "../../src/runs/index.ts";

const out = mkdtempSync(join(tmpdir(), "deep-equals-shallow-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

interface Measured {
  readonly kernel: string;
  readonly weightLayers: number | null;
  readonly even: number | null;
  readonly pairs: number | null;
  readonly mu20: number;
}

const spectraOnly = { repeats: 0, featureRepeats: 0, digitRepeats: 0 };

describe("deep-equals-shallow", () => {
  it("holds in its short form: one exponent at every depth, other prefactors, steps apart", async () => {
    const outcome = await runScenario("deep-equals-shallow", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    const ofSphere = outcome.claims.filter(({ id }) => id.endsWith("-d3"));
    expect(ofSphere.filter(({ verdict }) => verdict !== "holds").map(({ id }) => id)).toEqual([]);
    expect(ofSphere.length).toBe(9);
    // Few repetitions leave wide intervals about their means.
    const others = outcome.claims.filter(({ id }) => !id.endsWith("-d3"));
    expect(others.map(({ id }) => id)).toEqual([
      "loose-ridge-kernels-agree",
      "tight-ridge-ntk-wins",
      "depth-does-not-matter-regression",
      "random-features-three-layers",
      "random-features-narrow-first",
      "random-features-narrow-last",
      "random-features-slope",
      "digits-depth-nngp",
      "digits-depth-nngp-relative",
      "digits-depth-ntk",
      "digits-depth-ntk-relative",
    ]);
    expect(others.filter(({ verdict }) => verdict === "fails")).toEqual([]);
    expect(others.every(({ measured }) => measured !== null)).toBe(true);
    const verdicts = Object.fromEntries(others.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toMatchObject({ "tight-ridge-ntk-wins": "holds", "random-features-three-layers": "holds" });
    const [{ decays }] = outcome.summary.spheres as unknown as [{ decays: readonly Measured[] }];
    const ntk = decays.filter(({ kernel }) => kernel === "ntk");
    expect(ntk.map(({ mu20 }) => mu20.toExponential(2))).toEqual(["3.77e-5", "6.60e-5", "1.91e-4"]);
    const steps = decays.filter(({ kernel }) => kernel === "step").map(({ pairs }) => pairs ?? 0);
    expect(steps[1] - steps[0]).toBeGreaterThan(0.2);
  });

  it("fails where degrees are too low for the depth: the exponent is no longer the asymptotic one", async () => {
    const outcome = await runScenario("deep-equals-shallow", {
      parameters: {
        dimensions: [8],
        degrees: [30],
        firstDegree: 8,
        weightLayers: [2, 5],
        stepLayers: [3, 4],
        ...spectraOnly,
      },
      seed: 1,
      out,
    });
    const verdicts = Object.fromEntries(outcome.claims.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toMatchObject({
      "nngp-exponent-d8": "fails",
      "depth-does-not-matter-d8": "fails",
      "odd-vanish-d8": "holds",
    });
  });

  it("is inconclusive where rounding leaves no eigenvalues to fit", async () => {
    const outcome = await runScenario("deep-equals-shallow", {
      parameters: { dimensions: [30], degrees: [60], weightLayers: [2, 3], stepLayers: [3], ...spectraOnly },
      seed: 1,
      out,
    });
    expect(outcome.claims.find(({ id }) => id === "nngp-exponent-d30")?.verdict).toBe("inconclusive");
    expect(outcome.claims.every(({ id }) => id.endsWith("-d30"))).toBe(true);
  });

  it.each([
    [{ dimensions: [3.5], degrees: [100] }, "dimensions: expected whole numbers, got 3.5"],
    [{ dimensions: [3, 4], degrees: [100] }, "degrees: expected a whole number for each dimension, got undefined"],
    [{ dimensions: [3], degrees: [100, 50] }, "degrees: expected 1 numbers, one for each dimension, got 2"],
    [{ dimensions: [3], degrees: [40], firstDegree: 30 }, "degrees: expected at least firstDegree + 12 = 42"],
    [{ weightLayers: [2, 2.5] }, "weightLayers: expected whole numbers, got 2.5"],
    [{ trainingSizes: [10, 20.5] }, "trainingSizes: expected whole numbers, got 20.5"],
    [{ digitSizes: [10.5] }, "digitSizes: expected whole numbers, got 10.5"],
    [{ digitRepeats: 1 }, "digitRepeats: expected 0, or 2 or more, so that there is an interval, got 1"],
    [{ repeats: 1 }, "repeats: expected 0, or 2 or more, so that there is an interval, got 1"],
  ])("refuses %j", async (parameters, message) => {
    await expect(runScenario("deep-equals-shallow", { parameters, seed: 1, out })).rejects.toMatchObject({
      code: "invalid-value",
      message: expect.stringContaining(message),
    });
  });
});
