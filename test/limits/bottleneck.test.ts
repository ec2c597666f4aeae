import { describe, expect, test } from "vitest";
import {
  ball,
  buildLaw,
  gaussian,
  heavyTailed,
  hypercube,
  type Law,
  type LawSpec,
  sphere,
} from "../../src/laws/index.ts";
import {
  type BottleneckLimitOptions,
  bottleneckState,
  createBottleneckLimit,
  type Limit,
  solveLimit,
} from "../../src/limits/index.ts";
import { createDormandPrince } from "../../src/numerics/dormand-prince.ts";
import { gaussLegendre } from "../../src/numerics/quadrature.ts";
import { integrateFixed, integrators } from "../../src/numerics/runge-kutta.ts";
import { fitPowerLaw } from "../../src/numerics/statistics.ts";
import { ballIndicator, buildTarget, hinge, norm, piecewiseLinear, type TargetSpec } from "../../src/targets/index.ts";

const heavyTailed10 = buildLaw(heavyTailed({ dimension: 10 }));
const target = buildTarget(hinge());
const limit10 = createBottleneckLimit({ law: heavyTailed10, target, secondLayerWidth: 1 });

function derivativeOf(limit: Limit, y: Float64Array): Float64Array {
  const out = new Float64Array(limit.size);
  limit.system.derivative(0, y, out);
  return out;
}

describe("the bottleneck limit at the checkpoints of the theory notes (d = 10, heavy tails)", () => {
  test.each([
    [1, 0.9979, -0.0442, 0.3644],
    [5, 1.0094, -0.2153, 0.6026],
    [20, 1.0716, -0.5356, 0.8039],
    [60, 1.1532, -0.7761, 0.9534],
  ])("at time %s alpha, v, b are %s, %s, %s", (time, alpha, v, b) => {
    const [y] = solveLimit(limit10, bottleneckState({ alpha: 1, v: [-0.1], b: [0.1] }), [time]);
    // Printed to 4 decimals.
    expect(Math.abs(y[0] - alpha)).toBeLessThanOrEqual(0.5e-4);
    expect(Math.abs(y[1] - v)).toBeLessThanOrEqual(0.5e-4);
    expect(Math.abs(y[2] - b)).toBeLessThanOrEqual(0.5e-4);
  });

  test("from v = -.01 alpha tends to 1.1844, which its conserved quantity gives with the optimum alpha v = -1", () => {
    const [y] = solveLimit(limit10, bottleneckState({ alpha: 1, v: [-0.01], b: [0.1] }), [600]);
    expect(Math.abs(y[0] - 1.1844)).toBeLessThan(0.5e-4);
    // alpha - 2 C / alpha^2 = 1 - 2 C v(0)^2 by Newton
    let alpha = 1;
    const constant = 1 - 2 * meanRelu(10) * 1e-4;
    for (let round = 0; round < 20; round += 1) {
      alpha -= (alpha - (2 * meanRelu(10)) / alpha ** 2 - constant) / (1 + (4 * meanRelu(10)) / alpha ** 3);
    }
    expect(Math.abs(y[0] - alpha)).toBeLessThan(1e-7);
    expect(Math.abs(y[1] + 1 / alpha)).toBeLessThan(1e-7);
    expect(Math.abs(y[2] - 1)).toBeLessThan(1e-7);
  });

  test("the distance to the optimum decays at the smallest eigenvalue of the linearisation, .0363", () => {
    const moments = new Float64Array(3);
    heavyTailed10.radius?.moments(1, moments, 0);
    const [mass, first, second] = moments;
    const smallest = (scale: number): number => {
      const trace = scale * second + mass;
      return (trace - Math.sqrt(trace * trace - 4 * scale * (second * mass - first * first))) / 2;
    };
    expect(Math.abs(smallest(1) - 0.0224)).toBeLessThan(0.5e-4);
    const alpha = 1.184387;
    const rate = smallest(alpha * alpha + (4 * meanRelu(10)) / alpha);
    expect(Math.abs(rate - 0.0363)).toBeLessThan(0.5e-4);
    const [early, late] = solveLimit(limit10, bottleneckState({ alpha: 1, v: [-0.01], b: [0.1] }), [250, 300]);
    const distance = (y: Float64Array): number => Math.hypot(y[0] * y[1] + 1, y[2] - 1);
    // The corrections to linear decay are of the order of the distance itself, below 1e-3 here.
    expect(Math.abs(Math.log(distance(early) / distance(late)) / 50 / rate - 1)).toBeLessThan(1e-3);
  });

  test("the loss falls all the way", () => {
    const times = Array.from({ length: 60 }, (_, index) => 2 * index);
    const losses = solveLimit(limit10, bottleneckState({ alpha: 1, v: [-0.1], b: [0.1] }), times).map(limit10.loss);
    for (let index = 1; index < losses.length; index += 1) expect(losses[index]).toBeLessThan(losses[index - 1]);
    // At time 0, by hand: f* has E f*^2 = .3019 under this law, and L = 1/2 E(f - f*)^2.
    expect(losses[0]).toBeLessThan(0.3019 / 2);
  });
});

/** C_d from its recurrence C_(d+2) = C_d d/(d+1), C_2 = 1/pi, C_3 = 1/4. */
function meanRelu(dimension: number): number {
  let value = dimension % 2 === 0 ? 1 / Math.PI : 1 / 4;
  for (let at = dimension % 2 === 0 ? 2 : 3; at < dimension; at += 2) value *= at / (at + 1);
  return value;
}

interface Case {
  readonly name: string;
  readonly law: LawSpec;
  readonly target: TargetSpec;
  readonly alpha: number;
  readonly v: readonly number[];
  readonly b: readonly number[];
  readonly a: readonly number[];
  /** Radius beyond which the law has no mass that counts. */
  readonly upper: number;
}

const mixedAtoms = {
  alpha: 1.3,
  // switches off; on; never active; always active; off far out; on early; a constant
  v: [-0.5, 0.4, -0.7, 0.3, -0.2, 0.9, 0],
  b: [0.6, -0.3, -0.1, 0.2, 0.9, -0.05, 0.35],
  a: [1, -0.8, 1.2, 0.6, 1, -0.4, 0.7],
};
const cases: readonly Case[] = [
  { name: "ball, hinge", law: ball({ dimension: 5, ballRadius: 2 }), target: hinge(), upper: 2, ...mixedAtoms },
  {
    name: "Gaussian, ball indicator",
    law: gaussian({ dimension: 3 }),
    target: ballIndicator({ radius: 0.8 }),
    upper: 6,
    ...mixedAtoms,
  },
  {
    name: "heavy tails with a cutoff, norm",
    law: heavyTailed({ dimension: 4, radiusCutoff: 3 }),
    target: norm(),
    upper: 3,
    ...mixedAtoms,
  },
  {
    name: "Gaussian with a cutoff, piecewise linear",
    law: gaussian({ dimension: 20, radiusCutoff: 1.4 }),
    target: piecewiseLinear({ knots: [0, 0.5, 1.1], values: [0.2, 1, -0.5], finalSlope: 0.7 }),
    upper: 1.4,
    ...mixedAtoms,
  },
  {
    name: "heavy tails without cutoff, all v < 0",
    law: heavyTailed({ dimension: 10 }),
    target: hinge(),
    upper: 4,
    alpha: 0.9,
    v: [-0.3, -0.5, -1.4, -0.3],
    b: [0.9, 0.2, 0.8, 0.9],
    a: [1, 0.7, -0.2, 1],
  },
];

const limitOf = ({ law, target, v }: Case, options: Partial<BottleneckLimitOptions> = {}): Limit =>
  createBottleneckLimit({
    law: buildLaw(law),
    target: buildTarget(target),
    secondLayerWidth: v.length,
    trainOuterWeights: true,
    ...options,
  });

/** E_r of a function with kinks at `breaks`, by Gauss-Legendre panels with the law's density. */
function bruteForce(law: Law, breaks: readonly number[], upper: number, integrand: (r: number) => number): number {
  const rule = gaussLegendre(400);
  const edges = [0, ...breaks.filter((edge) => edge > 0 && edge < upper).sort((left, right) => left - right), upper];
  let sum = 0;
  for (let panel = 1; panel < edges.length; panel += 1) {
    const half = (edges[panel] - edges[panel - 1]) / 2;
    for (let node = 0; node < rule.nodes.length; node += 1) {
      const r = edges[panel - 1] + half * (1 + rule.nodes[node]);
      const value = integrand(r);
      if (value !== 0) sum += half * rule.weights[node] * value * (law.radius?.pdf(r) ?? 0);
    }
  }
  return sum;
}

describe.each(cases)("the bottleneck limit's exact integrals ($name)", (setting) => {
  const { alpha, v, b, a, upper } = setting;
  const law = buildLaw(setting.law);
  const profile = buildTarget(setting.target).radial;
  const limit = limitOf(setting);
  const y = bottleneckState(setting);
  const atoms = v.length;
  const kinks = v.map((slope, atom) => -b[atom] / (slope * alpha)).filter(Number.isFinite);
  const breaks = [...kinks, ...(profile?.breaks ?? [])];
  const error = (r: number): number => {
    const sum = v.reduce((total, slope, atom) => total + a[atom] * Math.max(0, slope * alpha * r + b[atom]), 0);
    return sum / atoms - (profile?.value(r) ?? 0);
  };

  test("loss and velocities agree with brute-force quadrature", () => {
    expect(Math.abs(limit.loss(y) - bruteForce(law, breaks, upper, (r) => error(r) ** 2) / 2)).toBeLessThan(1e-10);
    const velocity = derivativeOf(limit, y);
    let pull = 0;
    for (let atom = 0; atom < atoms; atom += 1) {
      const isActive = (r: number): boolean => v[atom] * alpha * r + b[atom] > 0;
      const byRadius = bruteForce(law, breaks, upper, (r) => (isActive(r) ? error(r) * r : 0));
      const byOne = bruteForce(law, breaks, upper, (r) => (isActive(r) ? error(r) : 0));
      pull += (a[atom] * v[atom] * byRadius) / atoms;
      expect(Math.abs(velocity[1 + atom] + a[atom] * alpha * byRadius)).toBeLessThan(1e-10);
      expect(Math.abs(velocity[1 + atoms + atom] + a[atom] * byOne)).toBeLessThan(1e-10);
      const byOuter = alpha * v[atom] * byRadius + b[atom] * byOne;
      expect(Math.abs(velocity[1 + 2 * atoms + atom] + byOuter)).toBeLessThan(1e-10);
    }
    expect(Math.abs(velocity[0] + 4 * meanRelu(law.dimension) * alpha * pull)).toBeLessThan(1e-10);
  });

  test("velocities are the loss's slopes, times the atoms and, for alpha, 4 C_d alpha", () => {
    const velocity = derivativeOf(limit, y);
    const largest = Math.max(...velocity.map(Math.abs));
    for (let index = 0; index < y.length; index += 1) {
      // A constant atom's kink lies at infinity: its v has a one-sided derivative only.
      if (index >= 1 && index <= atoms && v[index - 1] === 0) continue;
      const step = 1e-5;
      const above = y.slice();
      const below = y.slice();
      above[index] += step;
      below[index] -= step;
      const slope = (limit.loss(above) - limit.loss(below)) / (2 * step);
      const factor = index === 0 ? 4 * meanRelu(law.dimension) * alpha : atoms;
      expect(Math.abs(velocity[index] + factor * slope)).toBeLessThan(1e-6 * largest);
    }
  });

  test("layer speeds multiply the velocities, and frozen outer weights stay", () => {
    const plain = derivativeOf(limit, y);
    const other = derivativeOf(
      limitOf(setting, { layerSpeeds: { first: 3, second: 0.5 }, trainOuterWeights: false }),
      y,
    );
    for (let index = 0; index < y.length; index += 1) {
      const factor = index === 0 ? 3 : index <= 2 * atoms ? 0.5 : 0;
      expect(other[index]).toBeCloseTo(factor * plain[index], 14);
    }
  });

  test("its invariant is conserved to the solver's tolerance while the loss falls", () => {
    for (const layerSpeeds of [
      { first: 1, second: 1 },
      { first: 2, second: 0.7 },
    ]) {
      const moving = limitOf(setting, { layerSpeeds });
      const states = solveLimit(moving, y, [0, 0.5, 1, 2, 4]);
      const expected =
        layerSpeeds.second * alpha - (2 * layerSpeeds.first * meanRelu(law.dimension) * square(v)) / atoms;
      states.forEach((state, index) => {
        expect(Math.abs(moving.invariants(state)[0] - expected)).toBeLessThan(1e-8);
        if (index > 0) expect(moving.loss(state)).toBeLessThan(moving.loss(states[index - 1]));
      });
    }
  });

  test("the profile's pieces are its values, and a copy", () => {
    const state = y.slice();
    const { value, pieces } = limit.profile(state);
    state.fill(Number.NaN);
    for (let r = 0.013; r < upper; r += 0.097) {
      expect(value(r)).toBeCloseTo(error(r) + (profile?.value(r) ?? 0), 13);
      const piece = (pieces?.starts.findLastIndex((start) => start <= r) ?? 0) as number;
      expect((pieces?.slopes[piece] ?? 0) * r + (pieces?.intercepts[piece] ?? 0)).toBeCloseTo(value(r), 13);
    }
  });

  test("results do not depend on what was computed before", () => {
    const fresh = derivativeOf(limitOf(setting), y);
    const reversed = y.slice();
    for (const part of [1, 2]) reversed.subarray(1 + (part - 1) * atoms, 1 + part * atoms).reverse();
    derivativeOf(limit, reversed);
    expect(derivativeOf(limit, y)).toEqual(fresh);
  });
});

const square = (values: readonly number[]): number => values.reduce((sum, value) => sum + value * value, 0);

describe("the bottleneck limit under a law of one radius", () => {
  const law = buildLaw(sphere({ dimension: 6, sphereRadius: 0.8 }));
  const limit = createBottleneckLimit({ law, target, secondLayerWidth: 2 });

  test("is the square of the error at that radius", () => {
    const y = bottleneckState({ alpha: 1.2, v: [-0.5, 0.4], b: [0.7, 0.1] });
    const error = (0.7 - 0.5 * 1.2 * 0.8 + (0.1 + 0.4 * 1.2 * 0.8)) / 2 - 0.2;
    expect(limit.loss(y)).toBeCloseTo(error ** 2 / 2, 15);
    const velocity = derivativeOf(limit, y);
    expect(velocity[1]).toBeCloseTo(-1.2 * error * 0.8, 15);
    expect(velocity[3]).toBeCloseTo(-error, 15);
    expect(velocity[0]).toBeCloseTo(-4 * meanRelu(6) * 1.2 * ((-0.5 + 0.4) / 2) * error * 0.8, 15);
  });
});

describe("steps of the bottleneck limit", () => {
  test("gradient descent multiplies alpha by a square and moves the rest by Euler", () => {
    const setting = cases[0];
    const limit = limitOf(setting);
    const y = bottleneckState(setting);
    const velocity = derivativeOf(limit, y);
    const stepped = y.slice();
    limit.eulerStep(stepped, 0.2);
    // alpha' = -4 C_d alpha S
    const pull = -velocity[0] / (4 * meanRelu(5) * y[0]);
    expect(stepped[0]).toBeCloseTo(y[0] * (1 - 2 * 0.2 * meanRelu(5) * pull) ** 2, 14);
    for (let index = 1; index < y.length; index += 1) {
      expect(stepped[index]).toBeCloseTo(y[index] + 0.2 * velocity[index], 14);
    }
  });

  test("follows a wide network of equally spaced weights in d = 2, which Euler's method on alpha does not", () => {
    // By symmetry all weights keep one norm, so the network's state is (norm, v, b); u runs over 4 directions in one sector.
    const width = 512;
    const offsets = [0.125, 0.375, 0.625, 0.875].map((part) => (part * 2 * Math.PI) / width);
    const radius = 1.5;
    const stepSize = 0.5;
    const law = buildLaw(ball({ dimension: 2, ballRadius: radius }));
    const limit = createBottleneckLimit({ law, target, secondLayerWidth: 1 });
    const y = bottleneckState({ alpha: 1, v: [-0.3], b: [0.5] });
    const naive = y.slice();
    const velocity = new Float64Array(4);
    let norm = Math.sqrt(Math.PI);
    let [v, b] = [-0.3, 0.5];
    // For direction u at angle t: F/|w|^2 = mean_i relu(cos(t - t_i)), and the radial part of w_i's velocity carries 2 relu(cos(t - t_i)).
    const meanRelus = offsets.map((angle) => {
      let sum = 0;
      for (let index = 0; index < width; index += 1)
        sum += Math.max(0, Math.cos(angle - (2 * Math.PI * index) / width));
      return sum / width;
    });
    for (let step = 0; step < 40; step += 1) {
      let [normVelocity, vVelocity, bVelocity] = [0, 0, 0];
      for (const relu of meanRelus) {
        const slope = norm * norm * relu;
        const error = (r: number): number => Math.max(0, v * slope * r + b) - Math.max(0, 1 - r);
        const kink = -b / (v * slope);
        const isActive = (r: number): boolean => r < kink;
        const byRadius = bruteForce(law, [1, kink], radius, (r) => (isActive(r) ? error(r) * r : 0));
        const byOne = bruteForce(law, [1, kink], radius, (r) => (isActive(r) ? error(r) : 0));
        normVelocity -= (2 * norm * relu * v * byRadius) / offsets.length;
        vVelocity -= (slope * byRadius) / offsets.length;
        bVelocity -= byOne / offsets.length;
      }
      norm += stepSize * normVelocity;
      v += stepSize * vVelocity;
      b += stepSize * bVelocity;
      limit.eulerStep(y, stepSize);
      limit.system.derivative(0, naive, velocity);
      for (let index = 0; index < 4; index += 1) naive[index] += stepSize * velocity[index];
    }
    const network = norm * norm * meanRelu(2);
    // mean relu over the sector deviates from 1/pi by about pi^2/(3 width^2) of itself, 1.3e-5.
    expect(Math.abs(y[0] - network)).toBeLessThan(2e-5);
    expect(Math.abs(y[1] - v)).toBeLessThan(2e-5);
    expect(Math.abs(naive[0] - network)).toBeGreaterThan(1e-4);
  });

  describe("integrators keep their order while the kink stays beyond 1", () => {
    const law = buildLaw(gaussian({ dimension: 6 }));
    const limit = createBottleneckLimit({ law, target, secondLayerWidth: 1 });
    const start = bottleneckState({ alpha: 1, v: [-0.3], b: [0.6] });
    const end = 3;
    const reference = (() => {
      const solver = createDormandPrince(limit.system, { relative: 1e-13, absolute: 1e-13 });
      const state = solver.start(0, start);
      for (let time = 0; time <= end; time += 0.25) {
        solver.advanceTo(state, time);
        expect(-state.y[2] / (state.y[1] * state.y[0])).toBeGreaterThan(1.05);
      }
      return state.y;
    })();
    const steps = [48, 96, 192, 384];
    const distance = (y: Float64Array): number =>
      Math.hypot(y[0] - reference[0], y[1] - reference[1], y[2] - reference[2]);

    test.each(Object.values(integrators))("$name on the flow", (integrator) => {
      const errors = steps.map((count) => {
        const y = start.slice();
        integrateFixed(limit.system, integrator, y, 0, end, count);
        return distance(y);
      });
      expect(Math.abs(fitPowerLaw(steps, errors).slope.value + integrator.order)).toBeLessThan(0.1);
    });

    test.each(Object.values(integrators))("$name on the particles", (integrator) => {
      const step = limit.createStep(integrator);
      const errors = steps.map((count) => {
        const y = start.slice();
        for (let index = 0; index < count; index += 1) step(y, end / count);
        return distance(y);
      });
      expect(Math.abs(fitPowerLaw(steps, errors).slope.value + integrator.order)).toBeLessThan(0.1);
    });
  });
});

describe("the bottleneck limit where it does not exist", () => {
  test("mass at v > 0 under heavy tails has infinite loss, and the error names the cutoff", () => {
    const y = bottleneckState({ alpha: 1, v: [0.1], b: [0.1] });
    expect(limit10.loss(y)).toBe(Infinity);
    const before = y.slice();
    expect(() => limit10.eulerStep(y, 0.1)).toThrow("give the law a radiusCutoff");
    expect(() => limit10.eulerStep(y, 0.1)).toThrow(expect.objectContaining({ code: "unsupported-combination" }));
    expect(y).toEqual(before);
    expect(() => solveLimit(limit10, y, [1])).toThrow("give the law a radiusCutoff");
    const cut = createBottleneckLimit({
      law: buildLaw(heavyTailed({ dimension: 10, radiusCutoff: 3 })),
      target,
      secondLayerWidth: 1,
    });
    expect(cut.loss(y)).toBeLessThan(1);
    cut.eulerStep(y, 0.1);
    expect(y.every(Number.isFinite)).toBe(true);
  });

  test("an atom at v = 0 has an infinite gradient there too", () => {
    expect(() => limit10.eulerStep(bottleneckState({ alpha: 1, v: [0], b: [0.1] }), 0.1)).toThrow("radiusCutoff");
  });

  test("dead atoms do no harm without a cutoff", () => {
    const y = bottleneckState({ alpha: 1, v: [-0.1], b: [-0.1] });
    limit10.eulerStep(y, 0.1);
    expect([...y]).toEqual([1, -0.1, -0.1, 1]);
  });

  test("a state that is not finite is called so", () => {
    const y = Float64Array.of(1, -0.1, 0.1, 1);
    y[2] = Number.NaN;
    expect(() => limit10.eulerStep(y, 0.1)).toThrow("the derivative is not finite");
  });

  test("laws and targets that are not radial, and values out of range, are refused", () => {
    const law = buildLaw(ball({ dimension: 4 }));
    expect(() =>
      createBottleneckLimit({ law: buildLaw(hypercube({ dimension: 4 })), target, secondLayerWidth: 1 }),
    ).toThrow("law: expected a law with uniform directions, got hypercube");
    expect(() => createBottleneckLimit({ law, target: { ...target, radial: null }, secondLayerWidth: 1 })).toThrow(
      "target: expected a function of the radius alone",
    );
    const curved = { ...target, radial: { value: Math.cos, pieces: null, breaks: [] } };
    expect(() => createBottleneckLimit({ law, target: curved, secondLayerWidth: 1 })).toThrow("linear pieces");
    expect(() => createBottleneckLimit({ law, target, secondLayerWidth: 0 })).toThrow(
      "secondLayerWidth: expected a positive integer",
    );
    expect(() => createBottleneckLimit({ law, target, secondLayerWidth: 1, layerSpeeds: { first: -1 } })).toThrow(
      "layerSpeeds.first: expected a finite number >= 0, got -1",
    );
    expect(() => bottleneckState({ alpha: 0, v: [1], b: [1] })).toThrow(
      "alpha: expected a positive finite number, got 0",
    );
    expect(() => bottleneckState({ alpha: 1, v: [1, 2], b: [1] })).toThrow("b: expected 2 numbers");
    expect(() => bottleneckState({ alpha: 1, v: [1], b: [1], a: [] })).toThrow("a: expected 1 numbers");
    expect(() => bottleneckState({ alpha: 1, v: [Number.NaN], b: [1] })).toThrow("expected finite numbers, got NaN");
    expect(() => bottleneckState({ alpha: 1, v: [], b: [] })).toThrow("v: expected at least one number");
  });
});
