import { describe, expect, test } from "vitest";
import { ball, buildLaw, gaussian, heavyTailed, hypercube } from "../../src/laws/index.ts";
import { createTwoLayerLimit, type Limit, solveLimit, twoLayerState } from "../../src/limits/index.ts";
import { deriveKey, fillNormal } from "../../src/numerics/random/index.ts";
import { integrators } from "../../src/numerics/runge-kutta.ts";
import { fitPowerLaw } from "../../src/numerics/statistics.ts";
import { ballIndicator, buildTarget, hinge } from "../../src/targets/index.ts";

const target = buildTarget(hinge());

/** Atoms of both signs: active everywhere, nowhere, and on one side only. */
const start = twoLayerState({
  a: [1.2, -0.7, 0.4, -1.5, 0.9],
  rho: [0.8, 1.7, 0.3, 1.1, 2.2],
  b: [0.3, -0.6, -0.9, 0.8, -0.1],
});
const width = 5;

function derivativeOf(limit: Limit, y: Float64Array): Float64Array {
  const out = new Float64Array(limit.size);
  limit.system.derivative(0, y, out);
  return out;
}

const problems = [
  ["ball, d = 2", buildLaw(ball({ dimension: 2, ballRadius: 1.5 })), target],
  ["Gaussian, d = 7", buildLaw(gaussian({ dimension: 7 })), target],
  [
    "heavy tails, d = 10",
    buildLaw(heavyTailed({ dimension: 10, radiusCutoff: 3 })),
    buildTarget(ballIndicator({ radius: 0.7 })),
  ],
] as const;

describe.each(problems)("the two-layer limit (%s)", (_name, law, problemTarget) => {
  const limit = createTwoLayerLimit({ law, target: problemTarget, width });

  test("velocities are minus width times the loss's slopes, to 1e-6", () => {
    const velocity = derivativeOf(limit, start);
    const largest = Math.max(...velocity.map(Math.abs));
    for (let index = 0; index < start.length; index += 1) {
      const step = 1e-5;
      const above = start.slice();
      const below = start.slice();
      above[index] += step;
      below[index] -= step;
      const slope = (limit.loss(above) - limit.loss(below)) / (2 * step);
      // In d = 2 phi has unbounded second derivatives at the atoms' edges, which a node may meet.
      const tolerance = law.dimension === 2 ? 1e-4 : 1e-6;
      expect(Math.abs(velocity[index] + width * slope)).toBeLessThan(tolerance * largest);
    }
  });

  test("layer speeds multiply the velocities", () => {
    const plain = derivativeOf(limit, start);
    const layerSpeeds = { first: 3, second: 0.5 };
    const other = derivativeOf(createTwoLayerLimit({ law, target: problemTarget, width, layerSpeeds }), start);
    plain.forEach((value, index) => {
      expect(other[index]).toBeCloseTo(value * (index < width ? 0.5 : 3), 14);
    });
  });

  test("a^2 - rho^2 - b^2 of every particle is conserved while the loss falls, with weights for layer speeds", () => {
    for (const layerSpeeds of [
      { first: 1, second: 1 },
      { first: 0.4, second: 2 },
    ]) {
      const moving = createTwoLayerLimit({ law, target: problemTarget, width, layerSpeeds });
      const states = solveLimit(moving, start, [0, 1, 3], { relative: 1e-9, absolute: 1e-9 });
      states.forEach((state, index) => {
        if (index > 0) expect(moving.loss(state)).toBeLessThan(moving.loss(states[index - 1]));
        moving.invariants(state).forEach((value, particle) => {
          const [a, rho, b] = [start[particle], start[width + particle], start[2 * width + particle]];
          expect(Math.abs(value - layerSpeeds.first * a * a + layerSpeeds.second * (rho * rho + b * b))).toBeLessThan(
            1e-6,
          );
        });
      });
    }
  });

  test("agrees with Monte Carlo over inputs and over the directions of finite networks", () => {
    const { dimension } = law;
    const draws = 40_000;
    const points = new Float64Array(draws * dimension);
    const streams = { directions: deriveKey(2, "points", dimension), radii: deriveKey(2, "radii", dimension) };
    law.sample(points, { first: 0, count: draws, step: 0, replica: 0 }, streams);
    const velocity = derivativeOf(limit, start);
    const { value } = limit.profile(start);
    const weights = new Float64Array(width * dimension);
    fillNormal(weights, 0, weights.length, 0, deriveKey(2, "weights", dimension), 0, 0, 0);
    for (let particle = 0; particle < width; particle += 1) {
      const row = weights.subarray(particle * dimension, (particle + 1) * dimension);
      const scale = start[width + particle] / Math.hypot(...row);
      for (let column = 0; column < dimension; column += 1) row[column] *= scale;
    }
    // Per sample: 1/2 e^2, then for each particle the summands of a', rho', b', with rho' the velocity of w along w.
    const statistics = 1 + 3 * width;
    const sums = new Float64Array(statistics);
    const squares = new Float64Array(statistics);
    const add = (index: number, summand: number): void => {
      sums[index] += summand;
      squares[index] += summand * summand;
    };
    for (let draw = 0; draw < draws; draw += 1) {
      const x = points.subarray(draw * dimension, (draw + 1) * dimension);
      const error = value(Math.hypot(...x)) - problemTarget.value(points, draw * dimension, dimension);
      add(0, (error * error) / 2);
      for (let particle = 0; particle < width; particle += 1) {
        let product = 0;
        for (let column = 0; column < dimension; column += 1)
          product += weights[particle * dimension + column] * x[column];
        const input = product + start[2 * width + particle];
        const active = input > 0 ? error : 0;
        add(1 + particle, -active * input);
        add(1 + width + particle, (-start[particle] * active * product) / start[width + particle]);
        add(1 + 2 * width + particle, -start[particle] * active);
      }
    }
    const expected = [limit.loss(start), ...velocity];
    for (let index = 0; index < statistics; index += 1) {
      const average = sums[index] / draws;
      const error = Math.sqrt((squares[index] / draws - average * average) / draws);
      // An atom that hardly any sample meets has no error estimate; 1e-12 covers those that none meets.
      expect(Math.abs(average - expected[index])).toBeLessThan(4 * error + 1e-12);
    }
  });
});

describe("the two-layer limit's radial rule", () => {
  test.each([
    [3, 1e-8, 1e-5],
    [5, 1e-11, 1e-8],
    [10, 1e-13, 1e-12],
  ])(
    "at d = %i gives the loss to %s and velocities to %s with the default nodes",
    (dimension, lossError, velocityError) => {
      const law = buildLaw(ball({ dimension, ballRadius: 2 }));
      const limit = createTwoLayerLimit({ law, target, width });
      const fine = createTwoLayerLimit({ law, target, width, nodesPerPanel: 256 });
      expect(Math.abs(limit.loss(start) - fine.loss(start))).toBeLessThan(lossError);
      const expected = derivativeOf(fine, start);
      derivativeOf(limit, start).forEach((value, index) => {
        expect(Math.abs(value - expected[index])).toBeLessThan(velocityError);
      });
    },
  );
});

describe("steps of the two-layer limit", () => {
  const law = buildLaw(gaussian({ dimension: 7 }));
  const limit = createTwoLayerLimit({ law, target, width });

  test("gradient descent is Euler in a, rho and b", () => {
    const velocity = derivativeOf(limit, start);
    const y = start.slice();
    limit.eulerStep(y, 0.05);
    y.forEach((value, index) => {
      expect(value).toBeCloseTo(start[index] + 0.05 * velocity[index], 14);
    });
  });

  test("a step that carries w through 0 leaves the norm of the mirrored w", () => {
    const velocity = derivativeOf(limit, start);
    const particle = [0, 1, 2, 3, 4].find((index) => velocity[width + index] < 0) ?? -1;
    const stepSize = (-1.5 * start[width + particle]) / velocity[width + particle];
    const y = start.slice();
    limit.eulerStep(y, stepSize);
    expect(y[width + particle]).toBeCloseTo(start[width + particle] / 2, 12);
  });

  test("a neuron with w = 0 keeps it, by symmetry", () => {
    const y = twoLayerState({ a: [1, -1, 1], rho: [0, 0, 0.5], b: [0.3, 0, -0.2] });
    const three = createTwoLayerLimit({ law, target, width: 3 });
    const velocity = derivativeOf(three, y);
    expect(Math.abs(velocity[3])).toBe(0);
    expect(Math.abs(velocity[4])).toBe(0);
    expect(velocity[5]).not.toBe(0);
  });

  test.each(Object.values(integrators))("$name keeps its order", (integrator) => {
    const [reference] = solveLimit(limit, start, [1], { relative: 1e-12, absolute: 1e-12 });
    const step = limit.createStep(integrator);
    const steps = [16, 32, 64];
    const errors = steps.map((count) => {
      const y = start.slice();
      for (let index = 0; index < count; index += 1) step(y, 1 / count);
      return Math.hypot(...y.map((value, index) => value - reference[index]));
    });
    expect(Math.abs(fitPowerLaw(steps, errors).slope.value + integrator.order)).toBeLessThan(0.1);
  });
});

describe("the two-layer limit's refusals", () => {
  test("name the part that does not fit", () => {
    const law = buildLaw(ball({ dimension: 4 }));
    expect(() => createTwoLayerLimit({ law: buildLaw(hypercube({ dimension: 4 })), target, width })).toThrow(
      "law: expected",
    );
    expect(() => createTwoLayerLimit({ law, target, width: 1.5 })).toThrow(
      "width: expected a positive integer, got 1.5",
    );
    expect(() => createTwoLayerLimit({ law, target, width, nodesPerPanel: 0 })).toThrow("nodesPerPanel: expected");
    expect(() => createTwoLayerLimit({ law: buildLaw(heavyTailed({ dimension: 4 })), target, width })).toThrow(
      expect.objectContaining({ code: "unsupported-combination" }),
    );
    expect(() => twoLayerState({ a: [1], rho: [-1], b: [0] })).toThrow("rho: expected numbers >= 0, got -1");
    expect(() => twoLayerState({ a: [1], rho: [1], b: [Number.NaN] })).toThrow("expected finite numbers, got NaN");
    expect(() => twoLayerState({ a: [1], rho: [1, 2], b: [0] })).toThrow("rho: expected 1 numbers");
    expect(() => twoLayerState({ a: [1], rho: [1], b: [] })).toThrow("b: expected 1 numbers");
    expect(() => twoLayerState({ a: [], rho: [], b: [] })).toThrow("a: expected at least one number");
  });

  test("NaN does not pass a step", () => {
    const limit = createTwoLayerLimit({ law: buildLaw(ball({ dimension: 4 })), target, width: 1 });
    expect(() => limit.eulerStep(Float64Array.of(1, Number.NaN, 0), 0.1)).toThrow("the derivative is not finite");
  });
});
