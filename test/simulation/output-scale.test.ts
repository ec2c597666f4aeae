import { describe, expect, it } from "vitest";
import { flow, gradientDescent, population, sgd } from "../../src/dynamics/index.ts";
import { buildLaw, gaussian, heavyTailed, hypercube } from "../../src/laws/index.ts";
import { twoLayer as twoLayerLimit } from "../../src/limits/index.ts";
import { bottleneck, dense, twoLayer } from "../../src/networks/index.ts";
import { mean, standardError } from "../../src/numerics/index.ts";
import { deriveKey } from "../../src/numerics/random/index.ts";
import { checkSimulation, type SimulateOptions, type SimulationRecord, simulate } from "../../src/simulation/index.ts";
import { ballIndicator, buildTarget, hinge, radialFunction, scaled } from "../../src/targets/index.ts";

const dimension = 3;
const problem = { law: heavyTailed({ dimension, radiusCutoff: 3 }), target: hinge() };
const base = { problem, evaluation: { directions: 24, samples: 64 }, seed: 3, recordTimes: 4 };
const radial: SimulateOptions = {
  ...base,
  network: twoLayer({ width: 22 }),
  dynamics: flow({ stepSize: 0.05, steps: 20, expectation: population({ directions: 18 }) }),
  limit: twoLayerLimit({ nodesPerPanel: 4, tolerance: 1e-6 }),
};
const sampled: SimulateOptions = {
  ...base,
  network: dense({ firstLayerWidth: 9, secondLayerWidth: 6, outputStart: "zero" }),
  dynamics: gradientDescent({ stepSize: 0.05, steps: 30, expectation: sgd({ batch: 40 }) }),
};

async function ending(options: SimulateOptions) {
  const simulation = simulate(options);
  const records: SimulationRecord[] = [];
  for await (const record of simulation) records.push(record);
  expect(await simulation.outcome).toMatchObject({ status: "completed" });
  return { records, particles: simulation.particles(), simulation };
}

describe("an output scale gamma", () => {
  it.each(Object.entries({ radial, sampled }))(
    "moves the particles as the target divided by gamma does, and reports gamma^2 times the losses (%s)",
    async (_name, options) => {
      const gamma = 8;
      const scaledRun = await ending({ ...options, outputScale: gamma });
      const target = scaled(problem.target, 1 / gamma);
      const plainRun = await ending({ ...options, problem: { ...problem, target } });
      expect(scaledRun.particles.buffer).toEqual(plainRun.particles.buffer);
      for (const [index, { loss, lossError, budget, observables }] of scaledRun.records.entries()) {
        const plain = plainRun.records[index];
        expect(loss).toBe(64 * plain.loss);
        expect(lossError).toBe(64 * plain.lossError);
        for (const name of ["meanField", "discretization", "timeStep", "trajectoryGap"] as const) {
          expect(budget[name]?.value).toBe(plain.budget[name] === null ? undefined : 64 * plain.budget[name].value);
        }
        expect(budget.trajectory?.gapMeanField.error).toBe(
          plain.budget.trajectory === null ? undefined : 64 * plain.budget.trajectory.gapMeanField.error,
        );
        expect(observables.limitLoss).toBe(
          options.limit === undefined ? undefined : 64 * (plain.observables.limitLoss ?? Number.NaN),
        );
        expect(observables.weightNorm).toBe(plain.observables.weightNorm);
      }
    },
  );

  it("reports 1/2 E(gamma f - f*)^2, as samples of the test's own say", async () => {
    const law = buildLaw(problem.law);
    const count = 20_000;
    const points = new Float64Array(count * dimension);
    const streams = { directions: deriveKey("own", "directions"), radii: deriveKey("own", "radii") };
    law.sample(points, { first: 0, count, step: 0, replica: 0 }, streams);
    const target = buildTarget(problem.target);
    const values = new Float64Array(count);
    for (const options of [radial, sampled]) {
      for (const outputScale of [0.3, 5]) {
        const { records, particles, simulation } = await ending({ ...options, outputScale });
        simulation.network.evaluate(particles, points, count, values);
        const squares = values.map(
          (value, s) => 0.5 * (outputScale * value - target.value(points, s * dimension, dimension)) ** 2,
        );
        const { loss, lossError } = records[records.length - 1];
        expect(Math.abs(mean(squares) - loss) / Math.hypot(standardError(squares), lossError)).toBeLessThan(4);
        expect(simulation.outputScale).toBe(outputScale);
      }
    }
  });

  it("starts at the loss of the zero function at every scale", async () => {
    const losses: number[] = [];
    for (const outputScale of [1 / 16, 1, 1024])
      losses.push((await ending({ ...radial, outputScale })).records[0].loss);
    expect(losses[0]).toBeCloseTo(losses[1], 12);
    expect(losses[2]).toBeCloseTo(losses[1], 12);
    expect(losses[1]).toBeGreaterThan(0.01);
  });

  it("scales the limit's value", async () => {
    const { simulation } = await ending({ ...radial, outputScale: 4 });
    const plain = await ending({ ...radial, problem: { ...problem, target: scaled(hinge(), 1 / 4) } });
    expect(simulation.limit()?.value(0.5)).toBe(4 * (plain.simulation.limit()?.value(0.5) ?? Number.NaN));
  });

  it("gives the same bits on two threads and after a checkpoint, which another scale does not take", async () => {
    for (const options of [radial, sampled]) {
      const whole = await ending({ ...options, outputScale: 4 });
      const onThreads = await ending({ ...options, outputScale: 4, threads: 2 });
      expect(onThreads.records).toEqual(whole.records);
      const simulation = simulate({ ...options, outputScale: 4 });
      let middle = new Uint8Array();
      for await (const record of simulation)
        if (record.step < 15) middle = simulation.checkpoint() as Uint8Array<ArrayBuffer>;
      expect((await ending({ ...options, outputScale: 4, checkpoint: middle })).particles.buffer).toEqual(
        whole.particles.buffer,
      );
      expect(() => simulate({ ...options, outputScale: 8, checkpoint: middle })).toThrow(
        /^checkpoint: expected one of/,
      );
    }
  });

  it("works without a radius: on the hypercube", async () => {
    const options = { ...sampled, problem: { law: hypercube({ dimension }), target: ballIndicator({ radius: 1 }) } };
    const { records } = await ending({ ...options, outputScale: 2, evaluation: { samples: 16 } });
    // f* = 0 on it, and f = 0 stays there.
    expect(records.map(({ loss }) => loss)).toEqual(records.map(() => 0));
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e10])("of %s is refused", (outputScale) => {
    expect(() => checkSimulation({ ...radial, outputScale })).toThrow(
      `outputScale: expected a number in [1e-9, 1e9], got ${outputScale}`,
    );
  });

  it("needs a start with f = 0, and says how to get one", () => {
    const check = (options: Partial<SimulateOptions>) => () =>
      checkSimulation({ ...base, dynamics: sampled.dynamics, network: sampled.network, outputScale: 2, ...options });
    expect(check({ network: bottleneck({ firstLayerWidth: 8, secondLayerWidth: 2 }) })).toThrow(
      /^outputScale: expected 1, or a network that starts as f = 0, got 2 with a bottleneck network .*networks\.twoLayer/,
    );
    const random = dense({ firstLayerWidth: 9, secondLayerWidth: 6 });
    expect(check({ network: random })).toThrow(/set outputStart: "zero" on networks.dense/);
    expect(check({ network: random, outputScale: 1 })).not.toThrow();
    const start = { w: new Float64Array(6).fill(1), b: new Float64Array(2), a: Float64Array.of(1, 0) };
    expect(check({ network: twoLayer({ width: 2 }), start })).toThrow(/leave out `start`/);
    expect(check({})).not.toThrow();
  });

  it("keeps a function as target on its own thread, scaled or not", () => {
    const target = radialFunction({ profile: (r) => Math.cos(r), upper: 3, tolerance: 0.01 });
    expect(() =>
      checkSimulation({ ...sampled, problem: { law: gaussian({ dimension }), target }, outputScale: 2, threads: 2 }),
    ).toThrow(/^threads: a target given as a function stays in the thread/);
  });
});
