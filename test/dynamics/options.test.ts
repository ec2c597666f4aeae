import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  batchSize,
  createClock,
  defaultDirections,
  flow,
  gradientDescent,
  langevin,
  population,
  radialExact,
  type StepSizeSchedule,
  sgd,
  withSteps,
} from "../../src/dynamics/index.ts";

describe("dynamics", () => {
  it("are plain frozen data with every default filled in", () => {
    const spec = gradientDescent({ stepSize: 0.1, steps: 5 });
    expect(spec).toEqual({
      kind: "gradient-descent",
      integrator: "euler",
      stepSize: 0.1,
      steps: 5,
      schedule: { kind: "constant" },
      expectation: null,
      layerSpeeds: { first: 1, second: 1, third: 1 },
      freeze: [],
      clip: null,
      moments: null,
      temperature: 0,
      weightDecay: 0,
    });
    expect(Object.isFrozen(spec) && Object.isFrozen(spec.layerSpeeds) && Object.isFrozen(spec.schedule)).toBe(true);
    expect(structuredClone(spec)).toEqual(spec);
  });

  it("end at a time instead of after steps: at the steps nearest to it, of a linear schedule's mean size, at least one", () => {
    expect(gradientDescent({ stepSize: 0.3, time: 10 })).toEqual(gradientDescent({ stepSize: 0.3, steps: 33 }));
    expect(gradientDescent({ stepSize: 0.3, time: 0.01 }).steps).toBe(1);
    const schedule = { kind: "linear", to: 0.5 } as const;
    const linear = gradientDescent({ stepSize: 0.4, time: 30, schedule });
    expect(linear.steps).toBe(100);
    expect(createClock(linear).time(100)).toBeCloseTo(30, 12);
    expect(flow({ stepSize: 0.5, time: 2 })).toEqual(flow({ stepSize: 0.5, steps: 4 }));
  });

  it("ask for a tolerance in place of a step size, which is then still to be chosen", () => {
    const spec = gradientDescent({ tolerance: 0.01, time: 20 });
    expect(spec).toEqual({
      ...gradientDescent({ stepSize: 1, steps: 1 }),
      stepSize: null,
      steps: null,
      tolerance: 0.01,
      time: 20,
      from: 0,
      maximumSteps: 1e6,
    });
    expect(Object.isFrozen(spec)).toBe(true);
    expect(flow({ tolerance: 0.5, time: 1, maximumSteps: 3 })).toMatchObject({
      integrator: "rungeKutta4",
      tolerance: 0.5,
      maximumSteps: 3,
    });
    expect(withSteps(spec, 0.25, 80)).toEqual(gradientDescent({ stepSize: 0.25, steps: 80 }));
  });

  it("a flow is Runge-Kutta of order 4 in population mode", () => {
    expect(flow({ stepSize: 0.1, steps: 5 })).toMatchObject({
      integrator: "rungeKutta4",
      expectation: { kind: "population", directions: null, arrangement: null },
    });
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      "stepSize 0",
      () => gradientDescent({ stepSize: 0, steps: 1 }),
      /^stepSize: expected a number in \(0, 1000\], got 0/,
    ],
    ["stepSize NaN", () => gradientDescent({ stepSize: NaN, steps: 1 }), /^stepSize: .* got NaN/],
    ["steps -1", () => gradientDescent({ stepSize: 1, steps: -1 }), /^steps: expected an integer >= 0, got -1/],
    ["steps 1.5", () => gradientDescent({ stepSize: 1, steps: 1.5 }), /^steps: .* got 1.5/],
    [
      "neither steps nor time",
      () => gradientDescent({ stepSize: 1 }),
      /^steps: expected an integer >= 0, got undefined/,
    ],
    [
      "both steps and time",
      () => gradientDescent({ stepSize: 1, steps: 2, time: 2 }),
      /^time: expected nothing, since steps is given, got 2; give either steps or time/,
    ],
    ["time 0", () => gradientDescent({ stepSize: 1, time: 0 }), /^time: expected a number in \(0, 1e12\], got 0/],
    [
      "a power schedule that should end at a time",
      () => gradientDescent({ stepSize: 1, time: 2, schedule: { kind: "power", after: 1, exponent: 1 } }),
      /^schedule: expected constant or linear, since the run ends at a time, got power/,
    ],
    [
      "a power schedule chosen by tolerance",
      () => gradientDescent({ tolerance: 0.1, time: 2, schedule: { kind: "power", after: 1, exponent: 0.5 } }),
      /^schedule: expected constant or linear/,
    ],
    [
      "a tolerance beside a step size",
      () => gradientDescent({ tolerance: 0.1, time: 2, stepSize: 1 } as Parameters<typeof gradientDescent>[0]),
      /^stepSize: expected nothing, since tolerance is given, got 1; give either stepSize or tolerance/,
    ],
    [
      "a tolerance beside a number of steps",
      () => gradientDescent({ tolerance: 0.1, time: 2, steps: 1 } as Parameters<typeof gradientDescent>[0]),
      /^steps: expected nothing, since tolerance is given/,
    ],
    [
      "a tolerance of 1",
      () => gradientDescent({ tolerance: 1, time: 2 }),
      /^tolerance: expected a number in \[1e-6, 0.5\], got 1/,
    ],
    [
      "a tolerance without a time",
      () => gradientDescent({ tolerance: 0.1 } as Parameters<typeof gradientDescent>[0]),
      /^time: expected a number in \(0, 1e12\], got undefined/,
    ],
    [
      "a tolerance from after the end",
      () => gradientDescent({ tolerance: 0.1, time: 2, from: 3 }),
      /^from: expected a number in \[0, 2\], the time of the run, got 3/,
    ],
    [
      "maximumSteps 0",
      () => gradientDescent({ tolerance: 0.1, time: 2, maximumSteps: 0 }),
      /^maximumSteps: expected an integer in \[1, 1000000000\], got 0/,
    ],
    [
      "clip 0",
      () => gradientDescent({ stepSize: 1, steps: 1, clip: 0 }),
      /^clip: expected a number in \(0, 1e12\] or none, got 0/,
    ],
    [
      "a frozen layer by -1",
      () => gradientDescent({ stepSize: 1, steps: 1, layerSpeeds: { second: -1 } }),
      /^layerSpeeds.second: /,
    ],
    [
      "a third layer by NaN",
      () => gradientDescent({ stepSize: 1, steps: 1, layerSpeeds: { third: Number.NaN } }),
      /^layerSpeeds.third: expected a number in \[0, 1e6\], got NaN/,
    ],
    [
      "a power of 3",
      () => gradientDescent({ stepSize: 1, steps: 1, schedule: { kind: "power", after: 1, exponent: 3 } }),
      /^schedule: /,
    ],
    [
      "linear to 2",
      () => gradientDescent({ stepSize: 1, steps: 1, schedule: { kind: "linear", to: 2 } }),
      /^schedule: /,
    ],
    [
      "a schedule that does not exist",
      () => gradientDescent({ stepSize: 1, steps: 1, schedule: { kind: "cosine" } as unknown as StepSizeSchedule }),
      /^schedule: .*cosine/,
    ],
    [
      "an integrator that does not exist",
      () => flow({ stepSize: 1, steps: 1, integrator: "midpoint" as "heun" }),
      /^integrator: expected one of euler, heun, rungeKutta4, got "midpoint"/,
    ],
    [
      "a temperature of -1",
      () => langevin({ stepSize: 1, steps: 1, temperature: -1 }),
      /^temperature: expected a number in \[0, 1e6\], got -1/,
    ],
    [
      "Langevin dynamics without a temperature",
      () => langevin({ stepSize: 1, steps: 1 } as Parameters<typeof langevin>[0]),
      /^temperature: .* got undefined/,
    ],
    [
      "a weight decay of -1",
      () => gradientDescent({ stepSize: 1, steps: 1, weightDecay: -1 }),
      /^weightDecay: expected a number in \[0, 1e6\], got -1/,
    ],
    [
      "a weight decay too large for the step",
      () => langevin({ stepSize: 0.5, steps: 1, temperature: 1, weightDecay: 1, layerSpeeds: { second: 4 } }),
      /^weightDecay: expected stepSize \* weightDecay \* layer speed < 2, .*, got 2; lower stepSize or weightDecay$/,
    ],
    [
      "weight decay within Runge-Kutta stages",
      () => flow({ stepSize: 0.5, steps: 1, ...{ weightDecay: 1 } }),
      /^weightDecay: expected 0 with rungeKutta4, got 1; use dynamics.gradientDescent$/,
    ],
    [
      "freezing by something that is no list",
      () => gradientDescent({ stepSize: 1, steps: 1, freeze: "first" as unknown as string[] }),
      /^freeze: expected a list of names of layers or particle arrays, got "first"/,
    ],
    ["batch 0", () => sgd({ batch: 0 }), /^batch: expected an integer in \[1, 16777216\], got 0/],
    ["directions 2.5", () => radialExact({ directions: 2.5 }), /^directions: /],
    [
      "an arrangement that does not exist",
      () => population({ arrangement: "antithetic" as "frames" }),
      /^arrangement: .*did you mean "antithetic-pairs"|^arrangement: /,
    ],
    [
      "Heun on fresh samples",
      () => flow({ stepSize: 1, steps: 1, integrator: "heun", expectation: sgd({ batch: 2 }) }),
      /^expectation: heun needs population or fixed-samples, got sgd/,
    ],
    [
      "Runge-Kutta on fresh directions",
      () => flow({ stepSize: 1, steps: 1, expectation: radialExact() }),
      /^expectation: rungeKutta4 needs population or fixed-samples, got radial-exact/,
    ],
    [
      "clipping with the radius integrated",
      () => gradientDescent({ stepSize: 1, steps: 1, clip: 1, expectation: radialExact() }),
      /^clip: per-example clipping needs expectation=sgd/,
    ],
  ])("refuse %s", (_name, make, message) => {
    expect(make).toThrow(message);
  });

  it("take whole groups of at least 128 directions by default", () => {
    for (const dimension of [2, 10, 63, 64, 65, 200]) {
      const count = defaultDirections("antithetic-frames", dimension);
      expect(count % (2 * dimension)).toBe(0);
      expect(count).toBeGreaterThanOrEqual(128);
      expect(count - 2 * dimension).toBeLessThan(128);
      // Beyond d = 128 antithetic pairs are the default.
      expect(batchSize(radialExact(), dimension)).toBe(dimension > 128 ? 128 : count);
    }
    expect(batchSize(sgd({ batch: 7 }), 3)).toBe(7);
    expect(batchSize(population({ directions: 5 }), 3)).toBe(5);
  });
});

const schedules: fc.Arbitrary<StepSizeSchedule> = fc.oneof(
  fc.constant({ kind: "constant" } as const),
  fc.record({
    kind: fc.constant("power" as const),
    after: fc.double({ min: 0.1, max: 100, noNaN: true }),
    exponent: fc.double({ min: 0, max: 2, noNaN: true }),
  }),
  fc.record({ kind: fc.constant("linear" as const), to: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

describe("a clock", () => {
  const clockOf = (schedule: StepSizeSchedule, steps: number) =>
    createClock(gradientDescent({ stepSize: 0.3, steps, schedule }));

  it("has the time that its step sizes add up to", () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 60 }), (schedule, steps) => {
        const clock = clockOf(schedule, steps);
        let time = 0;
        for (let step = 0; step <= steps; step += 1) {
          expect(Math.abs(clock.time(step) - time)).toBeLessThan(1e-12);
          time += clock.stepSize(step);
        }
      }),
    );
  });

  it("finds the step nearest to a time, between 0 and the last", () => {
    fc.assert(
      fc.property(
        schedules,
        fc.integer({ min: 0, max: 60 }),
        fc.double({ min: 0, max: 30, noNaN: true }),
        (schedule, steps, time) => {
          const clock = clockOf(schedule, steps);
          const found = clock.stepAt(time);
          const distances = Array.from({ length: steps + 1 }, (_, step) => Math.abs(clock.time(step) - time));
          expect(found).toBeGreaterThanOrEqual(0);
          expect(found).toBeLessThanOrEqual(steps);
          expect(distances[found]).toBeLessThanOrEqual(Math.min(...distances) + 1e-12);
        },
      ),
    );
  });

  it("follows the formulas of its schedules", () => {
    expect(clockOf({ kind: "power", after: 10, exponent: 0.5 }, 50).stepSize(30)).toBeCloseTo(0.15, 15);
    const linear = clockOf({ kind: "linear", to: 0.25 }, 11);
    expect([0, 5, 10].map(linear.stepSize)).toEqual([0.3, 0.3 * 0.625, 0.3 * 0.25]);
    expect(clockOf({ kind: "linear", to: 0 }, 1).stepSize(0)).toBe(0.3);
    expect(clockOf({ kind: "constant" }, 1000).time(1000)).toBe(300);
  });
});
