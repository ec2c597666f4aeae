import { describe, expect, it } from "vitest";
import { fixedSamples, flow, gradientDescent, radialExact, sgd } from "../../src/dynamics/index.ts";
import { buildLaw, gaussian, heavyTailed } from "../../src/laws/index.ts";
import { bottleneck, buildNetwork, dense, type NetworkPlan, particlesOn, twoLayer } from "../../src/networks/index.ts";
import { type SimulateOptions, simulate, testSet, trainingSet } from "../../src/simulation/index.ts";
import { hinge, piecewiseLinear } from "../../src/targets/index.ts";

const dimension = 3;
const problem = {
  law: heavyTailed({ dimension, radiusCutoff: 3 }),
  target: piecewiseLinear({ knots: [0, 1], values: [1, -1] }),
};
const samples = 7;
const networks: Record<string, NetworkPlan> = {
  bottleneck: bottleneck({ firstLayerWidth: 5, secondLayerWidth: 2, trainOuterWeights: true }),
  "two-layer": twoLayer({ width: 6 }),
  dense: dense({ firstLayerWidth: 4, secondLayerWidth: 3 }),
};
const optionsOf = (network: NetworkPlan, more: Partial<SimulateOptions> = {}): SimulateOptions => ({
  problem,
  network,
  dynamics: gradientDescent({ stepSize: 0.1, steps: 60, expectation: fixedSamples({ samples }) }),
  evaluation: { directions: 6, samples: 8 },
  recordTimes: 3,
  seed: 5,
  ...more,
});

async function ending(options: SimulateOptions): Promise<Float64Array> {
  const simulation = simulate(options);
  expect(await simulation.outcome).toMatchObject({ status: "completed" });
  return simulation.particles().buffer;
}

describe.each(Object.entries(networks))("a %s network on fixed samples", (_name, plan) => {
  it("descends the mean loss of the training set, by finite differences of it", async () => {
    const network = buildNetwork(plan, dimension);
    const { points, targets } = trainingSet({ problem, samples, seed: 5 });
    const values = new Float64Array(samples);
    const lossAt = (buffer: Float64Array) => {
      network.evaluate(particlesOn(network.layout, buffer), points, samples, values);
      return values.reduce((sum, value, s) => sum + (0.5 * (value - targets[s]) ** 2) / samples, 0);
    };
    const buffer = Float64Array.from(network.start(5).buffer);
    const steps = 3;
    // Mean-field speeds: the number of neurons that an average runs over, for U the product of two.
    const factors: Record<string, number> = {};
    for (const array of network.layout.arrays) factors[array.name] = array.name === "u" ? array.length : array.shape[0];
    for (let step = 0; step < steps; step += 1) {
      const gradient = buffer.map((_, index) => {
        const [up, down] = [Float64Array.from(buffer), Float64Array.from(buffer)];
        up[index] += 1e-5;
        down[index] -= 1e-5;
        return (lossAt(up) - lossAt(down)) / 2e-5;
      });
      for (const array of network.layout.arrays) {
        for (let index = array.offset; index < array.offset + array.length; index += 1) {
          buffer[index] -= 0.1 * factors[array.name] * gradient[index];
        }
      }
    }
    const dynamics = gradientDescent({ stepSize: 0.1, steps, expectation: fixedSamples({ samples }) });
    const moved = await ending(optionsOf(plan, { dynamics }));
    for (let index = 0; index < buffer.length; index += 1) expect(moved[index]).toBeCloseTo(buffer[index], 7);
  });

  it("has the same bits on three threads, with Runge-Kutta's stages too, and after a checkpoint", async () => {
    for (const dynamics of [
      gradientDescent({ stepSize: 0.1, steps: 60, expectation: fixedSamples({ samples }), clip: 2 }),
      flow({ stepSize: 0.1, steps: 30, expectation: fixedSamples({ samples }) }),
    ]) {
      const options = optionsOf(plan, { dynamics });
      const whole = await ending(options);
      expect(await ending({ ...options, threads: 3 })).toEqual(whole);
      const simulation = simulate(options);
      let middle = new Uint8Array() as Uint8Array;
      for await (const record of simulation) if (record.step < 30) middle = simulation.checkpoint();
      expect(await ending({ ...options, checkpoint: middle })).toEqual(whole);
    }
  });
});

describe("fixed samples", () => {
  it("are sgd's first batch, at every step", async () => {
    const options = (steps: number, expectation: ReturnType<typeof sgd>) =>
      optionsOf(networks.dense, { dynamics: gradientDescent({ stepSize: 0.1, steps, expectation }) });
    const fixed = fixedSamples({ samples });
    expect(await ending(options(1, sgd({ batch: samples })))).toEqual(await ending(options(1, fixed)));
    expect(await ending(options(2, sgd({ batch: samples })))).not.toEqual(await ending(options(2, fixed)));
    const law = buildLaw(problem.law);
    const { points, targets } = trainingSet({ problem, samples, seed: 5 });
    expect(points).toHaveLength(samples * dimension);
    expect(points.subarray(0, 3 * dimension)).toEqual(trainingSet({ problem, samples: 3, seed: 5 }).points);
    for (let s = 0; s < samples; s += 1) {
      const radius = Math.hypot(...points.subarray(s * dimension, (s + 1) * dimension));
      expect(radius).toBeLessThanOrEqual(law.radius?.upper ?? 0);
      expect(targets[s]).toBeCloseTo(Math.max(1 - 2 * radius, -1), 13);
    }
  });

  it("depend on seed and replica, and are not those of a test set", () => {
    const sets = [
      trainingSet({ problem, samples, seed: 5 }),
      trainingSet({ problem, samples, seed: 6 }),
      trainingSet({ problem, samples, seed: 5, replica: 1 }),
      testSet({ problem, samples, seed: 5 }),
    ];
    expect(new Set(sets.map(({ points }) => points[0])).size).toBe(4);
  });

  it("make the training loss of a two-layer network fall at every step, to less than a hundredth", async () => {
    const network = buildNetwork(twoLayer({ width: 64 }), dimension);
    const { points, targets } = trainingSet({ problem, samples, seed: 5 });
    const values = new Float64Array(samples);
    const losses: number[] = [];
    await ending(
      optionsOf(twoLayer({ width: 64 }), {
        dynamics: gradientDescent({ stepSize: 0.05, steps: 4000, expectation: fixedSamples({ samples }) }),
        recordTimes: 12,
        observe: {
          trainingError: ({ particles }) => {
            network.evaluate(particles, points, samples, values);
            losses.push(values.reduce((sum, value, s) => sum + (value - targets[s]) ** 2, 0));
            return 0;
          },
        },
      }),
    );
    for (let index = 1; index < losses.length; index += 1) expect(losses[index]).toBeLessThan(losses[index - 1]);
    expect(losses[losses.length - 1]).toBeLessThan(losses[0] / 100);
  });

  it("serve Runge-Kutta of order 4: halving the step divides the change by sixteen, while no neuron switches", async () => {
    const run = (steps: number) =>
      ending(
        optionsOf(bottleneck({ firstLayerWidth: 6, secondLayerWidth: 1, secondLayerStart: "equal" }), {
          problem: { law: gaussian({ dimension, radiusCutoff: 0.9 }), target: hinge() },
          dynamics: flow({ stepSize: 0.4 / steps, steps, expectation: fixedSamples({ samples: 4 }) }),
        }),
      );
    const [coarse, middle, fine] = await Promise.all([run(2), run(4), run(8)]);
    const distance = (left: Float64Array, right: Float64Array) =>
      Math.hypot(...left.map((value, k) => value - right[k]));
    expect(Math.log2(distance(coarse, middle) / distance(middle, fine))).toBeGreaterThan(3.5);
  });

  it("are refused in numbers that are none, and where a method needs fresh rays", () => {
    for (const count of [0, 1.5, Number.NaN, 2 ** 25]) {
      expect(() => fixedSamples({ samples: count })).toThrow("samples: expected an integer in [1, 16777216], got");
      expect(() => trainingSet({ problem, samples: count, seed: 1 })).toThrow("samples: expected an integer");
    }
    expect(() => flow({ stepSize: 1, steps: 1, expectation: radialExact() })).toThrow(
      /needs population or fixed-samples/,
    );
    expect(Object.isFrozen(fixedSamples({ samples: 3 }))).toBe(true);
  });
});
