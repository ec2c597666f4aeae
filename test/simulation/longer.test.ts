import { describe, expect, it } from "vitest";
import { adam, type DynamicsSpec, flow, gradientDescent, langevin, population, sgd } from "../../src/dynamics/index.ts";
import { heavyTailed } from "../../src/laws/index.ts";
import { bottleneck as bottleneckLimit, wideCoupling } from "../../src/limits/index.ts";
import { bottleneck, twoLayer } from "../../src/networks/index.ts";
import { type SimulateOptions, type SimulationRecord, simulate } from "../../src/simulation/index.ts";
import { hinge } from "../../src/targets/index.ts";

const base = {
  problem: { law: heavyTailed({ dimension: 3, radiusCutoff: 3 }), target: hinge() },
  evaluation: { directions: 48 },
  seed: 3,
};
const power = { kind: "power", after: 20, exponent: 0.5 } as const;
const samples = { stepSize: 0.1, expectation: sgd({ batch: 24 }) };
type Case = Pick<SimulateOptions, "network" | "limit"> & { readonly dynamics: (steps: number) => DynamicsSpec };
const cases: Record<string, Case> = {
  "Langevin dynamics": {
    network: twoLayer({ width: 22 }),
    dynamics: (steps) => langevin({ ...samples, steps, temperature: 0.01, weightDecay: 0.1 }),
  },
  "a power schedule beside the stepped limit": {
    network: bottleneck({ firstLayerWidth: 21, secondLayerWidth: 3 }),
    dynamics: (steps) => gradientDescent({ ...samples, steps, schedule: power, clip: 1 }),
    limit: bottleneckLimit({ tolerance: null }),
  },
  Adam: {
    network: twoLayer({ width: 22 }),
    dynamics: (steps) => adam({ ...samples, stepSize: 0.01, steps }),
  },
  "a flow": {
    network: twoLayer({ width: 22 }),
    dynamics: (steps) => flow({ stepSize: 0.05, steps, expectation: population({ directions: 12 }) }),
  },
  "a wide coupling": {
    network: twoLayer({ width: 10 }),
    dynamics: (steps) => gradientDescent({ ...samples, steps }),
    limit: wideCoupling({ factor: 3 }),
  },
};

async function run(options: SimulateOptions) {
  const simulation = simulate(options);
  const records: SimulationRecord[] = [];
  for await (const record of simulation) records.push(record);
  const outcome = await simulation.outcome;
  return { outcome, records, particles: simulation.particles().buffer, checkpoint: simulation.checkpoint() };
}

const optionsOf = (
  { dynamics, ...rest }: Case,
  steps: number,
  more: Partial<SimulateOptions> = {},
): SimulateOptions => ({
  ...base,
  ...rest,
  dynamics: dynamics(steps),
  ...more,
});

describe.each(Object.keys(cases))("going on longer than was planned (%s)", (name) => {
  const planned = cases[name];

  it("has the bits of as many planned steps, in particles and records", async () => {
    const recordTimes = [0.3, 0.9, 2.1, 3.3];
    const whole = await run(optionsOf(planned, 83, { recordTimes }));
    const first = await run(optionsOf(planned, 40, { recordTimes }));
    const rest = await run(optionsOf(planned, 83, { recordTimes, checkpoint: first.checkpoint }));
    expect(rest.outcome).toMatchObject({ status: "completed", step: 83, stoppedBy: null });
    expect(rest.particles).toEqual(whole.particles);
    // The last record of before is shown again, as by any checkpoint; those behind it are not.
    expect(rest.records[0]).toEqual(first.records.at(-1));
    const later = rest.records.slice(1);
    expect(later.length).toBeGreaterThan(0);
    expect(later).toEqual(whole.records.filter(({ step }) => step > 40));
    expect(first.records.filter(({ step }) => step < 40)).toEqual(whole.records.filter(({ step }) => step < 40));
  });
});

describe("a simulation that goes on longer", () => {
  const planned = cases["Langevin dynamics"];

  it("may do so from the middle of the first plan, with other record times and on other threads, and again", async () => {
    const whole = await run(optionsOf(planned, 120, { recordTimes: [] }));
    const simulation = simulate(optionsOf(planned, 60, { recordTimes: 6 }));
    let middle = new Uint8Array();
    for await (const { step } of simulation) if (step < 30) middle = new Uint8Array(simulation.checkpoint());
    const second = await run(optionsOf(planned, 90, { recordTimes: 9, checkpoint: middle, threads: 2 }));
    const steps = second.records.map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((left, right) => left - right));
    expect(steps.at(-1)).toBe(90);
    const third = await run(optionsOf(planned, 120, { recordTimes: [], checkpoint: second.checkpoint }));
    expect(third.particles).toEqual(whole.particles);
    expect(third.records.map(({ step }) => step)).toEqual([90, 120]);
    expect(third.records[1]).toEqual(whole.records.at(-1));
  });

  it("has an exact limit within its tolerance of the planned one's, and everything else to the bit", async () => {
    const limit = bottleneckLimit({ tolerance: 1e-10 });
    const exact = { ...cases["a power schedule beside the stepped limit"], limit };
    const whole = await run(optionsOf(exact, 80, { recordTimes: [] }));
    const first = await run(optionsOf(exact, 33, { recordTimes: [] }));
    const rest = await run(optionsOf(exact, 80, { recordTimes: [], checkpoint: first.checkpoint }));
    expect(rest.particles).toEqual(whole.particles);
    const [found, expected] = [rest, whole].map(({ records }) => records[records.length - 1]);
    expect(found.loss).toBe(expected.loss);
    const [left, right] = [found, expected].map(({ observables }) => observables.limitLoss ?? Number.NaN);
    expect(Math.abs(left - right)).toBeLessThan(1e-8);
  });

  it("is refused a linear schedule, fewer steps, and other record times without more steps", async () => {
    const linear = (steps: number) =>
      optionsOf(
        {
          ...planned,
          dynamics: (count) => gradientDescent({ ...samples, steps: count, schedule: { kind: "linear", to: 0 } }),
        },
        steps,
      );
    const { checkpoint } = await run(linear(20));
    expect(() => simulate({ ...linear(30), checkpoint })).toThrow(
      /^steps: expected 20 as planned, got 30; a linear schedule falls over all planned steps/,
    );
    const other = await run(optionsOf(planned, 20));
    expect(() => simulate(optionsOf(planned, 10, { checkpoint: other.checkpoint }))).toThrow(
      /^steps: expected at least the 20 that were planned when the checkpoint was written, got 10; start again/,
    );
    expect(() => simulate(optionsOf(planned, 20, { checkpoint: other.checkpoint, recordTimes: 3 }))).toThrow(
      /^checkpoint: expected one of this simulation, got one with other record times; give the same, or more steps$/,
    );
    const hotter = {
      ...planned,
      dynamics: (steps: number) => langevin({ ...samples, steps, temperature: 0.02, weightDecay: 0.1 }),
    };
    expect(() => simulate(optionsOf(hotter, 30, { checkpoint: other.checkpoint }))).toThrow(
      /^checkpoint: expected one of this simulation, got one with other parameters/,
    );
  });

  it("ends at once where a stop rule still holds, and goes on where it is left out", async () => {
    const stopWhen = { later: ({ step }: SimulationRecord) => step > 5 };
    const first = await run(optionsOf(planned, 40, { stopWhen, recordTimes: [0.6] }));
    expect(first.outcome).toMatchObject({ stoppedBy: "later", step: 6 });
    const again = await run(optionsOf(planned, 60, { stopWhen, recordTimes: [0.6], checkpoint: first.checkpoint }));
    expect(again.outcome).toMatchObject({ stoppedBy: "later", step: 6 });
    const on = await run(optionsOf(planned, 60, { recordTimes: [0.6], checkpoint: first.checkpoint }));
    expect(on.outcome).toMatchObject({ stoppedBy: null, step: 60 });
    expect(on.particles).toEqual((await run(optionsOf(planned, 60, { recordTimes: [] }))).particles);
  });
});
