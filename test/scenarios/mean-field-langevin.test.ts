import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { balanceAfter, entropyAfter } from "../../scenarios/mean-field-langevin/predictions.ts";
import scenario from "../../scenarios/mean-field-langevin.ts";
import { runScenario } from "../../src/runs/index.ts";
import { resolveParameters } from "../../src/scenario/index.ts";

const out = mkdtempSync(join(tmpdir(), "mean-field-langevin-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));
const values = (given: Record<string, unknown>) =>
  resolveParameters(scenario, given) as Parameters<typeof balanceAfter>[0];

describe("the short form of mean-field-langevin", () => {
  it("finds the exact stationary law of the outer weights, a falling free energy and the exact balance", async () => {
    const outcome = await runScenario("mean-field-langevin", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    const verdicts = Object.fromEntries(outcome.claims.map(({ id, verdict }) => [id, verdict]));
    const { "entropy-exact": entropy, ...rest } = verdicts;
    expect(rest).toEqual({
      "outer-mean": "holds",
      "outer-variance": "holds",
      "outer-shape": "holds",
      "outer-temperature": "holds",
      "free-energy-falls-trained": "holds",
      "free-energy-falls-frozen": "holds",
      "free-energy-drops": "holds",
      balance: "holds",
    });
    // 256 points are too few for the estimator's bias to be below the bound; four replicas, to be sure that it is not.
    expect(entropy).toBe("inconclusive");
    const { trained, moments } = outcome.summary as unknown as {
      trained: { expectedBalance: number; balance: number; freeEnergy: number }[];
      moments: { second: { low: number; high: number } };
    };
    expect(moments.second.high - moments.second.low).toBeLessThan(0.3);
    // The balance has gone all the way from its start to the stationary value -tau d / lambda, up to the step's own error.
    const end = trained[trained.length - 1].expectedBalance;
    expect(end).toBeCloseTo((-0.005 * 2) / 0.2, 2);
    expect(Math.abs(trained[0].balance - end)).toBeGreaterThan(0.5);
  }, 60_000);
});

describe("what the scenario predicts", () => {
  it("is, in small steps, the solution of Q' = -2 lambda Q - 2 tau d", () => {
    const small = values({ stepSize: 1e-4, temperature: 0.03, weightDecay: 0.4, dimension: 5 });
    const time = 1.7;
    const exact = (-0.03 * 5) / 0.4 + Math.exp(-2 * 0.4 * time) * (-3 + (0.03 * 5) / 0.4);
    expect(Math.abs(balanceAfter(small, -3, time / 1e-4) - exact)).toBeLessThan(1e-3);
  });

  it("is the entropy of standard normals at the start and of variance tau / lambda at the end, in small steps", () => {
    const small = values({ stepSize: 1e-4, temperature: 0.03, weightDecay: 0.4, dimension: 5 });
    const normal = 0.5 * Math.log(2 * Math.PI * Math.E);
    expect(entropyAfter(small, 0)).toBeCloseTo(7 * normal, 12);
    expect(Math.abs(entropyAfter(small, 4e5) - (7 * normal + 0.5 * Math.log(0.075)))).toBeLessThan(1e-4);
  });
});

describe("the estimate of its cost", () => {
  it("grows with width, replicas and time", () => {
    const seconds = (given: Record<string, unknown>) => scenario.estimate?.(values(given) as never).seconds ?? 0;
    const base = seconds({});
    for (const more of [{ width: 4096 }, { replicas: 16 }, { time: 200 }, { outerWidth: 512 }]) {
      expect(seconds(more)).toBeGreaterThan(base);
    }
  });

  it("refuses a decay whose steps would not settle, before anything is run", async () => {
    const run = runScenario("mean-field-langevin", { parameters: { weightDecay: 30 }, seed: 1, out });
    await expect(run).rejects.toThrow(/^weightDecay: expected stepSize \* weightDecay/);
  });
});
