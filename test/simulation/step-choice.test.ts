import { describe, expect, it } from "vitest";
import {
  createClock,
  type DynamicsSpec,
  flow,
  gradientDescent,
  population,
  sgd,
  type ToleranceSpec,
} from "../../src/dynamics/index.ts";
import { ball, buildLaw, gaussian, heavyTailed } from "../../src/laws/index.ts";
import { bottleneck as bottleneckLimit, twoLayer as twoLayerLimit } from "../../src/limits/index.ts";
import {
  bottleneck,
  bottleneckAlpha,
  buildNetwork,
  dense,
  meanReluOfCoordinate,
  twoLayer,
} from "../../src/networks/index.ts";
import { fitPowerLaw } from "../../src/numerics/index.ts";
import { checkSimulation, type SimulateOptions, simulate } from "../../src/simulation/index.ts";
import { hinge } from "../../src/targets/index.ts";

const dimension = 6;
const evaluation = { directions: 24 };
const oneAtom = {
  problem: { law: ball({ dimension, ballRadius: 2 }), target: hinge() },
  network: bottleneck({
    firstLayerWidth: 12,
    secondLayerWidth: 1,
    secondLayerStart: "equal",
    initialV: -0.4,
    initialB: 0.7,
  }),
  limit: bottleneckLimit(),
  evaluation,
  seed: 3,
};

/** The bottleneck limit with one atom, written down anew: particles (sqrt(alpha), v, b), radial integrals by a rule between the kink and 1. */
function independentError(stepSize: number, steps: number, times: readonly number[]): number[] {
  const radius = buildLaw(oneAtom.problem.law).radius;
  if (radius === null) throw new Error("a ball has a radius");
  const value = ([root, v, b]: readonly number[], r: number) => Math.max(0, v * root * root * r + b);
  const kinkOf = ([root, v, b]: readonly number[]) => -b / (v * root * root);
  const velocity = (y: readonly number[]): readonly number[] => {
    const [root, v] = y;
    const { nodes, weights } = radius.rule(
      [1, kinkOf(y)].sort((left, right) => left - right),
      12,
    );
    let byRadius = 0;
    let byOne = 0;
    nodes.forEach((r, node) => {
      if (value(y, r) <= 0) return;
      const part = weights[node] * (value(y, r) - Math.max(0, 1 - r));
      byRadius += part * r;
      byOne += part;
    });
    return [-2 * meanReluOfCoordinate(dimension) * root * v * byRadius, -root * root * byRadius, -byOne];
  };
  const add = (y: readonly number[], factor: number, k: readonly number[]) =>
    y.map((entry, at) => entry + factor * k[at]);
  const euler = (y: readonly number[]) => add(y, stepSize, velocity(y));
  const rungeKutta = (y: readonly number[], h: number) => {
    const first = velocity(y);
    const second = velocity(add(y, h / 2, first));
    const third = velocity(add(y, h / 2, second));
    const fourth = velocity(add(y, h, third));
    return add(add(add(add(y, h / 6, first), h / 3, second), h / 3, third), h / 6, fourth);
  };
  const start = buildNetwork(oneAtom.network, dimension).start(oneAtom.seed);
  let stepped: readonly number[] = [Math.sqrt(bottleneckAlpha(start, dimension)), start.arrays.v[0], start.arrays.b[0]];
  let exact = stepped;
  const errors: number[] = [];
  for (let step = 0; step <= steps; step += 1) {
    if (times.some((time) => Math.abs(time - step * stepSize) < stepSize / 2)) {
      const breaks = [1, kinkOf(stepped), kinkOf(exact)].sort((left, right) => left - right);
      const { nodes, weights } = radius.rule(breaks, 12);
      const square = (f: (r: number) => number) => nodes.reduce((sum, r, node) => sum + weights[node] * f(r) ** 2, 0);
      const difference = square((r) => value(stepped, r) - value(exact, r));
      errors.push(Math.sqrt(difference / square((r) => value(exact, r) - Math.max(0, 1 - r))));
    }
    stepped = euler(stepped);
    exact = rungeKutta(rungeKutta(exact, stepSize / 2), stepSize / 2);
  }
  return errors;
}

describe("a tolerance in place of a step size", () => {
  it("leads to a step that meets it in an independent calculation of the limit, and to one hardly smaller than need be", () => {
    const tolerance = 0.03;
    const time = 4;
    const simulation = simulate({ ...oneAtom, dynamics: gradientDescent({ tolerance, time }), recordTimes: [1, 2, 4] });
    const choice = simulation.stepChoice;
    if (choice === null) throw new Error("no step was chosen");
    expect(choice).toMatchObject({ tolerance, time });
    expect(simulation.dynamics).toMatchObject({ stepSize: choice.stepSize, steps: choice.steps, integrator: "euler" });
    expect(choice.stepSize * choice.steps).toBeCloseTo(time, 12);
    const all = Array.from({ length: choice.steps }, (_, step) => (step + 1) * choice.stepSize);
    const errors = independentError(choice.stepSize, choice.steps, all);
    // The times of comparison are among these; what lies between two of them can be higher by a trifle.
    expect(Math.max(...errors)).toBeGreaterThanOrEqual(choice.timeStepError * (1 - 1e-6));
    expect(Math.max(...errors)).toBeLessThan(1.01 * choice.timeStepError);
    expect(choice.timeStepError).toBeLessThanOrEqual(tolerance);
    // The error grows as the step, and the search ends above three quarters of the tolerance: a step 1.4 times as long breaks it.
    const longer = time / Math.floor(choice.steps / 1.4);
    expect(Math.max(...independentError(longer, Math.floor(choice.steps / 1.4), all))).toBeGreaterThan(tolerance);
  });

  it.each<[string, SimulateOptions & { readonly dynamics: ToleranceSpec }]>([
    ["bottleneck, gradient descent", { ...oneAtom, dynamics: gradientDescent({ tolerance: 0.02, time: 8 }) }],
    [
      "bottleneck of 4 atoms, heavy tails without a cutoff, a falling step",
      {
        ...oneAtom,
        problem: { law: heavyTailed({ dimension }), target: hinge() },
        network: bottleneck({ firstLayerWidth: 12, secondLayerWidth: 4 }),
        dynamics: gradientDescent({ tolerance: 0.05, time: 8, schedule: { kind: "linear", to: 0.2 } }),
      },
    ],
    [
      "bottleneck, Heun",
      {
        ...oneAtom,
        dynamics: flow({ tolerance: 1e-3, time: 8, integrator: "heun", expectation: population({ directions: 12 }) }),
      },
    ],
    [
      "bottleneck, sgd",
      { ...oneAtom, dynamics: gradientDescent({ tolerance: 0.1, time: 4, expectation: sgd({ batch: 16 }) }) },
    ],
    [
      "two-layer, whose limit is solved exactly for it",
      {
        ...oneAtom,
        problem: { law: gaussian({ dimension }), target: hinge() },
        network: twoLayer({ width: 10 }),
        limit: twoLayerLimit(),
        dynamics: gradientDescent({ tolerance: 0.02, time: 4 }),
      },
    ],
  ])("holds at every record of the run, as its budget shows (%s)", async (_name, options) => {
    const { tolerance } = options.dynamics;
    const simulation = simulate({ ...options, recordTimes: 12 });
    let largest = 0;
    for await (const { budget, time } of simulation) {
      const { timeStep, meanField } = budget.trajectory ?? { timeStep: null, meanField: null };
      if (timeStep === null || meanField === null) throw new Error(`no time-step term at ${time}`);
      expect(budget.timeStep).toEqual(timeStep);
      largest = Math.max(largest, Math.sqrt(Math.max(0, timeStep.value) / meanField.value));
    }
    const outcome = await simulation.outcome;
    expect(outcome).toMatchObject({ status: "completed", step: simulation.dynamics.steps });
    expect(outcome.time).toBeCloseTo(options.dynamics.time, 10);
    const error = simulation.stepChoice?.timeStepError ?? Number.NaN;
    expect(error).toBeLessThanOrEqual(tolerance);
    expect(error).toBeGreaterThan(0.5 * tolerance);
    // The records are among the times of comparison, and are compared by the same integrals.
    expect(largest).toBeLessThanOrEqual(error * (1 + 1e-4));
  });

  it.each([
    ["euler", 1, [0.1, 0.03, 0.01, 0.003]],
    ["heun", 2, [1e-3, 1e-4, 1e-5, 1e-6]],
    ["rungeKutta4", 4, [1e-4, 1e-5, 1e-6]],
  ] as const)("by %s gives steps that grow as the tolerance to the power 1/%i", (integrator, order, tolerances) => {
    const errors: number[] = [];
    const sizes = tolerances.map((tolerance) => {
      const { stepChoice } = simulate({
        ...oneAtom,
        limit: bottleneckLimit({ tolerance: 1e-12 }),
        dynamics: flow({ tolerance, time: 3, integrator, expectation: population({ directions: 12 }) }),
        recordTimes: 2,
        signal: AbortSignal.abort(),
      });
      errors.push(stepChoice?.timeStepError ?? Number.NaN);
      return stepChoice?.stepSize ?? Number.NaN;
    });
    // Against the error reached: the search leaves up to a quarter of each tolerance unused. Neighbouring orders would be off by a factor of two.
    const { slope } = fitPowerLaw(errors, sizes);
    expect(Math.abs(slope.value * order - 1)).toBeLessThan(0.15);
  });

  it("that must hold from a later time on leads to larger steps, and holds from then on and not before", async () => {
    const options = { ...oneAtom, recordTimes: [1, 2, 4, 8] };
    const simulation = simulate({ ...options, dynamics: gradientDescent({ tolerance: 0.02, time: 8, from: 4 }) });
    const ofAll = simulate({ ...options, dynamics: gradientDescent({ tolerance: 0.02, time: 8 }) }).dynamics;
    expect(simulation.dynamics.steps).toBeLessThan(ofAll.steps);
    const errors: [number, number][] = [];
    for await (const { time, budget } of simulation) {
      const { timeStep, meanField } = budget.trajectory ?? { timeStep: null, meanField: null };
      errors.push([time, Math.sqrt((timeStep?.value ?? Number.NaN) / (meanField?.value ?? Number.NaN))]);
    }
    for (const [time, error] of errors) if (time >= 4) expect(error).toBeLessThanOrEqual(0.02);
    expect(Math.max(...errors.map(([, error]) => error))).toBeGreaterThan(0.02);
  });

  it("is met by one step where nothing moves", () => {
    const still = gradientDescent({ tolerance: 1e-6, time: 100, layerSpeeds: { first: 0, second: 0 } });
    expect(simulate({ ...oneAtom, dynamics: still, signal: AbortSignal.abort() }).stepChoice).toMatchObject({
      steps: 1,
      stepSize: 100,
      timeStepError: 0,
    });
  });

  it("starts from no guess of the time scale: layers a thousand times as fast get steps a thousand times as small", () => {
    const chosen = (speed: number) =>
      simulate({
        ...oneAtom,
        dynamics: gradientDescent({ tolerance: 0.05, time: 4 / speed, layerSpeeds: { first: speed, second: speed } }),
        recordTimes: 2,
        signal: AbortSignal.abort(),
      }).dynamics;
    expect(chosen(1000).steps / chosen(1).steps).toBeGreaterThan(0.75);
    expect(chosen(1000).steps / chosen(1).steps).toBeLessThan(1.34);
  });

  it("is kept by a checkpoint: the run goes on with its steps, to the same bits, without choosing again", async () => {
    const options = { ...oneAtom, dynamics: gradientDescent({ tolerance: 0.02, time: 8 }), recordTimes: 4 };
    const whole = simulate(options);
    const begun = simulate({ ...options, stopWhen: { later: (record) => record.step > 3 } });
    await Promise.all([whole.outcome, begun.outcome]);
    const on = simulate({ ...options, checkpoint: begun.checkpoint() });
    expect(await on.outcome).toMatchObject({ status: "completed", step: whole.dynamics.steps });
    expect(on.stepChoice).toEqual(whole.stepChoice);
    expect(on.particles().buffer).toEqual(whole.particles().buffer);
    const other = { ...options, dynamics: gradientDescent({ tolerance: 0.021, time: 8 }) };
    expect(() => simulate({ ...other, checkpoint: begun.checkpoint() })).toThrow(
      /^checkpoint: expected one of this simulation/,
    );
    const fixed = { ...options, dynamics: begun.dynamics };
    expect(() => simulate({ ...fixed, checkpoint: begun.checkpoint() })).toThrow(
      /^checkpoint: expected one of this simulation/,
    );
  });

  it("is null in a simulation whose step size was given, which shows it as its dynamics'", () => {
    const dynamics = gradientDescent({ stepSize: 0.25, time: 4 });
    const simulation = simulate({ ...oneAtom, dynamics, signal: AbortSignal.abort() });
    expect(simulation.stepChoice).toBeNull();
    expect(simulation.dynamics).toMatchObject({ stepSize: 0.25, steps: 16 } satisfies Partial<DynamicsSpec>);
    expect(createClock(simulation.dynamics).time(16)).toBe(4);
  });
});

describe("a tolerance is refused", () => {
  const asked = gradientDescent({ tolerance: 0.01, time: 4 });
  it.each<[string, SimulateOptions, string, RegExp]>([
    [
      "without a limit",
      { ...oneAtom, limit: null, dynamics: asked },
      "unsupported-combination",
      /^tolerance: expected an infinite-width limit, on which the error of a step size is measured, got none; give the network's limit/,
    ],
    [
      "for the dense network, which has none",
      { ...oneAtom, network: dense({ firstLayerWidth: 4, secondLayerWidth: 4 }), limit: null, dynamics: asked },
      "unsupported-combination",
      /^tolerance: expected an infinite-width limit/,
    ],
    [
      "by a limit solved too coarsely to judge",
      { ...oneAtom, limit: bottleneckLimit({ tolerance: 1e-5 }), dynamics: asked },
      "invalid-value",
      /^limit.tolerance: expected at most 0.000001, a ten-thousandth of the tolerance .*, got 0.00001;/,
    ],
    [
      "within too few steps, with the step that was reached and the steps that it would take",
      { ...oneAtom, dynamics: gradientDescent({ tolerance: 1e-3, time: 4, maximumSteps: 50 }) },
      "no-convergence",
      /^tolerance: expected 0.001 within 50 steps, got a time-step error of 0.0\d+ at stepSize 0.0800 \(50 steps until time 4\); it would take about \d+ steps; raise tolerance or maximumSteps, or take a scheme of higher order$/,
    ],
    [
      "over a time that the steps allowed cannot reach at any size",
      { ...oneAtom, dynamics: gradientDescent({ tolerance: 1e-3, time: 1e6, maximumSteps: 50 }) },
      "no-convergence",
      /^tolerance: expected 0.001 within 50 steps, got at least 1000 steps until time 1000000;/,
    ],
  ])("%s", (_name, options, code, message) => {
    for (const attempt of [simulate, checkSimulation]) {
      expect(() => attempt(options)).toThrow(message);
      expect(() => attempt(options)).toThrow(expect.objectContaining({ code }));
    }
  });

  it("by the two-layer network only when it runs: a check before would cost as much as the run", () => {
    const options: SimulateOptions = {
      ...oneAtom,
      network: twoLayer({ width: 4 }),
      limit: twoLayerLimit({ nodesPerPanel: 4 }),
      dynamics: gradientDescent({ tolerance: 1e-3, time: 4, maximumSteps: 5 }),
    };
    expect(() => checkSimulation(options)).not.toThrow();
    expect(() => simulate(options)).toThrow(expect.objectContaining({ code: "no-convergence" }));
  });
});
