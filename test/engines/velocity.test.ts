import { describe, expect, it } from "vitest";
import { type DynamicsSpec, flow, gradientDescent, population, sgd } from "../../src/dynamics/index.ts";
import type { BuiltPlan } from "../../src/dynamics/plan.ts";
import { ball, gaussian, heavyTailed, hypercube, type LawSpec, mixture, sphere } from "../../src/laws/index.ts";
import { type ActivationSpec, bottleneck, type NetworkPlan, twoLayer } from "../../src/networks/index.ts";
import {
  ballIndicator,
  hinge,
  norm,
  piecewiseLinear,
  radialFunction,
  type TargetSpec,
} from "../../src/targets/index.ts";
import { batchLoss } from "./loss-oracle.ts";
import { type DoubleMemory, type OneStep, prepareStep, scatter, scatterFirstLayer, velocityOf } from "./one-step.ts";

const samples = (batch: number, clip: number | null = null): DynamicsSpec =>
  gradientDescent({ stepSize: 0.1, steps: 1, expectation: sgd({ batch }), clip });
const rays = (directions: number): DynamicsSpec =>
  flow({ stepSize: 0.1, steps: 1, integrator: "euler", expectation: population({ directions }) });
const networks: Record<string, NetworkPlan> = {
  bottleneck: bottleneck({ firstLayerWidth: 70, secondLayerWidth: 5, trainOuterWeights: true }),
  "two-layer": twoLayer({ width: 70 }),
};
const leakyRelu: ActivationSpec = { kind: "leaky-relu", negativeSlope: 0.3 };
/** Activations of which only velocities on samples are known. */
const otherActivations: readonly ActivationSpec[] = [
  leakyRelu,
  { kind: "tanh" },
  { kind: "erf" },
  { kind: "softplus" },
];
const sampledOnly = otherActivations.map((activation) => twoLayer({ width: 70, activation }));
const zigzag = piecewiseLinear({ knots: [0, 0.4, 1.1], values: [0.5, 1, -0.2], finalSlope: 0.3 });
const cutHeavyTailed = heavyTailed({ dimension: 3, radiusCutoff: 3 });

/** Largest error of -width dLoss/dparticle by extrapolated central differences, relative to the array's largest velocity. */
function worstGradientError(built: BuiltPlan, memory: DoubleMemory, velocity: Float64Array, perArray: number): number {
  let worst = 0;
  for (const array of built.network.layout.arrays) {
    const own = velocity.subarray(array.offset, array.offset + array.length);
    const scale = Math.max(...own.map(Math.abs));
    for (let sample = 0; sample < Math.min(perArray, array.length); sample += 1) {
      const index = array.offset + ((sample * 37) % array.length);
      const step = 1e-5;
      const at = memory.particles[index];
      const shifted = (by: number) => {
        memory.particles[index] = at + by;
        return batchLoss(built, memory.particles, memory.points[0], memory.targets[0]);
      };
      // Central differences of step h and h/2, extrapolated: error O(h^4).
      const coarse = (shifted(2 * step) - shifted(-2 * step)) / (4 * step);
      const fine = (shifted(step) - shifted(-step)) / (2 * step);
      memory.particles[index] = at;
      const gradient = (4 * fine - coarse) / 3;
      worst = Math.max(worst, Math.abs(velocity[index] + array.shape[0] * gradient) / scale);
    }
  }
  return worst;
}

describe.each(Object.keys(networks))("the velocity of the %s network", (name) => {
  const network = networks[name];
  it.each<[string, LawSpec, TargetSpec, DynamicsSpec]>([
    ["heavy-tailed law with cutoff, hinge, samples", cutHeavyTailed, hinge(), samples(150)],
    ["heavy-tailed law with cutoff, hinge, rays", cutHeavyTailed, hinge(), rays(14)],
    ["plane, ball, hinge, rays", ball({ dimension: 2, ballRadius: 1.7 }), hinge(), rays(9)],
    ["sphere inside the hinge, rays", sphere({ dimension: 4, sphereRadius: 0.8 }), hinge(), rays(20)],
    ["sphere outside the hinge, rays", sphere({ dimension: 4, sphereRadius: 1.4 }), hinge(), rays(20)],
    ["ball, jump inside, rays", ball({ dimension: 3, ballRadius: 2 }), ballIndicator({ radius: 0.9 }), rays(13)],
    ["ball, jump outside, rays", ball({ dimension: 3, ballRadius: 0.9 }), ballIndicator({ radius: 2 }), rays(13)],
    ["ball, jump at its edge, rays", ball({ dimension: 3 }), ballIndicator({ radius: 1 }), rays(13)],
    ["unbounded Gaussian, norm, rays", gaussian({ dimension: 3 }), norm(), rays(8)],
    ["unbounded Gaussian, piecewise linear, rays", gaussian({ dimension: 5 }), zigzag, rays(11)],
    ["mixture with cutoff, piecewise linear, rays", mixture({ dimension: 3, radiusCutoff: 4 }), zigzag, rays(5)],
    ["sphere, jump, samples", sphere({ dimension: 4 }), ballIndicator({ radius: 1 }), samples(33)],
    ["hypercube, norm, samples", hypercube({ dimension: 6 }), norm(), samples(131)],
    ["one sample", gaussian({ dimension: 2 }), zigzag, samples(1)],
    ["one ray", ball({ dimension: 2 }), zigzag, rays(1)],
  ])("is -width times the finite-difference gradient of the loss (%s)", (_name, law, target, dynamics) => {
    const { built, memory } = prepareStep({ law, target, network, dynamics }, 5);
    expect(worstGradientError(built, memory, velocityOf(built, memory, 1), 12)).toBeLessThan(1e-6);
  });

  it.each<[string, number, DynamicsSpec]>([
    ["samples", 150, samples(150)],
    ["clipped samples", 150, samples(150, 0.5)],
    ["rays", 30, rays(30)],
    ["one sample", 1, samples(1)],
    ["more rays than a chunk", 131, rays(131)],
  ])("has the same bits on 1 to 5 parts, of widths around the block of 64 (%s)", (_name, _batch, dynamics) => {
    for (const width of [2, 64, 66, 130]) {
      const plan =
        name === "bottleneck" ? bottleneck({ firstLayerWidth: width - 1, secondLayerWidth: 3 }) : twoLayer({ width });
      const { built, memory } = prepareStep({ law: cutHeavyTailed, target: hinge(), network: plan, dynamics }, 5);
      const alone = velocityOf(built, memory, 1);
      expect(alone.every(Number.isFinite)).toBe(true);
      for (const parts of [2, 3, 4, 5]) expect(velocityOf(built, memory, parts)).toEqual(alone);
    }
  });

  it.each<[string, DynamicsSpec]>([
    ["samples", samples(40)],
    ["rays", rays(12)],
  ])("is scaled by the layers' speeds, and exactly 0 where a layer is frozen (%s)", (_name, dynamics) => {
    const at = (first: number, second: number) => {
      const step = {
        law: cutHeavyTailed,
        target: hinge(),
        network,
        dynamics: { ...dynamics, layerSpeeds: { first, second, third: 1 } },
      };
      const { built, memory } = prepareStep(step, 3);
      return { layout: built.network.layout, layers: built.network.layers, velocity: velocityOf(built, memory, 1) };
    };
    const plain = at(1, 1);
    // Powers of two scale without rounding.
    for (const [first, second] of [
      [0.5, 4],
      [0, 1],
      [2, 0],
    ] as const) {
      const scaled = at(first, second).velocity;
      for (const array of plain.layout.arrays) {
        const factor = plain.layers[array.name] === "first" ? first : second;
        for (let index = array.offset; index < array.offset + array.length; index += 1) {
          expect(Math.abs(scaled[index] - factor * plain.velocity[index])).toBe(0);
        }
      }
    }
  });

  it.each([
    [0.01, network],
    [0.3, network],
    [1e9, network],
    ...(name === "two-layer" ? sampledOnly.map((plan): [number, NetworkPlan] => [0.3, plan]) : []),
  ])(
    "with clipping at %d is the mean of the single samples' velocities, each scaled to that norm",
    (clip, clippedNetwork) => {
      const batch = 21;
      const step = {
        law: gaussian({ dimension: 4 }),
        target: hinge(),
        network: clippedNetwork,
        dynamics: samples(batch, clip),
      };
      const { built, memory } = prepareStep(step, 8);
      const found = velocityOf(built, memory, 1);
      const single = prepareStep({ ...step, dynamics: samples(1) }, 8);
      const sum = new Float64Array(found.length);
      let clipped = 0;
      for (let sample = 0; sample < batch; sample += 1) {
        single.memory.points[0].set(memory.points[0].subarray(4 * sample, 4 * sample + 4));
        single.memory.targets[0][0] = memory.targets[0][sample];
        const velocity = velocityOf(single.built, single.memory, 1);
        // The mean-field metric: for each layer the mean over its particles of their squared velocities.
        let square = 0;
        for (const array of built.network.layout.arrays) {
          for (let index = array.offset; index < array.offset + array.length; index += 1)
            square += velocity[index] ** 2 / array.shape[0];
        }
        const factor = Math.min(1, clip / Math.sqrt(square));
        if (factor < 1) clipped += 1;
        for (let index = 0; index < sum.length; index += 1) sum[index] += (factor * velocity[index]) / batch;
      }
      expect(clipped > 0).toBe(clip < 1);
      const scale = Math.max(...sum.map(Math.abs));
      for (let index = 0; index < sum.length; index += 1)
        expect(Math.abs(found[index] - sum[index])).toBeLessThan(1e-13 * scale);
    },
  );
});

describe.each(otherActivations)("the velocity of the two-layer network of $kind", (activation) => {
  const network = twoLayer({ width: 70, activation });
  const law = gaussian({ dimension: 5 });

  it.each([1, 33, 131])("is -width times the finite-difference gradient of the loss (%d samples)", (batch) => {
    const { built, memory } = prepareStep({ law, target: hinge(), network, dynamics: samples(batch) }, 5);
    expect(worstGradientError(built, memory, velocityOf(built, memory, 1), 12)).toBeLessThan(1e-6);
  });

  it("has the same bits on 1 to 4 parts, clipped or not", () => {
    for (const clip of [null, 0.5]) {
      for (const width of [2, 66, 130]) {
        const cut = twoLayer({ width, activation });
        const { built, memory } = prepareStep({ law, target: hinge(), network: cut, dynamics: samples(150, clip) }, 5);
        const alone = velocityOf(built, memory, 1);
        expect(alone.every(Number.isFinite)).toBe(true);
        for (const parts of [2, 3, 4]) expect(velocityOf(built, memory, parts)).toEqual(alone);
      }
    }
  });

  it("refuses the radial modes where the plan is made", () => {
    expect(() => prepareStep({ law, target: hinge(), network, dynamics: rays(10) }, 5)).toThrow(
      /^expectation: expected sgd or fixed-samples, got population; .* use sgd$/,
    );
  });
});

describe("the bottleneck network under a law without moments", () => {
  it.each<[string, LawSpec]>([
    ["heavy-tailed", heavyTailed({ dimension: 4 })],
    ["mixture", mixture({ dimension: 4 })],
  ])("has a finite velocity, the gradient of its loss, while every atom has v < 0 (%s)", (_name, law) => {
    const step: OneStep = { law, target: hinge(), network: networks.bottleneck, dynamics: rays(8) };
    const { built, memory } = prepareStep(step, 2, scatterFirstLayer);
    expect(worstGradientError(built, memory, velocityOf(built, memory, 1), 5)).toBeLessThan(1e-6);
  });

  it("has an infinite velocity as soon as one atom is on far out, and no silent number", () => {
    const step: OneStep = {
      law: heavyTailed({ dimension: 4 }),
      target: hinge(),
      network: networks.bottleneck,
      dynamics: rays(8),
    };
    for (const v of [0.1, 0]) {
      const { built, memory } = prepareStep(step, 2, (arrays) => {
        arrays.v[1] = v;
      });
      expect(velocityOf(built, memory, 1).every(Number.isFinite)).toBe(false);
    }
  });
});

describe("particles at the edges", () => {
  const law = ball({ dimension: 3, ballRadius: 2 });
  const step = (dynamics: DynamicsSpec): OneStep => ({ law, target: hinge(), network: networks.bottleneck, dynamics });

  it.each([
    ["samples", samples(20)],
    ["rays", rays(20)],
  ])("a neuron at w = 0 stays there, and disturbs nobody (%s)", (_name, dynamics) => {
    const { built, memory } = prepareStep(step(dynamics), 2, (arrays) => {
      scatter(arrays);
      arrays.w.fill(0, 0, 3);
    });
    const velocity = velocityOf(built, memory, 1);
    expect([...velocity.subarray(0, 3)].every((value) => value === 0)).toBe(true);
    expect(velocity.every(Number.isFinite)).toBe(true);
  });

  it.each([
    ["samples", samples(20)],
    ["rays", rays(20)],
  ])("with every neuron off only the offsets move, towards the mean of f* - f (%s)", (_name, dynamics) => {
    const { built, memory } = prepareStep(step(dynamics), 2, (arrays) => {
      arrays.w.fill(0);
    });
    const velocity = velocityOf(built, memory, 1);
    const { v, b } = Object.fromEntries(
      built.network.layout.arrays.map(({ name, offset, length }) => [name, velocity.subarray(offset, offset + length)]),
    );
    expect([...v].every((value) => value === 0)).toBe(true);
    const start = built.network.start(2).arrays.b;
    const output = start.reduce((sum, value) => sum + value, 0) / start.length;
    if (dynamics.expectation?.kind === "population") {
      // E f* = 3/8 int_0^1 r^2 (1 - r) dr = 1/32 in the ball of radius 2 in R^3.
      for (const value of b) expect(value).toBeCloseTo(1 / 32 - output, 14);
    }
  });

  it.each([
    ["samples", samples(20)],
    ["rays", rays(20)],
  ])(
    "atoms that are off everywhere (v < 0, b <= 0) do not move, and if all are, nothing does (%s)",
    (_name, dynamics) => {
      const { built, memory } = prepareStep(step(dynamics), 2, (arrays) => {
        arrays.v.fill(-0.5);
        arrays.b.fill(-0.1);
        arrays.b[0] = 0;
      });
      expect([...velocityOf(built, memory, 1)].every((value) => value === 0)).toBe(true);
    },
  );

  it("rays and samples at the same points agree on the sphere, where the radius is one number", () => {
    const onSphere = { ...step(rays(20)), law: sphere({ dimension: 3, sphereRadius: 0.7 }) };
    for (const network of Object.values(networks)) {
      const exact = prepareStep({ ...onSphere, network }, 4);
      const sampled = prepareStep({ ...onSphere, network, dynamics: samples(20) }, 4);
      sampled.memory.points[0].set(exact.memory.points[0].map((value) => 0.7 * value));
      sampled.memory.targets[0].fill(0.3);
      const found = velocityOf(exact.built, exact.memory, 1);
      const expected = velocityOf(sampled.built, sampled.memory, 1);
      const scale = Math.max(...expected.map(Math.abs));
      for (let index = 0; index < found.length; index += 1)
        expect(Math.abs(found[index] - expected[index])).toBeLessThan(1e-13 * scale);
    }
  });

  it("a target given as a function has the velocity of its pieces, within its tolerance", () => {
    const smooth = (tolerance: number) => radialFunction({ profile: (r) => Math.cos(r), upper: 2, tolerance });
    const at = (tolerance: number) => {
      const { built, memory } = prepareStep({ ...step(rays(20)), target: smooth(tolerance) }, 4);
      return velocityOf(built, memory, 1);
    };
    const fine = at(1e-7);
    const coarse = at(1e-3);
    // |difference| <= tolerance E[|particle factor| r] with factors below 10 here.
    for (let index = 0; index < fine.length; index += 1)
      expect(Math.abs(fine[index] - coarse[index])).toBeLessThan(1e-2);
    expect(coarse).not.toEqual(fine);
  });

  it("NaN or infinite particles end in velocities that are not finite, never in an endless loop", () => {
    for (const network of Object.values(networks)) {
      for (const dynamics of [samples(20), rays(20)]) {
        for (const bad of [NaN, Infinity]) {
          const { built, memory } = prepareStep({ ...step(dynamics), network }, 2, (arrays) => {
            scatter(arrays);
            for (const array of Object.values(arrays)) array[1] = bad;
          });
          expect(velocityOf(built, memory, 1).every(Number.isFinite)).toBe(false);
        }
      }
    }
  });
});
