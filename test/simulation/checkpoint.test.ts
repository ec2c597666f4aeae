import { describe, expect, it } from "vitest";
import {
  adam,
  type DynamicsSpec,
  flow,
  gradientDescent,
  population,
  radialExact,
  sgd,
} from "../../src/dynamics/index.ts";
import { ball, heavyTailed } from "../../src/laws/index.ts";
import { bottleneck as bottleneckLimit, twoLayer as twoLayerLimit } from "../../src/limits/index.ts";
import { bottleneck, twoLayer } from "../../src/networks/index.ts";
import { type SimulateOptions, type SimulationRecord, simulate } from "../../src/simulation/index.ts";
import { hinge, radialFunction } from "../../src/targets/index.ts";

const dimension = 3;
const problem = { law: heavyTailed({ dimension, radiusCutoff: 3 }), target: hinge() };
const evaluation = { directions: 48 };
const smallBottleneck = bottleneck({ firstLayerWidth: 21, secondLayerWidth: 3 });
const smallTwoLayer = twoLayer({ width: 22 });
const steps = 83;
const schedule = { kind: "power", after: 20, exponent: 0.5 } as const;
const base = { problem, evaluation, seed: 3, recordTimes: 6 };
const cases: Record<string, SimulateOptions & { readonly dynamics: DynamicsSpec }> = {
  "bottleneck, sgd, clipped, with both limits": {
    ...base,
    network: smallBottleneck,
    dynamics: gradientDescent({ stepSize: 0.2, steps, schedule, expectation: sgd({ batch: 33 }), clip: 1 }),
    limit: bottleneckLimit({ tolerance: 1e-8 }),
  },
  "bottleneck, radial-exact, with both limits": {
    ...base,
    network: bottleneck({ firstLayerWidth: 21, secondLayerWidth: 3, trainOuterWeights: true }),
    dynamics: gradientDescent({ stepSize: 0.2, steps, expectation: radialExact({ directions: 18 }) }),
    limit: bottleneckLimit({ tolerance: 1e-8 }),
  },
  "bottleneck, population, Runge-Kutta, with both limits": {
    ...base,
    network: smallBottleneck,
    dynamics: flow({ stepSize: 0.2, steps, expectation: population({ directions: 18 }) }),
    limit: bottleneckLimit({ tolerance: 1e-8 }),
  },
  "two-layer, sgd, with its stepped limit": {
    ...base,
    network: smallTwoLayer,
    dynamics: gradientDescent({ stepSize: 0.05, steps, expectation: sgd({ batch: 33 }) }),
    limit: twoLayerLimit({ nodesPerPanel: 4 }),
  },
  "two-layer, radial-exact": {
    ...base,
    network: smallTwoLayer,
    dynamics: gradientDescent({ stepSize: 0.05, steps, expectation: radialExact({ directions: 18 }) }),
  },
  "two-layer, Adam": {
    ...base,
    network: smallTwoLayer,
    dynamics: adam({ stepSize: 0.01, steps, schedule, expectation: sgd({ batch: 33 }) }),
  },
};

/** Everything that a checkpoint must carry over: the records' JSON and the particles' bytes. */
async function ending(options: SimulateOptions): Promise<{ records: SimulationRecord[]; particles: number[] }> {
  const simulation = simulate(options);
  const records: SimulationRecord[] = [];
  for await (const record of simulation) records.push(record);
  expect(await simulation.outcome).toMatchObject({ status: "completed", step: options.dynamics.steps });
  return { records, particles: [...simulation.particles().buffer] };
}

describe("a checkpoint", () => {
  it.each(Object.keys(cases))("taken at every record leads to the same bits (%s)", async (name) => {
    const whole = await ending(cases[name]);
    const simulation = simulate(cases[name]);
    const checkpoints: Uint8Array[] = [];
    // Taken as soon as the record is seen: other work of the thread runs between any two blocks of steps.
    for await (const _record of simulation) checkpoints.push(simulation.checkpoint());
    expect(checkpoints).toHaveLength(whole.records.length);
    for (const checkpoint of checkpoints) {
      const rest = await ending({ ...cases[name], checkpoint });
      const skipped = whole.records.length - rest.records.length;
      expect(rest.records).toEqual(whole.records.slice(skipped));
      expect(rest.particles).toEqual(whole.particles);
    }
  });

  it("taken between two records by a timer, while two threads step, leads to the same bits", async () => {
    const options = {
      ...cases["bottleneck, sgd, clipped, with both limits"],
      dynamics: gradientDescent({ stepSize: 0.2, steps: 400, expectation: sgd({ batch: 64 }) }),
      recordTimes: [],
      threads: 2,
    };
    const whole = await ending({ ...options, threads: 1 });
    const simulation = simulate(options);
    const checkpoints: Uint8Array[] = [];
    let hasEnded = false;
    const finished = simulation.outcome.finally(() => {
      hasEnded = true;
    });
    while (!hasEnded) {
      checkpoints.push(simulation.checkpoint());
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await finished).toMatchObject({ status: "completed" });
    const every = Math.max(1, Math.floor(checkpoints.length / 8));
    for (let index = 0; index < checkpoints.length; index += every) {
      const rest = await ending({ ...options, threads: 1, checkpoint: checkpoints[index] });
      expect(rest.particles).toEqual(whole.particles);
    }
  });

  it.each(["two-layer, radial-exact", "two-layer, Adam"])(
    "goes on with another number of threads, with the same bits (%s)",
    async (name) => {
      const options = cases[name];
      const whole = await ending(options);
      const simulation = simulate(options);
      let middle: Uint8Array | null = null;
      for await (const record of simulation) {
        if (record.step < 40) middle = simulation.checkpoint();
      }
      const rest = await ending({ ...options, threads: 3, checkpoint: middle ?? new Uint8Array() });
      expect(rest.particles).toEqual(whole.particles);
    },
  );

  it("of a cancelled simulation is at the step that the outcome names", async () => {
    const options = cases["bottleneck, radial-exact, with both limits"];
    const controller = new AbortController();
    const simulation = simulate({ ...options, signal: controller.signal });
    for await (const record of simulation) if (record.step > 0) controller.abort();
    const outcome = await simulation.outcome;
    expect(outcome).toMatchObject({ status: "cancelled", code: "cancelled" });
    expect(outcome.step).toBeLessThan(steps);
    const rest = await ending({ ...options, checkpoint: simulation.checkpoint() });
    expect(rest.particles).toEqual((await ending(options)).particles);
  });

  it("of a simulation that a stop rule ended ends at once with the same rule", async () => {
    const options: SimulateOptions = {
      ...cases["two-layer, radial-exact"],
      stopWhen: { later: (record) => record.step > 10 },
    };
    const simulation = simulate(options);
    const outcome = await simulation.outcome;
    expect(outcome).toMatchObject({ status: "completed", stoppedBy: "later" });
    const again = simulate({ ...options, checkpoint: simulation.checkpoint() });
    expect(await again.outcome).toEqual(outcome);
    expect(again.particles().buffer).toEqual(simulation.particles().buffer);
  });

  it("of a finished simulation gives its outcome again and takes no step", async () => {
    const options = cases["two-layer, radial-exact"];
    const simulation = simulate(options);
    const outcome = await simulation.outcome;
    const again = simulate({ ...options, checkpoint: simulation.checkpoint() });
    expect(again.progress).toBe(1);
    expect(await again.outcome).toEqual(outcome);
  });

  const options = cases["two-layer, radial-exact"];
  const smooth = (power: number) =>
    radialFunction({ profile: (r) => Math.exp(-(r ** power)), upper: 3, tolerance: 0.01 });
  const withFunction = { ...options, problem: { ...problem, target: smooth(2) } };
  it.each<[string, SimulateOptions, SimulateOptions]>([
    ["another seed", options, { ...options, seed: 4 }],
    ["another replica", options, { ...options, replica: 1 }],
    ["another step size", options, { ...options, dynamics: { ...options.dynamics, stepSize: 0.06 } }],
    ["another network", options, { ...options, network: twoLayer({ width: 24 }) }],
    ["another law", options, { ...options, problem: { ...problem, law: ball({ dimension }) } }],
    ["other record times", options, { ...options, recordTimes: 7 }],
    ["another function as target", withFunction, { ...withFunction, problem: { ...problem, target: smooth(4) } }],
  ])("of %s is refused", async (_name, first, second) => {
    const simulation = simulate(first);
    await simulation.outcome;
    expect(() => simulate({ ...second, checkpoint: simulation.checkpoint() })).toThrow(
      /checkpoint: expected one of this simulation/,
    );
  });

  it("that is damaged is refused, and says so", () => {
    const bytes = simulate({ ...options }).checkpoint();
    for (const damaged of [new Uint8Array(), bytes.subarray(0, bytes.length / 2), new TextEncoder().encode("{}")]) {
      expect(() => simulate({ ...options, checkpoint: damaged })).toThrow(/^checkpoint: expected the bytes/);
    }
  });
});
