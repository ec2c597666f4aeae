import { describe, expect, it } from "vitest";
import { flow, gradientDescent, radialExact, sgd } from "../../src/dynamics/index.ts";
import { ball, gaussian, heavyTailed, hypercube, sphere } from "../../src/laws/index.ts";
import { bottleneck as bottleneckLimit, twoLayer as twoLayerLimit } from "../../src/limits/index.ts";
import { bottleneck, buildNetwork, type NetworkPlan, twoLayer } from "../../src/networks/index.ts";
import { checkSimulation, type SimulateOptions, type SimulationRecord, simulate } from "../../src/simulation/index.ts";
import { ballIndicator, hinge, norm, radialFunction, type TargetSpec } from "../../src/targets/index.ts";

const problem = { law: ball({ dimension: 3 }), target: hinge() };
const base = {
  problem,
  network: bottleneck({ firstLayerWidth: 12, secondLayerWidth: 2 }),
  dynamics: gradientDescent({ stepSize: 0.1, steps: 60, expectation: radialExact({ directions: 12 }) }),
  evaluation: { directions: 48, samples: 64 },
  recordTimes: 5,
  seed: 1,
} satisfies SimulateOptions;

async function recordsOf(options: SimulateOptions): Promise<SimulationRecord[]> {
  const records = [];
  for await (const record of simulate(options)) records.push(record);
  return records;
}

describe("records", () => {
  it("are made at the start, at the end, and at the steps nearest to the wanted times", async () => {
    const steps = async (recordTimes: number | number[]) =>
      (await recordsOf({ ...base, recordTimes })).map((record) => record.step);
    expect(await steps([])).toEqual([0, 60]);
    expect(await steps([1, 2.04, 2.06, 3, 3, 100])).toEqual([0, 10, 20, 21, 30, 60]);
    // Evenly in log(1 + step): 61^(i/4) - 1.
    expect(await steps(5)).toEqual([0, 2, 7, 21, 60]);
    expect(await steps(2)).toEqual([0, 60]);
  });

  it("have the time, the loss and its split, the network's observables, the limit's, and the user's own", async () => {
    const records = await recordsOf({
      ...base,
      limit: bottleneckLimit(),
      observe: { firstWeight: ({ particles }) => particles.arrays.w[0], doubledTime: ({ time }) => 2 * time },
    });
    for (const record of records) {
      expect(record.time).toBeCloseTo(record.step / 10, 14);
      expect(record.observables.doubledTime).toBe(2 * record.time);
      const { meanField, cross, discretization, crossCentred, timeStep, trajectoryGap, trajectory, sampling } =
        record.budget;
      const sum = (meanField?.value ?? NaN) + (cross?.value ?? NaN) + (discretization?.value ?? NaN);
      expect(Math.abs(sum / record.loss - 1)).toBeLessThan(1e-12);
      expect(crossCentred).not.toBeNull();
      expect(timeStep).toEqual(trajectory?.timeStep);
      expect(trajectoryGap).toEqual(trajectory?.gap);
      const terms = Object.values(trajectory ?? {}).reduce((total, term) => total + term.value, 0);
      expect(Math.abs(terms / record.loss - 1)).toBeLessThan(1e-11);
      expect(sampling).toBeNull();
      for (const name of [
        "alpha",
        "v",
        "b",
        "a",
        "conserved",
        "relativeVariance",
        "limitAlpha",
        "limitV",
        "limitB",
        "limitLoss",
      ]) {
        expect(Number.isFinite(record.observables[name])).toBe(true);
      }
    }
    // At the start the limit has the network's own alpha and atoms, and both ways to solve it agree.
    const { budget, observables } = records[0];
    expect(Math.abs((observables.limitAlpha ?? NaN) - (observables.alpha ?? NaN))).toBeLessThan(1e-15);
    expect(budget.timeStep?.value).toBe(0);
    expect(Math.abs((budget.trajectoryGap?.value ?? NaN) - (budget.discretization?.value ?? NaN))).toBeLessThan(1e-15);
    expect(records[4].budget.timeStep?.value).toBeGreaterThan(0);
  });

  it("are made for every network in every mode, with the parts that there are", async () => {
    const networks: NetworkPlan[] = [base.network, twoLayer({ width: 12 })];
    const flat = { law: hypercube({ dimension: 4 }), target: norm() };
    for (const network of networks) {
      const sampled = await recordsOf({
        ...base,
        network,
        problem: flat,
        dynamics: gradientDescent({ stepSize: 0.01, steps: 3, expectation: sgd({ batch: 1 }) }),
      });
      for (const record of sampled) {
        // Where the network is 0 the loss is the same everywhere on the hypercube: no error.
        expect(record.loss > 0 && record.lossError >= 0).toBe(true);
        expect(Object.values(record.budget).every((term) => term === null)).toBe(true);
      }
      const [first] = await recordsOf({ ...base, network, dynamics: flow({ stepSize: 0.1, steps: 1 }) });
      expect(first.budget.discretization).not.toBeNull();
      expect(first.budget.crossCentred === null).toBe(network.kind === "two-layer");
      expect(first.budget.trajectory).toBeNull();
    }
    const withLimit = await recordsOf({ ...base, network: networks[1], limit: twoLayerLimit({ nodesPerPanel: 8 }) });
    expect(withLimit[4].budget.trajectoryGap?.value).toBeGreaterThan(0);
    expect(withLimit[4].budget.timeStep).toBeNull();
  });

  it("of a sampled loss have an honest standard error", async () => {
    const { dynamics } = base;
    const flat = { law: hypercube({ dimension: 6 }), target: norm() };
    const losses = await Promise.all(
      Array.from({ length: 100 }, async (_, seed) => {
        const start = buildNetwork(base.network, 6).start(7).arrays;
        const [record] = await recordsOf({
          ...base,
          problem: flat,
          seed,
          start,
          dynamics: { ...dynamics, steps: 0, expectation: null },
        });
        return record;
      }),
    );
    const mean = losses.reduce((sum, record) => sum + record.loss, 0) / 100;
    const scatter = losses.reduce((sum, record) => sum + (record.loss - mean) ** 2, 0) / 99;
    const claimed = losses.reduce((sum, record) => sum + record.lossError ** 2, 0) / 100;
    // chi^2 with 99 degrees of freedom: relative standard deviation sqrt(2/99) = 0.14.
    expect(Math.abs(scatter / claimed - 1)).toBeLessThan(4 * 0.15);
  });

  it("come to each who iterates, whenever they begin, and do not need anyone", async () => {
    const simulation = simulate(base);
    const seen: number[] = [];
    for await (const record of simulation) {
      seen.push(record.step);
      if (seen.length === 2) break;
    }
    const outcome = await simulation.outcome;
    expect(seen).toEqual([0, 2]);
    const [one, other] = await Promise.all(
      [0, 1].map(async () => {
        const late = [];
        for await (const record of simulation) late.push(record);
        return late;
      }),
    );
    expect(one.map((record) => record.step)).toEqual([0, 2, 7, 21, 60]);
    expect(other).toEqual(one);
    expect(outcome.status === "completed" && outcome.record).toBe(one[4]);
    expect(simulation.progress).toBe(1);
  });
});

describe("an outcome", () => {
  it("completed: at the last step, with the last record", async () => {
    const outcome = await simulate(base).outcome;
    expect(outcome).toMatchObject({ status: "completed", step: 60, stoppedBy: null });
    expect(outcome.time).toBeCloseTo(6, 14);
  });

  it("completed by the first stop rule that is met, and by none before", async () => {
    const rules = { never: () => false, late: (record: SimulationRecord) => record.time > 2, later: () => false };
    expect(await simulate({ ...base, stopWhen: rules }).outcome).toMatchObject({
      status: "completed",
      stoppedBy: "late",
      step: 21,
    });
    expect(await simulate({ ...base, stopWhen: { atOnce: () => true } }).outcome).toMatchObject({
      stoppedBy: "atOnce",
      step: 0,
    });
  });

  it("completed without a step where none was asked for", async () => {
    const simulation = simulate({ ...base, dynamics: { ...base.dynamics, steps: 0 } });
    expect(await simulation.outcome).toMatchObject({ status: "completed", step: 0, time: 0 });
    expect(simulation.particles().buffer).toEqual(buildNetwork(base.network, 3).start(1).buffer);
  });

  it("diverged: names the last finite state, which is still there, and what to change", async () => {
    for (const network of [base.network, twoLayer({ width: 6 })]) {
      const simulation = simulate({
        ...base,
        network,
        problem: { law: gaussian({ dimension: 3 }), target: norm() },
        dynamics: { ...base.dynamics, stepSize: 900 },
      });
      const outcome = await simulation.outcome;
      expect(outcome).toMatchObject({
        status: "diverged",
        code: "diverged",
        message: expect.stringMatching(/lower stepSize \(now 900\)/),
      });
      expect(simulation.particles().buffer.every(Number.isFinite)).toBe(true);
      expect(outcome.step).toBeLessThan(60);
    }
  });

  it("diverged at the start where the loss is infinite: a law without moments, an atom that grows", async () => {
    const network = bottleneck({
      firstLayerWidth: 6,
      secondLayerWidth: 1,
      secondLayerStart: "equal",
      initialV: 0.1,
      initialB: 0.1,
    });
    const outcome = await simulate({
      ...base,
      network,
      problem: { law: heavyTailed({ dimension: 3 }), target: hinge() },
    }).outcome;
    expect(outcome).toMatchObject({
      status: "diverged",
      step: 0,
      message: expect.stringMatching(/loss at step 0 is Infinity.*radiusCutoff/),
    });
  });

  it("cancelled before the first step, if the signal was given before", async () => {
    const outcome = await simulate({ ...base, signal: AbortSignal.abort() }).outcome;
    expect(outcome).toMatchObject({ status: "cancelled", code: "cancelled", step: 0, time: 0 });
  });

  it("timed-out, on one thread too", async () => {
    const options = { ...base, dynamics: { ...base.dynamics, steps: 10_000_000 }, recordTimes: [], timeoutMs: 50 };
    expect(await simulate(options).outcome).toMatchObject({ status: "timed-out", code: "timed-out" });
  });

  it("failed: an observable that is not finite, or throws", async () => {
    expect(await simulate({ ...base, observe: { bad: () => NaN } }).outcome).toMatchObject({
      status: "failed",
      code: "not-finite",
      message: "observe.bad: expected a finite number, got NaN at step 0",
    });
    const broken = () => {
      throw new Error("own mistake");
    };
    expect(await simulate({ ...base, observe: { broken } }).outcome).toMatchObject({
      status: "failed",
      code: "user-function-failed",
      message: "observe.broken: the function threw: own mistake",
    });
    expect(await simulate({ ...base, stopWhen: { broken } }).outcome).toMatchObject({
      status: "failed",
      code: "user-function-failed",
      message: "stopWhen.broken: the function threw: own mistake",
    });
    expect(await simulate({ ...base, observe: { conserved: () => 1 } }).outcome).toMatchObject({
      status: "failed",
      code: "invalid-value",
      message: expect.stringContaining("observe.conserved"),
    });
  });

  it("leaves time for other work: a timer fires while it steps", async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    await simulate({ ...base, dynamics: { ...base.dynamics, steps: 10_000_000 }, recordTimes: [], timeoutMs: 200 })
      .outcome;
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });
});

describe("a start", () => {
  it("from given arrays is taken as given, and copied", async () => {
    const start = { ...buildNetwork(base.network, 3).start(9).arrays };
    const kept = Float64Array.from(start.w);
    const simulation = simulate({ ...base, start });
    expect(simulation.particles().arrays.w).toEqual(kept);
    await simulation.outcome;
    expect(start.w).toEqual(kept);
    expect(simulation.particles().arrays.w).not.toEqual(kept);
    // Only the start differs from a simulation of its own seed: the samples follow the seed given.
    const own = simulate({ ...base, start: { ...buildNetwork(base.network, 3).start(1).arrays } });
    const plain = simulate(base);
    await Promise.all([own.outcome, plain.outcome]);
    expect(own.particles().buffer).toEqual(plain.particles().buffer);
  });

  it("differs by seed and by replica, and so do the samples", async () => {
    const ends = await Promise.all(
      [{}, { seed: 2 }, { replica: 1 }, { seed: "1" }].map(async (change) => {
        const start = buildNetwork(base.network, 3).start(9).arrays;
        const simulation = simulate({ ...base, start, ...change });
        await simulation.outcome;
        return simulation.particles().buffer;
      }),
    );
    expect(ends[1]).not.toEqual(ends[0]);
    expect(ends[2]).not.toEqual(ends[0]);
    expect(ends[3]).toEqual(ends[0]);
  });

  it.each<[Record<string, Float64Array | undefined>, RegExp]>([
    [{ w: undefined }, /^start.w: expected an array of 12 x 3 numbers, got undefined/],
    [{ w: new Float64Array(35) }, /^start.w: expected 36 numbers \(12 x 3\), got "35 numbers"/],
    [{ v: Float64Array.of(1, NaN) }, /^start.v: expected finite numbers/],
  ])("that does not fit is refused (%o)", (change, message) => {
    const start = { ...buildNetwork(base.network, 3).start(9).arrays, ...change } as Record<string, Float64Array>;
    expect(() => simulate({ ...base, start })).toThrow(message);
  });
});

describe("options that cannot be run", () => {
  const curve = radialFunction({ profile: (r) => 1 - r * r, upper: 1, tolerance: 0.01 });
  const twoLayerNetwork = twoLayer({ width: 4 });
  it.each<[string, Partial<SimulateOptions>, RegExp]>([
    ["threads 0", { threads: 0 }, /^threads: expected an integer in \[1, 1024\], got 0/],
    ["replica -1", { replica: -1 }, /^replica: expected an integer in \[0, 2\^32\), got -1/],
    ["timeoutMs NaN", { timeoutMs: NaN }, /^timeoutMs: expected a positive number of milliseconds, got NaN/],
    ["recordTimes 1", { recordTimes: 1 }, /^recordTimes: .* an integer in \[2, 100000\], got 1/],
    ["a negative time", { recordTimes: [1, -2] }, /^recordTimes: expected finite times >= 0, got -2/],
    ["a time that is NaN", { recordTimes: [NaN] }, /^recordTimes: .* got NaN/],
    ["no evaluation directions", { evaluation: { directions: 0 } }, /^evaluation.directions: expected an integer in/],
    ["one evaluation sample", { evaluation: { samples: 1 } }, /^evaluation.samples: expected an integer in \[2,/],
    [
      "an arrangement that does not exist",
      { evaluation: { arrangement: "frame" as "frames" } },
      /^evaluation.arrangement: expected one of/,
    ],
    [
      "a two-layer network without a second moment",
      { network: twoLayerNetwork, problem: { law: heavyTailed({ dimension: 3 }), target: hinge() } },
      /^radiusCutoff: a two-layer network needs a law with a finite second moment.*set radiusCutoff/,
    ],
    [
      "the limit of another network",
      { limit: twoLayerLimit() },
      /^limit: expected the limit of the bottleneck network, got two-layer/,
    ],
    [
      "a limit of the hypercube",
      {
        limit: bottleneckLimit(),
        problem: { law: hypercube({ dimension: 3 }), target: hinge() },
        dynamics: gradientDescent({ stepSize: 1, steps: 1 }),
      },
      /^law: expected a law with uniform directions, got hypercube/,
    ],
    [
      "radial-exact on the hypercube",
      { problem: { law: hypercube({ dimension: 3 }), target: hinge() } },
      /^expectation: radial-exact needs a radial law.*hypercube.*use sgd/,
    ],
    [
      "samples of a function target on threads",
      {
        threads: 2,
        problem: { law: sphere({ dimension: 3 }), target: curve },
        dynamics: gradientDescent({ stepSize: 1, steps: 1, expectation: sgd({ batch: 2 }) }),
      },
      /^threads: a target given as a function/,
    ],
    [
      "samples of a sphere on which the target jumps",
      {
        problem: { law: sphere({ dimension: 3 }), target: ballIndicator({ radius: 1 }) },
        dynamics: gradientDescent({ stepSize: 1, steps: 1, expectation: sgd({ batch: 2 }) }),
      },
      /^target: the jump of the ball-indicator lies on the sphere.*different radii/,
    ],
    [
      "a law that does not exist",
      { problem: { ...problem, law: { kind: "balls" } as unknown as typeof problem.law } },
      /^law.kind: .*did you mean "ball"/,
    ],
    [
      "a target that does not exist",
      { problem: { ...problem, target: { kind: "hing" } as unknown as TargetSpec } },
      /hinge/,
    ],
  ])("are refused at once, by the check too: %s", (_name, change, message) => {
    expect(() => simulate({ ...base, ...change })).toThrow(message);
    expect(() => checkSimulation({ ...base, ...change })).toThrow(message);
  });

  it("are none where everything fits, and the check takes no step", () => {
    expect(checkSimulation(base)).toBeUndefined();
  });
});

describe("the limit carried along", () => {
  it("can be looked at any time, as copies", async () => {
    const simulation = simulate({ ...base, limit: bottleneckLimit() });
    await simulation.outcome;
    const view = simulation.limit();
    view?.stepped.fill(0);
    const again = simulation.limit();
    expect(again?.stepped[0]).toBeGreaterThan(0);
    expect(Math.abs((again?.stepped[0] ?? 0) / (again?.exact?.[0] ?? 0) - 1)).toBeLessThan(0.01);
    const [atoms, alpha] = [again?.exact?.subarray(1, 3) ?? [], again?.exact?.[0] ?? 0];
    const offsets = again?.exact?.subarray(3, 5) ?? [];
    const value =
      (Math.max(0, atoms[0] * alpha * 0.3 + offsets[0]) + Math.max(0, atoms[1] * alpha * 0.3 + offsets[1])) / 2;
    expect(again?.value(0.3)).toBeCloseTo(value, 14);
    expect(simulate(base).limit()).toBeNull();
  });

  it("is stepped by the simulation's own scheme: a Runge-Kutta step's gap to it has no time-step error", async () => {
    const gap = async (integrator: "euler" | "rungeKutta4") => {
      const dynamics = flow({ stepSize: 0.25, steps: 40, integrator });
      const records = await recordsOf({ ...base, dynamics, recordTimes: [], limit: bottleneckLimit() });
      return records[1].budget.timeStep?.value ?? NaN;
    };
    // Squares of errors of order 1 and 4 at a step of a quarter: (1/4)^6 between them, and the constants' ratio.
    expect(await gap("rungeKutta4")).toBeLessThan(4 ** -6 * (await gap("euler")));
  });

  it("does not change the particles", async () => {
    const [plain, beside] = [simulate(base), simulate({ ...base, limit: bottleneckLimit() })];
    await Promise.all([plain.outcome, beside.outcome]);
    expect(beside.particles().buffer).toEqual(plain.particles().buffer);
  });
});
