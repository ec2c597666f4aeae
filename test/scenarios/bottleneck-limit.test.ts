import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runScenario } from "../../src/runs/index.ts";

const out = mkdtempSync(join(tmpdir(), "bottleneck-limit-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

interface Point {
  readonly time: number;
  readonly alpha: number;
  readonly v: number;
  readonly b: number;
  readonly loss: number;
}

async function trajectory(parameters: Record<string, unknown>): Promise<readonly Point[]> {
  const outcome = await runScenario("bottleneck-limit", { parameters, seed: 1, out });
  expect(outcome.status).toBe("completed");
  expect(outcome.claims.map((claim) => claim.verdict)).toEqual(["holds", "holds", "holds"]);
  return outcome.summary.trajectory as unknown as readonly Point[];
}

describe("bottleneck-limit", () => {
  it("passes through the reference checkpoints in d = 10", async () => {
    // Computed for this project by an independent implementation, printed to four decimals.
    const expected = [
      [1, 0.9979, -0.0442, 0.3644],
      [5, 1.0094, -0.2153, 0.6026],
      [20, 1.0716, -0.5356, 0.8039],
      [60, 1.1532, -0.7761, 0.9534],
    ];
    const points = await trajectory({
      dimension: 10,
      initialAlpha: 1,
      initialV: -0.1,
      initialB: 0.1,
      times: [1, 5, 20, 60],
    });
    for (const [index, [time, alpha, v, b]] of expected.entries()) {
      expect(points[index].time).toBe(time);
      expect(Math.abs(points[index].alpha - alpha)).toBeLessThan(0.5001e-4);
      expect(Math.abs(points[index].v - v)).toBeLessThan(0.5001e-4);
      expect(Math.abs(points[index].b - b)).toBeLessThan(0.5001e-4);
    }
  });

  it("conserves alpha - 2 C_d v^2 in other dimensions, laws and with a cutoff", async () => {
    // C_d = Gamma(d/2) / (2 sqrt(pi) Gamma((d+1)/2)): 1/pi, 1/4 for d = 2, 3.
    for (const [dimension, meanRelu] of [
      [2, 1 / Math.PI],
      [3, 1 / 4],
    ]) {
      for (const law of ["heavy-tailed", "gaussian", "ball"]) {
        const points = await trajectory({
          dimension,
          law,
          radiusCutoff: 2.5,
          lawRadius: 2,
          initialV: -0.2,
          times: [0, 3, 30],
        });
        const invariant = points.map(({ alpha, v }) => alpha - 2 * meanRelu * v * v);
        expect(Math.max(...invariant) - Math.min(...invariant)).toBeLessThan(1e-8);
      }
    }
  });
});
