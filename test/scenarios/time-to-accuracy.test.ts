import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { limitTimes } from "../../scenarios/time-to-accuracy/limit-times.ts";
import { buildLaw, heavyTailed } from "../../src/laws/index.ts";
import { bottleneckState, createBottleneckLimit, solveLimit } from "../../src/limits/index.ts";
import { runScenario } from "../../src/runs/index.ts";
import { buildTarget, hinge } from "../../src/targets/index.ts";

const out = mkdtempSync(join(tmpdir(), "time-to-accuracy-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const values = { radiusCutoff: null, initialV: -0.1, initialB: 0.1 } as Parameters<typeof limitTimes>[0];

describe("the times of the limit", () => {
  it.each([
    ["one", 1],
    ["inverse-root", 7 ** -0.5],
  ] as const)("are those at which the solved limit has the loss asked for (%s)", (start, alpha) => {
    const accuracies = [1e-5, 1e-3, 0.03];
    const times = limitTimes(values, 7, start, accuracies) as number[];
    const limit = createBottleneckLimit({
      law: buildLaw(heavyTailed({ dimension: 7 })),
      target: buildTarget(hinge()),
      secondLayerWidth: 1,
    });
    const states = solveLimit(limit, bottleneckState({ alpha, v: [-0.1], b: [0.1] }), [...times].reverse());
    for (const [index, state] of states.reverse().entries()) {
      expect(Math.abs(limit.loss(state) / accuracies[index] - 1)).toBeLessThan(1e-6);
    }
    expect(times[0]).toBeGreaterThan(times[1]);
    expect(times[1]).toBeGreaterThan(times[2]);
  });

  it("are 0 for a loss that the start has already", () => {
    const [never, already] = limitTimes(values, 5, "one", [1e-12, 0.5]);
    expect(already).toBe(0);
    expect(never).toBeGreaterThan(100);
  });
});

describe("the short form of time-to-accuracy", () => {
  it("gives every claim its verdict, none of them false", async () => {
    const outcome = await runScenario("time-to-accuracy", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    expect(outcome.claims.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["one-1e-4", "holds"],
      ["one-1e-3", "holds"],
      ["inverse-root-1e-4", "holds"],
      ["inverse-root-1e-3", "holds"],
      ["network-one-d4", "holds"],
      ["network-inverse-root-d4", "holds"],
    ]);
    const exponents = outcome.summary.exponents as unknown as Record<string, readonly { exponent: number }[]>;
    expect(exponents["inverse-root"][1].exponent).toBeGreaterThan(exponents.one[1].exponent + 0.2);
  });

  it("leaves a network without a verdict that does not reach the loss", async () => {
    // 10 neurons in d = 4 are stuck above it: their discretisation part alone is larger.
    const outcome = await runScenario("time-to-accuracy", {
      short: true,
      parameters: { width: 8, networkAccuracy: 1e-5 },
      seed: 1,
      out,
      threads: 2,
    });
    expect(outcome.status).toBe("completed");
    const claim = outcome.claims.find(({ id }) => id === "network-one-d4");
    expect(claim).toMatchObject({ measured: null, verdict: "inconclusive" });
  });

  it("refuses a fit over fewer than three dimensions, and dimensions that are not whole", async () => {
    for (const [parameters, message] of [
      [{ fitFrom: 32 }, "fitFrom: expected at least three dimensions from it on, got 32"],
      [{ networkDimensions: [4.5] }, "networkDimensions: expected whole numbers, got 4.5"],
    ] as const) {
      await expect(runScenario("time-to-accuracy", { short: true, parameters, seed: 1, out })).rejects.toMatchObject({
        code: "invalid-value",
        message,
      });
    }
  });
});
