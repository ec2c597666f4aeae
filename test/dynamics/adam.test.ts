import { describe, expect, it } from "vitest";
import { createAdamStep } from "../../src/dynamics/adam-step.ts";
import { adam, gradientDescent, population, sgd } from "../../src/dynamics/index.ts";
import { heavyTailed } from "../../src/laws/index.ts";
import { twoLayer as twoLayerLimit, wideCoupling } from "../../src/limits/index.ts";
import { bottleneck, buildNetwork, twoLayer } from "../../src/networks/index.ts";
import { checkSimulation } from "../../src/simulation/index.ts";
import { hinge } from "../../src/targets/index.ts";
import { particlesAfter } from "./plain-run.ts";

/** Algorithm 1 of Kingma and Ba (2015), line by line: the iterates from theta0 by gradients g_t = gradient(theta_(t-1)). */
function kingmaBa(
  theta0: readonly number[],
  gradient: (theta: readonly number[]) => readonly number[],
  steps: number,
  { alpha, beta1, beta2, epsilon }: Record<"alpha" | "beta1" | "beta2" | "epsilon", number>,
): number[] {
  const theta = [...theta0];
  const m = theta.map(() => 0);
  const v = theta.map(() => 0);
  for (let t = 1; t <= steps; t += 1) {
    gradient([...theta]).forEach((g, i) => {
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g ** 2;
      const mHat = m[i] / (1 - beta1 ** t);
      const vHat = v[i] / (1 - beta2 ** t);
      theta[i] -= (alpha * mHat) / (Math.sqrt(vHat) + epsilon);
    });
  }
  return theta;
}

const coefficients = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const largestDifference = (left: ArrayLike<number>, right: ArrayLike<number>) =>
  Math.max(...Array.from(left, (value, index) => Math.abs(value - right[index])));

/** The toolkit's step on 1/2 (theta - c)^T H (theta - c), H = [[4, 1], [1, .5]]. */
function onQuadratic(
  steps: number,
  stepSize: number,
  moments: typeof coefficients,
  owned = [[0, 2]] as const,
): number[] {
  const [particles, velocity, mean, meanSquare] = Array.from({ length: 4 }, () => new Float64Array(2));
  particles.set(start);
  const arrays = [{ offset: 0, length: 2, speed: 1 }];
  const take = createAdamStep(moments, { particles, velocity, mean, meanSquare }, arrays, owned);
  for (let step = 0; step < steps; step += 1) {
    velocity.set(quadraticGradient(particles).map((g) => -g));
    take(step, stepSize);
  }
  return [...particles];
}
const start = [3, -2];
const quadraticGradient = (theta: ArrayLike<number>): number[] => {
  const [x, y] = [theta[0] - 1, theta[1] - 0.25];
  return [4 * x + y, x + 0.5 * y];
};

describe("Adam on a quadratic", () => {
  it.each([
    { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, longest: 300 },
    { beta1: 0, beta2: 0.99, epsilon: 0.1, longest: 300 },
    // Without a memory of the squares it jumps about the minimum, where rounding grows.
    { beta1: 0.5, beta2: 0, epsilon: 1e-3, longest: 10 },
  ])("takes the steps of the published algorithm with its bias correction (%j)", ({ longest, ...moments }) => {
    for (const steps of [1, 2, 3, longest]) {
      const expected = kingmaBa(start, quadraticGradient, steps, { alpha: 0.05, ...moments });
      expect(largestDifference(onQuadratic(steps, 0.05, moments), expected)).toBeLessThan(1e-12);
    }
  });

  it("first moves every coordinate by stepSize |g| / (|g| + epsilon), whatever the size of its gradient", () => {
    const moved = onQuadratic(1, 0.05, { ...coefficients, epsilon: 0.3 });
    quadraticGradient(start).forEach((g, i) => {
      expect(Math.abs(moved[i] - (start[i] - (0.05 * g) / (Math.abs(g) + 0.3)))).toBeLessThan(1e-14);
    });
  });

  it("comes to rest at the minimum", () => {
    expect(largestDifference(onQuadratic(20_000, 0.002, coefficients), [1, 0.25])).toBeLessThan(1e-6);
  });

  it("moves what its part owns and nothing else", () => {
    const velocity = Float64Array.of(1, 1, 1, 1, 1, 1);
    const [particles, mean, meanSquare] = Array.from({ length: 3 }, () => new Float64Array(6));
    const arrays = [
      { offset: 0, length: 3, speed: 1 },
      { offset: 3, length: 1, speed: 0 },
      { offset: 4, length: 2, speed: 0.5 },
    ];
    createAdamStep(coefficients, { particles, velocity, mean, meanSquare }, arrays, [[1, 5]])(0, 0.1);
    const expected = [0, 0.1, 0.1, 0, 0.05, 0];
    expect(largestDifference(particles, expected)).toBeLessThan(1e-8);
    for (const moment of [mean, meanSquare]) {
      expect(Array.from(moment, (value) => value !== 0)).toEqual([false, true, true, false, true, false]);
    }
  });
});

const problem = { law: heavyTailed({ dimension: 3, radiusCutoff: 3 }), target: hinge() };
const expectation = population({ directions: 18 });

describe.each([
  ["two-layer", twoLayer({ width: 14 })],
  ["bottleneck", bottleneck({ firstLayerWidth: 13, secondLayerWidth: 3 })],
] as const)("Adam on the %s network", (_name, network) => {
  const initial = buildNetwork(network, 3).start(5);
  const endOf = (options: Partial<Parameters<typeof adam>[0]> = {}) =>
    particlesAfter(problem, network, adam({ stepSize: 0.02, steps: 20, expectation, ...options }), initial);

  /** -g, as the change that one step of gradient descent of size 1 makes. */
  const velocity = (theta: readonly number[]) => {
    const from = { ...initial, buffer: Float64Array.from(theta) };
    const dynamics = gradientDescent({ stepSize: 1, steps: 1, expectation });
    return particlesAfter(problem, network, dynamics, from).buffer.map((value, index) => value - theta[index]);
  };

  it.each([1, 1e-8])("takes the published algorithm's steps on the mean-field gradient (epsilon %d)", (epsilon) => {
    const descend = (theta: readonly number[]) => Array.from(velocity(theta), (value) => -value);
    const expected = kingmaBa([...initial.buffer], descend, 20, { alpha: 0.02, ...coefficients, epsilon });
    const tolerance = epsilon === 1 ? 1e-13 : 1e-7;
    // A gradient that is 0 but for rounding is divided by epsilon: 1e-16/1e-8 of a step at most.
    expect(largestDifference(endOf({ epsilon }).buffer, expected)).toBeLessThan(tolerance);
  });

  it("takes the same steps on the plain gradient with epsilon divided by the width", () => {
    const width = network.kind === "two-layer" ? network.width : network.firstLayerWidth;
    const { w } = initial.arrays;
    // The other layers rest, so that one width is the scale of all.
    const layerSpeeds = { second: 0 };
    const plain = (theta: readonly number[]) => {
      const buffer = Float64Array.from(initial.buffer);
      buffer.set(theta);
      return Array.from(velocity([...buffer]).subarray(0, w.length), (value) => -value / width);
    };
    const expected = kingmaBa([...w], plain, 1, { alpha: 0.02, ...coefficients, epsilon: 0.5 / width });
    const end = endOf({ epsilon: 0.5, layerSpeeds, steps: 1 });
    expect(largestDifference(end.arrays.w, expected)).toBeLessThan(1e-14);
  });

  it("leaves frozen layers where they are, and scales the step of the others by their speed", () => {
    const frozen = endOf({ layerSpeeds: { first: 0 } });
    const speeds = buildNetwork(network, 3).layers;
    for (const [name, layer] of Object.entries(speeds)) {
      const isStill = layer === "first" || (network.kind === "bottleneck" && name === "a");
      expect(largestDifference(frozen.arrays[name], initial.arrays[name]) === 0).toBe(isStill);
    }
    const once = endOf({ steps: 1 });
    const twice = endOf({ steps: 1, layerSpeeds: { first: 2 } });
    const step = (end: typeof once, name: string) => end.arrays[name].map((v, i) => v - initial.arrays[name][i]);
    for (const [name, layer] of Object.entries(speeds)) {
      const expected = step(once, name).map((value) => (layer === "first" ? 2 : 1) * value);
      expect(largestDifference(step(twice, name), expected)).toBeLessThan(1e-15);
    }
  });

  it("follows its schedule: with a step size that falls to 0 the last step moves nothing", () => {
    const falling = { stepSize: 0.02, schedule: { kind: "linear", to: 0 } } as const;
    expect(endOf({ ...falling, steps: 1 }).buffer).not.toEqual(initial.buffer);
    const dynamics = adam({ ...falling, steps: 10, expectation });
    const nearly = particlesAfter(problem, network, { ...dynamics }, initial, 1, 9);
    expect(particlesAfter(problem, network, dynamics, initial)).toEqual(nearly);
  });
});

describe("the options of Adam", () => {
  it("have the defaults of the paper, and are plain frozen data", () => {
    const spec = adam({ stepSize: 0.01, steps: 5, expectation: sgd({ batch: 8 }), clip: 2 });
    expect(spec).toMatchObject({ kind: "adam", integrator: "euler", clip: 2, moments: coefficients });
    expect(Object.isFrozen(spec) && Object.isFrozen(spec.moments)).toBe(true);
    expect(structuredClone(spec)).toEqual(spec);
  });

  it.each([
    [{ beta1: 1 }, /^beta1: expected a number in \[0, 1\), got 1/],
    [{ beta2: Number.NaN }, /^beta2: expected a number in \[0, 1\), got NaN/],
    [{ epsilon: 0 }, /^epsilon: expected a number in \(0, 1e6\], got 0/],
    [{ stepSize: -1 }, /^stepSize: /],
  ])("refuse %j", (options, message) => {
    expect(() => adam({ stepSize: 0.01, steps: 5, ...options })).toThrow(message);
  });

  it("allow no limit that rests on rotations, and say why", () => {
    const options = {
      problem,
      network: twoLayer({ width: 14 }),
      dynamics: adam({ stepSize: 0.01, steps: 5 }),
      seed: 1,
    };
    expect(() => checkSimulation(options)).not.toThrow();
    expect(() => checkSimulation({ ...options, limit: wideCoupling({ factor: 3 }) })).not.toThrow();
    expect(() => checkSimulation({ ...options, limit: twoLayerLimit() })).toThrow(
      /^limit: expected none, since Adam is no mean-field dynamics: .*; use no limit, limits.wideCoupling, or gradientDescent$/,
    );
  });
});
