import { describe, expect, it } from "vitest";
import { fixedSamples, gradientDescent, sgd } from "../../src/dynamics/index.ts";
import { gaussian, heavyTailed } from "../../src/laws/index.ts";
import * as activations from "../../src/networks/activations.ts";
import {
  bottleneck,
  buildNetwork,
  dense,
  type Network,
  type NetworkPlan,
  type Particles,
  tangentKernel,
  twoLayer,
} from "../../src/networks/index.ts";
import { kernelDescent } from "../../src/neural-kernels/public.ts";
import { fitPowerLaw } from "../../src/numerics/index.ts";
import { type SimulateOptions, simulate, testSet, trainingSet } from "../../src/simulation/index.ts";
import { kernelChange, movement, trainingLoss } from "../../src/simulation/observables/index.ts";
import { hinge } from "../../src/targets/index.ts";

const dimension = 3;
const problem = { law: heavyTailed({ dimension, radiusCutoff: 3 }), target: hinge() };
const samples = 9;
const networks: Record<string, NetworkPlan> = {
  "two-layer": twoLayer({ width: 20 }),
  dense: dense({ firstLayerWidth: 8, secondLayerWidth: 6, outputStart: "zero" }),
  bottleneck: bottleneck({ firstLayerWidth: 8, secondLayerWidth: 3 }),
};
const optionsOf = (network: NetworkPlan): SimulateOptions => ({
  problem,
  network,
  dynamics: gradientDescent({ stepSize: 0.1, steps: 12, expectation: fixedSamples({ samples }) }),
  evaluation: { directions: 6 },
  recordTimes: [0.6],
  seed: 2,
  replica: { start: 1, samples: 3 },
});

async function run(options: SimulateOptions) {
  const simulation = simulate(options);
  const records = [];
  for await (const record of simulation) records.push(record);
  expect(await simulation.outcome).toMatchObject({ status: "completed" });
  return { records, particles: simulation.particles(), network: simulation.network };
}

const norm = (values: Iterable<number>) => Math.hypot(...values);

describe.each(Object.entries(networks))("observables of a %s network", (name, plan) => {
  it("are 0 at the start and what the particles at the end say", async () => {
    const points = Float64Array.of(0.2, -1, 0.4, 1, 0.5, 0.1);
    const layers = name === "dense" ? (["first", "second", "third"] as const) : (["first", "second"] as const);
    const observe = {
      moved: movement(),
      kernelChange: kernelChange({ points }),
      sampledKernelChange: kernelChange(),
      trainingLoss: trainingLoss(),
      ...Object.fromEntries(layers.map((layer) => [layer, movement(layer)])),
    };
    const outputScale = name === "bottleneck" ? 1 : 3;
    const { records, particles, network } = await run({ ...optionsOf(plan), observe, outputScale });
    for (const key of Object.keys(observe)) {
      if (key !== "trainingLoss") expect(records[0].observables[key]).toBe(0);
    }
    const start = network.start(2, 1);
    const last = records[records.length - 1].observables;
    const [before, after] = [start, particles].map((each) => tangentKernel(network, each, { points }));
    expect(last.kernelChange).toBeCloseTo(norm(after.map((value, k) => value - before[k])) / norm(before), 12);
    expect(last.sampledKernelChange).toBeGreaterThan(0);
    const outer = name === "dense" ? "third" : "second";
    if (name !== "bottleneck") {
      const [a, was] = [particles.arrays.a, start.arrays.a];
      expect(last[outer]).toBeCloseTo(norm(a.map((value, k) => value - was[k])) / norm(was), 12);
    }
    const set = trainingSet({ problem, samples, seed: 2, replica: 3 });
    const values = new Float64Array(samples);
    network.evaluate(particles, set.points, samples, values);
    const residual = norm(values.map((value, s) => outputScale * value - set.targets[s]));
    expect(last.trainingLoss).toBeCloseTo(residual ** 2 / (2 * samples), 12);
    expect(records[0].observables.trainingLoss).toBeGreaterThan(last.trainingLoss ?? Infinity);
  });

  it("go on after a checkpoint as if there had been none, also in float32", async () => {
    for (const precision of ["float64", "float32"] as const) {
      const observe = { moved: movement(), kernelChange: kernelChange({ samples: 5 }), trainingLoss: trainingLoss() };
      const options = { ...optionsOf(plan), observe, precision };
      const whole = await run(options);
      const simulation = simulate(options);
      let middle = new Uint8Array() as Uint8Array;
      for await (const record of simulation) if (record.step < 12) middle = simulation.checkpoint();
      const rest = await run({ ...options, checkpoint: middle });
      expect(rest.records).toEqual(whole.records.slice(-rest.records.length));
      expect(whole.records[0].observables.moved).toBe(0);
    }
  });
});

describe("observables", () => {
  it("weigh arrays by neurons: a dense network whose arrays all double moves by 1", async () => {
    const network = buildNetwork(networks.dense, dimension);
    const start = network.start(1);
    const doubled = network.start(1);
    doubled.buffer.forEach((value, index) => {
      doubled.buffer[index] = 2 * value;
    });
    const view = { step: 0, time: 0, particles: doubled, setting: { network, initial: () => start } };
    expect(movement()(view as never)).toBeCloseTo(1, 14);
    const moved = network.start(1);
    moved.arrays.u.fill(0);
    const { u, e } = start.arrays;
    const [middle, offsets] = [norm(u) ** 2 / u.length, norm(e) ** 2 / e.length];
    const of = (layer: "first" | "second") => movement(layer)({ ...view, particles: moved } as never);
    expect(of("second")).toBeCloseTo(Math.sqrt(middle / (middle + offsets)), 14);
    expect(of("first")).toBe(0);
  });

  it("refuse layers, points and dynamics that they cannot serve", async () => {
    expect(() => movement("fourth" as "first")).toThrow("layer: expected one of all, first, second, third");
    expect(() => kernelChange({ samples: 0 })).toThrow("samples: expected an integer in [1, 4096], got 0");
    const third = simulate({ ...optionsOf(networks["two-layer"]), observe: { third: movement("third") } });
    expect(await third.outcome).toMatchObject({
      status: "failed",
      message: expect.stringContaining("layer: expected a layer of the two-layer network (first, second) or all"),
    });
    const fresh = gradientDescent({ stepSize: 0.1, steps: 2, expectation: sgd({ batch: 4 }) });
    const loss = simulate({ ...optionsOf(networks.dense), dynamics: fresh, observe: { loss: trainingLoss() } });
    expect(await loss.outcome).toMatchObject({
      status: "failed",
      message: expect.stringContaining("expectation: expected fixed-samples, whose points are a training set, got sgd"),
    });
  });
});

describe("with a large output scale gamma", () => {
  const own = { law: gaussian({ dimension }), target: hinge() };
  const scales = [16, 32, 64, 128];
  const [stepSize, steps] = [0.1, 40];
  const plans: Record<string, NetworkPlan> = {
    "two-layer": twoLayer({ width: 20 }),
    "two-layer in ridges": twoLayer({ width: 24, activation: activations.softplus() }),
    dense: dense({ firstLayerWidth: 8, secondLayerWidth: 24, outputStart: "zero", activation: activations.softplus() }),
  };

  /**
   * f = 0 without pairs (theta, -a): since softplus(z) - softplus(-z) = z, six neurons at +-z_1, +-z_2, -+(z_1 + z_2) add up to the linear function
   * z_1 + z_2 - (z_1 + z_2) = 0.
   */
  function inRidges(network: Network): Particles {
    const start = network.start(4);
    const { w, b, a } = start.arrays;
    for (let first = 0; first < a.length; first += 6) {
      for (const [array, size] of [
        [w, dimension],
        [b, 1],
      ] as const) {
        const rowOf = (index: number) => array.subarray((first + index) * size, (first + index + 1) * size);
        rowOf(4).set(rowOf(0).map((value, k) => value + rowOf(2)[k]));
        for (const index of [1, 3, 5]) rowOf(index).set(rowOf(index - 1).map((value) => -value));
      }
      a.set([1, -1, 1, -1, -1, 1], first);
    }
    return start;
  }

  it.each([
    ["two-layer", -2],
    ["two-layer in ridges", -1],
    ["dense", -2],
  ])(
    "a %s network follows kernel gradient descent with the tangent kernel of its start, to the power %d of gamma",
    async (name, power) => {
      const network = buildNetwork(plans[name], dimension);
      const start = power === -2 ? network.start(4) : inRidges(network);
      const training = trainingSet({ problem: own, samples: 8, seed: 4 });
      const test = testSet({ problem: own, samples: 20, seed: 4 });
      const kernel = tangentKernel(network, start, { points: training.points });
      const cross = tangentKernel(network, start, { points: test.points, others: training.points });
      const descent = kernelDescent({ kernel, targets: training.targets, steps: { stepSize } });
      const predicted = descent.valuesAt(cross, stepSize * steps);
      const distances: number[] = [];
      const movements: number[] = [];
      const changes: number[] = [];
      for (const outputScale of scales) {
        const { records, particles } = await run({
          problem: own,
          network: plans[name],
          start: start.arrays,
          dynamics: gradientDescent({ stepSize, steps, expectation: fixedSamples({ samples: 8 }) }),
          outputScale,
          seed: 4,
          recordTimes: [],
          evaluation: { directions: 6 },
          observe: { moved: movement(), kernelChange: kernelChange({ points: training.points }) },
        });
        const values = new Float64Array(20);
        network.evaluate(particles, test.points, 20, values);
        distances.push(norm(values.map((value, s) => outputScale * value - predicted[s])));
        const { observables } = records[records.length - 1];
        movements.push(observables.moved ?? 0);
        changes.push(observables.kernelChange ?? 0);
      }
      // The next order in 1/gamma bends the slopes by a few hundredths at these scales.
      for (const [values, slope] of [
        [movements, -1],
        [distances, power],
        [changes, power],
      ] as const) {
        expect(Math.abs(fitPowerLaw(scales, values).slope.value - slope)).toBeLessThan(0.1);
      }
      expect(distances[3]).toBeLessThan(0.05 * norm(predicted));
    },
  );
});
