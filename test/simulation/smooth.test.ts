import { describe, expect, it } from "vitest";
import {
  activations,
  dynamics,
  laws,
  networks,
  numerics,
  type SimulateOptions,
  simulate,
  targets,
} from "../../src/index.ts";
import { buildLaw } from "../../src/laws/index.ts";
import { particlesOn } from "../../src/networks/index.ts";

const law = laws.heavyTailed({ dimension: 3, radiusCutoff: 3 });
const smooth = [activations.tanh(), activations.erf(), activations.softplus()];

/** A short run, its network and its last state's particles. */
async function run(plan: SimulateOptions["network"], steps: number, threads = 1) {
  const network = networks.buildNetwork(plan, law.dimension);
  const buffer = new Float64Array(network.layout.length);
  const simulation = simulate({
    problem: { law, target: targets.hinge() },
    network: plan,
    dynamics: dynamics.gradientDescent({ stepSize: 0.3, steps, expectation: dynamics.sgd({ batch: 64 }) }),
    seed: 3,
    threads,
    recordTimes: 2,
    evaluation: { directions: 96 },
    observe: {
      keep: ({ particles }) => {
        buffer.set(particles.buffer);
        return 0;
      },
    },
  });
  const outcome = await simulation.outcome;
  if (outcome.status !== "completed") throw new Error(outcome.message);
  return { network, particles: particlesOn(network.layout, buffer), record: outcome.record };
}

describe.each(smooth)("a simulation of $kind", (activation) => {
  it.each([
    networks.twoLayer({ width: 20, activation }),
    networks.dense({ firstLayerWidth: 12, secondLayerWidth: 6, activation }),
  ])("measures the loss that samples confirm, and splits it into parts that add up ($kind)", async (plan) => {
    const { network, particles, record } = await run(plan, 20);
    const { meanField, cross, discretization, crossCentred } = record.budget;
    if (meanField === null || cross === null || discretization === null) throw new Error("expected a split");
    expect(crossCentred).toBe(null);
    const sum = meanField.value + cross.value + discretization.value;
    expect(Math.abs(sum - record.loss)).toBeLessThan(1e-12 * record.loss);
    expect(discretization.value).toBeGreaterThan(0);

    const count = 40_000;
    const built = buildLaw(law);
    const points = new Float64Array(3 * count);
    built.sample(
      points,
      { first: 0, count, step: 0, replica: 0 },
      { directions: numerics.deriveKey(1, "check", "directions"), radii: numerics.deriveKey(1, "check", "radii") },
    );
    const values = new Float64Array(count);
    network.evaluate(particles, points, count, values);
    const losses = values.map((value, s) => {
      const radius = Math.hypot(...points.subarray(3 * s, 3 * s + 3));
      return 0.5 * (value - Math.max(0, 1 - radius)) ** 2;
    });
    const error = Math.hypot(numerics.standardError(losses), record.lossError);
    expect(Math.abs(numerics.mean(losses) - record.loss)).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.1 * record.loss);
  });

  it.each([
    networks.twoLayer({ width: 130, activation }),
    networks.dense({ firstLayerWidth: 130, secondLayerWidth: 10, activation }),
  ])("has the same bits on three threads as on one ($kind)", async (plan) => {
    const [alone, gang] = [await run(plan, 3), await run(plan, 3, 3)];
    expect(gang.particles.buffer).toEqual(alone.particles.buffer);
    expect(gang.record).toEqual(alone.record);
  });

  it("learns: the loss of a two-layer network falls", async () => {
    const plan = networks.twoLayer({ width: 40, activation });
    const [before, after] = [(await run(plan, 0)).record.loss, (await run(plan, 100)).record.loss];
    expect(after).toBeLessThan(0.5 * before);
  });
});
