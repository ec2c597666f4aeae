import { describe, expect, it } from "vitest";
import {
  activations,
  checkSimulation,
  dynamics,
  laws,
  limits,
  MeanfieldError,
  networks,
  type SimulateOptions,
  simulate,
  targets,
} from "../../src/index.ts";

const problem = { law: laws.ball({ dimension: 3, ballRadius: 2 }), target: targets.hinge() };
const descent = (expectation?: ReturnType<typeof dynamics.sgd>) =>
  dynamics.gradientDescent({ stepSize: 0.2, steps: 3, ...(expectation === undefined ? {} : { expectation }) });

function refusal(options: Omit<SimulateOptions, "problem" | "seed">): MeanfieldError {
  try {
    checkSimulation({ problem, seed: 1, ...options });
  } catch (error) {
    if (error instanceof MeanfieldError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe.each([
  [
    "leaky ReLU",
    networks.twoLayer({ width: 10, activation: activations.leakyRelu({ negativeSlope: 0.2 }) }),
    limits.twoLayer(),
  ],
  ["tanh", networks.twoLayer({ width: 10, activation: activations.tanh() }), limits.twoLayer()],
  ["dense", networks.dense({ firstLayerWidth: 5, secondLayerWidth: 4 }), limits.bottleneck()],
] as const)("a network without radial velocities and limit (%s)", (_name, network, limit) => {
  it("is stepped on samples where no expectation is asked for", async () => {
    const options = { problem, network, seed: 1, evaluation: { directions: 8 } };
    const chosen = await simulate({ ...options, dynamics: descent() }).outcome;
    const asked = await simulate({ ...options, dynamics: descent(dynamics.sgd({ batch: 1024 })) }).outcome;
    if (chosen.status !== "completed" || asked.status !== "completed") throw new Error("expected two whole runs");
    expect(chosen.record).toEqual(asked.record);
    expect(chosen.record.loss).toBeGreaterThan(0);
  });

  it.each([dynamics.radialExact(), dynamics.population()])("refuses the mode $kind and says what to use", (mode) => {
    const error = refusal({ network, dynamics: descent(mode) });
    expect(error.code).toBe("unsupported-combination");
    expect(error.message).toMatch(
      new RegExp(`^expectation: expected sgd or fixed-samples, got ${mode.kind}; .*; use sgd$`),
    );
  });

  it("refuses a limit", () => {
    const error = refusal({ network, dynamics: descent(), limit });
    expect(error.code).toBe("unsupported-combination");
    expect(error.message).toMatch(/^limit: expected .*; use limits.wideCoupling, or no limit$/);
  });
});
