import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import densePropagation from "../../scenarios/dense-propagation.ts";
import { pairedRatio } from "../../scenarios/estimates/ratio.ts";
import { deriveKey } from "../../src/numerics/index.ts";
import { fillNormal } from "../../src/numerics/random/distributions.ts";
import { runScenario } from "../../src/runs/index.ts";
import { resolveParameters } from "../../src/scenario/index.ts";

const out = mkdtempSync(join(tmpdir(), "dense-propagation-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

describe("dense-propagation in a small form", () => {
  const small = { widths: [6, 12, 24], replicas: 10, time: 8, batch: 32 };

  it("finds no gap at M = m, a falling gap, a correction that serves two factors, and a drift of first order", async () => {
    const outcome = await runScenario("dense-propagation", {
      short: true,
      parameters: small,
      seed: 1,
      out,
      threads: 2,
    });
    expect(outcome.status).toBe("completed");
    const verdicts = Object.fromEntries(outcome.claims.map(({ id, verdict }) => [id, verdict]));
    expect(Object.keys(verdicts)).toEqual(["gap-slope", "identical", "correction", "start", "conservation"]);
    expect(verdicts.identical).toBe("holds");
    expect(verdicts.conservation).toBe("holds");
    const { slope, correction, identicalGap } = outcome.summary as unknown as Record<string, Interval>;
    expect(identicalGap).toBe(0);
    expect(slope.high).toBeLessThan(0);
    expect(slope.low).toBeGreaterThan(-3);
    // At these widths the leading order holds roughly.
    expect(correction.value).toBeGreaterThan(0.5);
    expect(correction.value).toBeLessThan(2);
  });

  it("claims neither a start nor a conserved balance for tanh, which has no closed form and conserves none", async () => {
    const tiny = { ...small, widths: [4, 6, 8], replicas: 3, time: 2, stepSize: 1, activation: "tanh" };
    const outcome = await runScenario("dense-propagation", { short: true, parameters: tiny, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    expect(outcome.claims.map(({ id }) => id)).toEqual(["gap-slope", "identical", "correction"]);
    expect(outcome.summary.start).toBe(null);
  });

  it("is estimated to cost more for wider references and more replicas", () => {
    const seconds = (values: Record<string, unknown>) =>
      densePropagation.estimate?.(resolveParameters(densePropagation, values)).seconds ?? 0;
    expect(seconds({ factor: 8 }) - 1).toBeCloseTo(4 * (seconds({ factor: 4 }) - 1), 8);
    expect(seconds({ replicas: 48 }) - 1).toBeCloseTo(2 * (seconds({ replicas: 24 }) - 1), 8);
  });
});

describe("pairedRatio", () => {
  it("covers the ratio of two means about as often as it says, and is exact for proportional pairs", () => {
    const draws = 400;
    let covered = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const normals = new Float64Array(40);
      fillNormal(normals, 0, 40, 0, deriveKey("ratio"), 0, 0, draw);
      const x = Array.from({ length: 20 }, (_, i) => 3 + normals[i]);
      const y = Array.from({ length: 20 }, (_, i) => 2 + 0.5 * normals[i] + 0.3 * normals[20 + i]);
      const { low, high } = pairedRatio(x, y);
      if (low <= 1.5 && 1.5 <= high) covered += 1;
    }
    // Binomial: 380 +- 4.4 at 95 %; the linearised interval loses a little.
    expect(covered).toBeGreaterThan(360);
    expect(covered).toBeLessThan(398);
    const exact = pairedRatio([2, 4, 6], [1, 2, 3]);
    expect([exact.value, exact.low, exact.high]).toEqual([2, 2, 2]);
  });
});
