import { describe, expect, it } from "vitest";
import { adam, flow, gradientDescent, langevin, population, radialExact, sgd } from "../../src/dynamics/index.ts";
import { installedOffers } from "../../src/engines/index.ts";
import { ball, buildLaw, gaussian, heavyTailed, hypercube } from "../../src/laws/index.ts";
import { bottleneck as bottleneckLimit, wideCoupling } from "../../src/limits/index.ts";
import { bottleneck, buildNetwork, dense, particlesOn, twoLayer } from "../../src/networks/index.ts";
import { deriveKey, mean, standardError } from "../../src/numerics/index.ts";
import { checkSimulation, type SimulateOptions, type SimulationRecord, simulate } from "../../src/simulation/index.ts";
import { buildTarget, hinge, norm, scaled as scaledTarget } from "../../src/targets/index.ts";

const dimension = 3;
const problem = { law: ball({ dimension, ballRadius: 2 }), target: hinge() };
const base = { problem, seed: 3, evaluation: { directions: 48, samples: 500 }, recordTimes: 4 } as const;
const samples = sgd({ batch: 37 });
const cases: Record<string, SimulateOptions> = {
  "bottleneck, fresh rays": {
    ...base,
    network: bottleneck({ firstLayerWidth: 12, secondLayerWidth: 3 }),
    dynamics: gradientDescent({ stepSize: 0.3, steps: 40, expectation: radialExact({ directions: 24 }) }),
  },
  "bottleneck, Runge-Kutta on a fixed set, heavy tail": {
    ...base,
    problem: { law: heavyTailed({ dimension, radiusCutoff: 3 }), target: hinge() },
    network: bottleneck({ firstLayerWidth: 12, secondLayerWidth: 3, trainOuterWeights: true }),
    dynamics: flow({ stepSize: 0.3, steps: 40, expectation: population({ directions: 24 }) }),
  },
  "two-layer, clipped samples": {
    ...base,
    network: twoLayer({ width: 14 }),
    dynamics: gradientDescent({ stepSize: 0.1, steps: 40, expectation: samples, clip: 2 }),
  },
  "dense, samples": {
    ...base,
    network: dense({ firstLayerWidth: 9, secondLayerWidth: 7 }),
    dynamics: gradientDescent({ stepSize: 0.2, steps: 40, expectation: samples }),
  },
  "dense, samples of the hypercube": {
    ...base,
    problem: { law: hypercube({ dimension }), target: norm() },
    network: dense({ firstLayerWidth: 9, secondLayerWidth: 7 }),
    dynamics: gradientDescent({ stepSize: 0.2, steps: 40, expectation: samples }),
  },
};
cases["two-layer, Adam"] = {
  ...base,
  network: twoLayer({ width: 14 }),
  dynamics: adam({ stepSize: 0.01, steps: 40, expectation: samples }),
};
cases["dense, Langevin noise"] = {
  ...base,
  network: dense({ firstLayerWidth: 9, secondLayerWidth: 7 }),
  dynamics: langevin({ stepSize: 0.1, steps: 40, temperature: 0.01, weightDecay: 0.01, expectation: samples }),
};
const names = Object.keys(cases);

async function run(options: SimulateOptions) {
  const simulation = simulate(options);
  const records: SimulationRecord[] = [];
  for await (const record of simulation) records.push(record);
  const outcome = await simulation.outcome;
  expect([outcome.status, "message" in outcome ? outcome.message : ""]).toEqual(["completed", ""]);
  return { simulation, records };
}

describe.each(names)("a simulation beside a wide reference (%s)", (name) => {
  const options = cases[name];
  const beside = { ...options, limit: wideCoupling({ factor: 3 }) };

  it.each(["native", "wasm", "reference"] as const)(
    "has a gap of exactly 0 where the reference is as wide, and none to be corrected (%s)",
    async (engine) => {
      const isThere = ["fused", "plain"].some(
        (arithmetic) => "engine" in installedOffers(engine, arithmetic as "plain"),
      );
      if (!isThere) return;
      const { records } = await run({ ...options, engine, limit: wideCoupling({ factor: 1 }) });
      expect(records.length).toBeGreaterThan(2);
      for (const { budget, loss, observables } of records) {
        expect(budget.trajectoryGap).toEqual({ value: 0, error: 0 });
        expect(budget.correctedTrajectoryGap).toBe(null);
        expect(observables.limitLoss).toBeCloseTo(loss, 14);
      }
    },
  );

  it("moves the network as without it, and changes no other number of a record", async () => {
    const [alone, accompanied] = [await run(options), await run(beside)];
    expect(accompanied.simulation.particles().buffer).toEqual(alone.simulation.particles().buffer);
    for (const [index, { budget, observables, ...rest }] of accompanied.records.entries()) {
      const own = Object.fromEntries(Object.entries(observables).filter(([key]) => !key.startsWith("limit")));
      const { trajectoryGap, correctedTrajectoryGap, ...others } = budget;
      expect(alone.records[index]).toEqual({
        ...rest,
        observables: own,
        budget: { ...others, trajectoryGap: null, correctedTrajectoryGap: null },
      });
      if (trajectoryGap === null || correctedTrajectoryGap === null) throw new Error("a gap was expected");
      expect(correctedTrajectoryGap.value).toBeCloseTo(1.5 * trajectoryGap.value, 14);
      expect(correctedTrajectoryGap.error).toBeCloseTo(1.5 * trajectoryGap.error, 14);
      if (index > 0) expect(trajectoryGap.value).toBeGreaterThan(0);
    }
  });

  it("steps the reference as a simulation of the wide network from that start on the same samples", async () => {
    const { simulation } = await run(beside);
    const reference = simulation.limit();
    if (reference === null) throw new Error("a reference was expected");
    const widths = Object.entries(options.network).map(([key, value]) => [
      key,
      /width$/i.test(key) ? 3 * Number(value) : value,
    ]);
    const network = Object.fromEntries(widths) as unknown as typeof options.network;
    // The wide network's own start begins with the small one's particles.
    const wide = await run({ ...options, network });
    expect(reference.stepped).toEqual(wide.simulation.particles().buffer);
    expect(reference.exact).toBe(null);
  });

  it("gives the same bits on 3 threads, and after any checkpoint", async () => {
    const whole = await run(beside);
    const bits = ({ simulation, records }: typeof whole) => [
      simulation.limit()?.stepped,
      simulation.particles().buffer,
      records,
    ];
    expect(bits(await run({ ...beside, threads: 3 }))).toEqual(bits(whole));
    const simulation = simulate(beside);
    const checkpoints: Uint8Array[] = [];
    for await (const _record of simulation) checkpoints.push(simulation.checkpoint());
    for (const checkpoint of checkpoints) {
      const rest = await run({ ...beside, checkpoint });
      expect(rest.records).toEqual(whole.records.slice(whole.records.length - rest.records.length));
      expect(rest.simulation.limit()?.stepped).toEqual(whole.simulation.limit()?.stepped);
    }
  });

  it("measures the gap and the reference's loss that samples of the law show", async () => {
    const { simulation, records } = await run({ ...beside, evaluation: { directions: 600, samples: 4000 } });
    const [last] = records.slice(-1);
    const law = buildLaw(options.problem.law);
    const target = buildTarget(options.problem.target);
    const count = 20_000;
    const points = new Float64Array(count * dimension);
    law.sample(
      points,
      { first: 0, count, step: 0, replica: 9 },
      { directions: deriveKey(1, "x"), radii: deriveKey(1, "y") },
    );
    const small = new Float64Array(count);
    const wide = new Float64Array(count);
    simulation.network.evaluate(simulation.particles(), points, count, small);
    const widths = Object.entries(options.network).map(([key, value]) => [
      key,
      /width$/i.test(key) ? 3 * Number(value) : value,
    ]);
    const reference = buildNetwork(Object.fromEntries(widths), dimension);
    reference.evaluate(particlesOn(reference.layout, simulation.limit()?.stepped), points, count, wide);
    const squares = small.map((value, s) => (value - wide[s]) ** 2 / 2);
    const losses = wide.map((value, s) => (value - target.value(points, s * dimension, dimension)) ** 2 / 2);
    const gap = last.budget.trajectoryGap;
    if (gap === null) throw new Error("a gap was expected");
    expect(Math.abs(mean(squares) - gap.value) / Math.hypot(standardError(squares), gap.error)).toBeLessThan(4);
    const error = Math.hypot(standardError(losses), 2 * last.lossError);
    expect(Math.abs(mean(losses) - Number(last.observables.limitLoss)) / error).toBeLessThan(4);
  });

  it("works in float32, on the rounded particles", async () => {
    const { simulation, records } = await run({ ...beside, precision: "float32" });
    const stepped = simulation.limit()?.stepped ?? new Float64Array(0);
    expect(stepped).toEqual(Float64Array.from(Float32Array.from(stepped)));
    const exactly = await run(beside);
    const [gap, same] = [records, exactly.records].map((all) => all[all.length - 1].budget.trajectoryGap?.value ?? 0);
    expect(Math.abs(gap / same - 1)).toBeLessThan(1e-3);
    const equal = await run({ ...options, precision: "float32", limit: wideCoupling({ factor: 1 }) });
    for (const { budget } of equal.records) expect(budget.trajectoryGap?.value).toBe(0);
  });
});

describe("a wide reference of gamma f", () => {
  const network = dense({ firstLayerWidth: 8, secondLayerWidth: 6, outputStart: "zero" });
  const scaled = { ...cases["dense, samples"], network, limit: wideCoupling({ factor: 3 }), outputScale: 4 };

  it("starts as 0 with the network, and is measured as gamma f_M", async () => {
    const { simulation, records } = await run(scaled);
    expect(records[0].budget.trajectoryGap).toEqual({ value: 0, error: 0 });
    expect(Number(records[0].observables.limitLoss)).toBeCloseTo(records[0].loss, 12);
    const [last] = records.slice(-1);
    const { target } = problem;
    const plain = { ...scaled, outputScale: 1, problem: { ...problem, target: scaledTarget(target, 1 / 4) } };
    const alone = await run(plain);
    const [same] = alone.records.slice(-1);
    expect(last.budget.trajectoryGap?.value).toBeCloseTo(16 * Number(same.budget.trajectoryGap?.value), 14);
    expect(simulation.limit()?.value(0.7)).toBeCloseTo(4 * Number(alone.simulation.limit()?.value(0.7)), 13);
  });
});

describe("the corrected gap", () => {
  it.each([2, 5])(
    "estimates the gap to infinite width at the start, whatever the reference's width (factor %i)",
    async (factor) => {
      // Every kink lies beyond the support: f is linear in the first layer's measure, and the correction is exact in the mean.
      const options = {
        problem: { law: ball({ dimension: 4, ballRadius: 1 }), target: hinge() },
        network: bottleneck({
          firstLayerWidth: 6,
          secondLayerWidth: 2,
          start: "sphere",
          secondLayerStart: "equal",
          initialV: -0.1,
          initialB: 0.9,
        }),
        dynamics: gradientDescent({ stepSize: 0.1, steps: 0 }),
        evaluation: { directions: 64 },
        seed: 11,
        recordTimes: 2,
      } as const;
      const exact: number[] = [];
      const corrected: number[] = [];
      for (let replica = 0; replica < 100; replica += 1) {
        const [infinite] = (await run({ ...options, replica, limit: bottleneckLimit({ tolerance: null }) })).records;
        const [wide] = (await run({ ...options, replica, limit: wideCoupling({ factor }) })).records;
        exact.push(infinite.budget.trajectoryGap?.value ?? Number.NaN);
        corrected.push(wide.budget.correctedTrajectoryGap?.value ?? Number.NaN);
      }
      // Both see the same small networks, so their difference is what is judged.
      const differences = corrected.map((value, replica) => value - exact[replica]);
      expect(Math.abs(mean(differences))).toBeLessThan(4 * standardError(differences));
      expect(standardError(differences)).toBeLessThan(0.1 * mean(exact));
    },
  );
});

describe("a wide reference", () => {
  const options = { ...cases["dense, samples"], limit: wideCoupling({ factor: 2 }) };

  it("is refused beside a given start, whose further particles nobody knows", () => {
    const start = simulate({ ...options, limit: null }).particles().arrays;
    expect(() => checkSimulation({ ...options, start })).toThrow(
      /^start: expected none beside limits.wideCoupling, .*, got arrays; choose/,
    );
  });

  it("is counted in the memory that a simulation needs", () => {
    const refuse = () => checkSimulation({ ...options, limit: wideCoupling({ factor: 100_000 }) });
    expect(refuse).toThrow(
      /^limit: expected a simulation that fits into .*; lower the factor or the widths of limits.wideCoupling/,
    );
  });

  it("ends the simulation as diverged where it leaves every bound", async () => {
    const dynamics = gradientDescent({ stepSize: 1000, steps: 200, expectation: samples });
    const outcome = await simulate({ ...options, dynamics }).outcome;
    expect(outcome).toMatchObject({ status: "diverged" });
  });

  it("starts from the replica's start and follows the replica's samples", async () => {
    const [both, start, stream] = [
      await run({ ...options, replica: 4 }),
      await run({ ...options, replica: { start: 4 } }),
      await run({ ...options, replica: { samples: 4 } }),
    ];
    expect(start.records[0]).toEqual(both.records[0]);
    expect(start.records[1].loss).not.toBe(both.records[1].loss);
    expect(stream.records[0]).toEqual((await run(options)).records[0]);
    expect(stream.records[1].loss).not.toBe((await run(options)).records[1].loss);
    expect((await run({ ...options, replica: { start: 4, samples: 4 } })).records).toEqual(both.records);
  });

  it.each([
    [-1, /^replica: expected an integer in \[0, 2\^32\), got -1/],
    [{ start: 0.5 }, /^replica.start: expected an integer in \[0, 2\^32\), got 0.5/],
    [{ samples: 2 ** 32 }, /^replica.samples: expected an integer in \[0, 2\^32\), got 4294967296/],
  ])("replica %j is refused", (replica, message) => {
    expect(() => checkSimulation({ ...options, replica })).toThrow(message);
  });

  it("has a finite gap under a law without moments, where both networks vanish far out", async () => {
    const law = heavyTailed({ dimension });
    const beside = { ...cases["bottleneck, fresh rays"], problem: { law, target: hinge() } };
    const { records } = await run({ ...beside, limit: wideCoupling({ factor: 2 }) });
    for (const { budget } of records) {
      expect(budget.trajectoryGap?.value).toBeGreaterThan(0);
      expect(budget.trajectoryGap?.value).toBeLessThan(0.01);
    }
    const equal = await run({ ...beside, limit: wideCoupling({ factor: 1 }) });
    for (const { budget } of equal.records) expect(budget.trajectoryGap?.value).toBe(0);
  });

  it("needs a law with a second moment where the network does", () => {
    expect(() =>
      checkSimulation({ ...options, problem: { law: heavyTailed({ dimension }), target: hinge() } }),
    ).toThrow(/^radiusCutoff/);
    expect(() =>
      checkSimulation({ ...options, problem: { law: gaussian({ dimension }), target: hinge() } }),
    ).not.toThrow();
  });
});
