import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runScenario } from "../../src/runs/index.ts";

const out = mkdtempSync(join(tmpdir(), "lazy-to-rich-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

describe("the short form of lazy-to-rich", () => {
  it("finds the slopes that the symmetry of each start predicts, and the kernel's test loss at the largest scale", async () => {
    const outcome = await runScenario("lazy-to-rich", { short: true, seed: 3, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    const verdicts = Object.fromEntries(outcome.claims.map(({ id, verdict }) => [id, verdict]));
    for (const setting of ["pairs", "dense"]) {
      for (const quantity of ["movement", "kernel-change", "distance"]) {
        expect([setting, quantity, verdicts[`${setting}-${quantity}`]]).toEqual([setting, quantity, "holds"]);
      }
    }
    for (const id of ["ridges-movement", "ridges-distance", "relu-movement"])
      expect([id, verdicts[id]]).toEqual([id, "holds"]);
    expect(Object.values(verdicts)).not.toContain("fails");
    const { largestScale, smallestScale, largestStability } = outcome.summary as unknown as {
      largestScale: Record<string, Record<string, Interval>>;
      smallestScale: Record<string, Record<string, Interval>>;
      largestStability: Record<string, number>;
    };
    for (const setting of ["pairs", "ridges", "dense"]) {
      const { testLoss, kernelTestLoss } = largestScale[setting];
      expect(Math.abs(testLoss.value / kernelTestLoss.value - 1)).toBeLessThan(1e-3);
      // Features have gone as far as they were long.
      expect(smallestScale[setting].movement.value).toBeGreaterThan(0.3);
      expect(largestStability[setting]).toBeLessThan(2);
    }
  });

  it("refuses a width without whole ridges and a fit without scales, before anything is written", async () => {
    const run = (parameters: Record<string, unknown>) =>
      runScenario("lazy-to-rich", { short: true, seed: 1, out, parameters });
    await expect(run({ width: 50 })).rejects.toThrow(
      "width: expected a multiple of 6, since ridges have six neurons, got 50",
    );
    await expect(run({ fitFrom: 200 })).rejects.toThrow(
      "fitFrom: expected a scale with at least 3 of `scales` from it on",
    );
  });
});
