import { describe, expect, it } from "vitest";
import { referenceEngine } from "../../src/engines/index.ts";
import { activations, dynamics, laws, networks, targets } from "../../src/index.ts";
import { compiledEngines } from "./installed.ts";
import type { OneStep } from "./one-step.ts";
import { velocityOn } from "./velocity-on.ts";

/** A small generator of sizes, so that a failure names a case that can be run again. */
function sizes(seed: number): (least: number, most: number) => number {
  // Spread, since the first numbers after neighbouring states are neighbours.
  let state = Math.imul(seed, 0x7feb352d) >>> 0;
  return (least, most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return least + Math.floor((state / 2 ** 32) * (most - least + 1));
  };
}

const samples = (batch: number, clip: number | null = null) =>
  dynamics.gradientDescent({ stepSize: 0.1, steps: 1, expectation: dynamics.sgd({ batch }), clip });
const rays = (directions: number) => {
  const expectation = dynamics.radialExact({ directions, arrangement: "independent" });
  return dynamics.gradientDescent({ stepSize: 0.1, steps: 1, expectation });
};
const cutHeavyTailed = (dimension: number) => laws.heavyTailed({ dimension, radiusCutoff: 3 });
const target = targets.hinge();
const smooth = [activations.tanh(), activations.erf(), activations.softplus()] as const;
const leakyRelu = activations.leakyRelu({ negativeSlope: 0.2 });

interface Case extends OneStep {
  readonly title: string;
  readonly isWeighted?: boolean;
}

function randomCases(count: number): Case[] {
  const cases: Case[] = [];
  for (let seed = 1; seed <= count; seed += 1) {
    const size = sizes(seed);
    const dimension = size(2, 40);
    const batch = size(1, 90);
    const law = cutHeavyTailed(dimension);
    const twoLayer = networks.twoLayer({ width: 2 * size(1, 170) });
    const leaky = networks.twoLayer({ width: 2 * size(1, 90), activation: leakyRelu });
    const bottleneck = networks.bottleneck({
      firstLayerWidth: size(1, 300),
      secondLayerWidth: size(1, 40),
      trainOuterWeights: seed % 2 === 0,
    });
    const dense = networks.dense({ firstLayerWidth: size(1, 300), secondLayerWidth: size(1, 150) });
    const leakyDense = networks.dense({
      firstLayerWidth: size(1, 90),
      secondLayerWidth: size(1, 90),
      activation: leakyRelu,
    });
    const activation = smooth[seed % 3];
    const smoothPair = networks.twoLayer({ width: 2 * size(1, 170), activation });
    const smoothDense = networks.dense({ firstLayerWidth: size(1, 300), secondLayerWidth: size(1, 150), activation });
    const text = `d=${dimension} batch=${batch}`;
    cases.push(
      { title: `two-layer, samples, ${text}`, law, target, network: twoLayer, dynamics: samples(batch) },
      { title: `two-layer, rays, ${text}`, law, target, network: twoLayer, dynamics: rays(batch) },
      { title: `leaky two-layer, samples, ${text}`, law, target, network: leaky, dynamics: samples(batch) },
      { title: `bottleneck, samples, ${text}`, law, target, network: bottleneck, dynamics: samples(batch) },
      { title: `bottleneck, rays, ${text}`, law, target, network: bottleneck, dynamics: rays(batch) },
      { title: `dense, ${text}`, law, target, network: dense, dynamics: samples(batch) },
      { title: `leaky dense, ${text}`, law, target, network: leakyDense, dynamics: samples(batch) },
      { title: `two-layer, ${activation.kind}, ${text}`, law, target, network: smoothPair, dynamics: samples(batch) },
      { title: `dense, ${activation.kind}, ${text}`, law, target, network: smoothDense, dynamics: samples(batch) },
    );
  }
  return cases;
}

const small = networks.bottleneck({ firstLayerWidth: 131, secondLayerWidth: 9, trainOuterWeights: true });
const pair = networks.twoLayer({ width: 150 });
const full = networks.dense({ firstLayerWidth: 131, secondLayerWidth: 75 });
const leakyFull = networks.dense({ firstLayerWidth: 131, secondLayerWidth: 75, activation: leakyRelu });
const leakyPair = networks.twoLayer({ width: 150, activation: leakyRelu });
const chosen: Case[] = [
  {
    title: "two-layer, weighted samples",
    law: cutHeavyTailed(10),
    target,
    network: pair,
    dynamics: samples(77),
    isWeighted: true,
  },
  { title: "two-layer, clipped", law: cutHeavyTailed(10), target, network: pair, dynamics: samples(77, 0.05) },
  {
    title: "leaky two-layer, clipped, weighted",
    law: cutHeavyTailed(10),
    target,
    network: leakyPair,
    dynamics: samples(77, 0.05),
    isWeighted: true,
  },
  {
    title: "two-layer, more inputs than one block",
    law: laws.gaussian({ dimension: 700 }),
    target,
    network: pair,
    dynamics: samples(21),
  },
  {
    title: "two-layer, more samples than one chunk",
    law: cutHeavyTailed(2),
    target,
    network: networks.twoLayer({ width: 8 }),
    dynamics: samples(5000),
  },
  {
    title: "two-layer, blocks of 256",
    law: cutHeavyTailed(3),
    target,
    network: networks.twoLayer({ width: 2500 }),
    dynamics: samples(20),
  },
  {
    title: "bottleneck, weighted",
    law: cutHeavyTailed(7),
    target,
    network: small,
    dynamics: samples(33),
    isWeighted: true,
  },
  { title: "bottleneck, clipped", law: cutHeavyTailed(7), target, network: small, dynamics: samples(33, 0.02) },
  {
    title: "bottleneck, more samples than one chunk",
    law: cutHeavyTailed(7),
    target,
    network: small,
    dynamics: samples(4200),
  },
  {
    title: "bottleneck, rays, mixture of two laws",
    law: laws.mixture({ dimension: 5, radiusCutoff: 3 }),
    target: targets.ballIndicator({ radius: 0.7 }),
    network: small,
    dynamics: rays(45),
  },
  { title: "two-layer, more rays than one chunk", law: cutHeavyTailed(7), target, network: pair, dynamics: rays(200) },
  { title: "two-layer, rays, ball", law: laws.ball({ dimension: 4 }), target, network: pair, dynamics: rays(20) },
  {
    title: "two-layer, rays, unbounded",
    law: laws.gaussian({ dimension: 4 }),
    target,
    network: pair,
    dynamics: rays(20),
  },
  {
    title: "dense, one neuron and one sample",
    law: cutHeavyTailed(2),
    target,
    network: networks.dense({ firstLayerWidth: 1, secondLayerWidth: 1 }),
    dynamics: samples(1),
  },
  { title: "dense, weighted", law: cutHeavyTailed(7), target, network: full, dynamics: samples(33), isWeighted: true },
  { title: "dense, clipped", law: cutHeavyTailed(7), target, network: full, dynamics: samples(77, 0.05) },
  {
    title: "leaky dense, clipped, weighted",
    law: cutHeavyTailed(7),
    target,
    network: leakyFull,
    dynamics: samples(77, 0.05),
    isWeighted: true,
  },
  {
    title: "leaky dense, more samples than one chunk",
    law: cutHeavyTailed(7),
    target,
    network: leakyFull,
    dynamics: samples(2100),
  },
  {
    title: "dense, both layers with more inputs than one block",
    law: laws.gaussian({ dimension: 520 }),
    target,
    network: networks.dense({ firstLayerWidth: 530, secondLayerWidth: 70 }),
    dynamics: samples(21),
  },
  {
    title: "dense, blocks of 256",
    law: cutHeavyTailed(3),
    target,
    network: networks.dense({ firstLayerWidth: 2100, secondLayerWidth: 9 }),
    dynamics: samples(20),
  },
  ...smooth.flatMap((activation): Case[] => {
    const { kind } = activation;
    const law = cutHeavyTailed(7);
    const two = networks.twoLayer({ width: 150, activation });
    const three = networks.dense({ firstLayerWidth: 131, secondLayerWidth: 75, activation });
    const clipped = samples(77, 0.05);
    return [
      {
        title: `two-layer, ${kind}, clipped, weighted`,
        law,
        target,
        network: two,
        dynamics: clipped,
        isWeighted: true,
      },
      { title: `dense, ${kind}, clipped, weighted`, law, target, network: three, dynamics: clipped, isWeighted: true },
    ];
  }),
  {
    title: "two-layer, tanh, more samples than one chunk",
    law: cutHeavyTailed(2),
    target,
    network: networks.twoLayer({ width: 600, activation: activations.tanh() }),
    dynamics: samples(333),
  },
  {
    title: "two-layer, erf, blocks of 256, shortest chunk",
    law: cutHeavyTailed(3),
    target,
    network: networks.twoLayer({ width: 2500, activation: activations.erf() }),
    dynamics: samples(70),
  },
  {
    title: "two-layer, softplus, more inputs than one block",
    law: laws.gaussian({ dimension: 700 }),
    target,
    network: networks.twoLayer({ width: 150, activation: activations.softplus() }),
    dynamics: samples(21),
  },
  {
    title: "dense, softplus, more samples than one chunk",
    law: cutHeavyTailed(7),
    target,
    network: networks.dense({ firstLayerWidth: 131, secondLayerWidth: 75, activation: activations.softplus() }),
    dynamics: samples(600),
  },
  {
    title: "dense, tanh, both layers with more inputs than one block",
    law: laws.gaussian({ dimension: 520 }),
    target,
    network: networks.dense({ firstLayerWidth: 530, secondLayerWidth: 70, activation: activations.tanh() }),
    dynamics: samples(21),
  },
  {
    title: "dense, erf, one neuron and one sample",
    law: cutHeavyTailed(2),
    target,
    network: networks.dense({ firstLayerWidth: 1, secondLayerWidth: 1, activation: activations.erf() }),
    dynamics: samples(1),
  },
  {
    title: "dense, erf, blocks of 256",
    law: cutHeavyTailed(3),
    target,
    network: networks.dense({ firstLayerWidth: 2100, secondLayerWidth: 9, activation: activations.erf() }),
    dynamics: samples(20),
  },
  { title: "two-layer, rays, sphere", law: laws.sphere({ dimension: 4 }), target, network: pair, dynamics: rays(20) },
];
const cases = [...randomCases(6), ...chosen];
const engines = compiledEngines();

/** Lengths of the particle arrays in the flat buffer. */
function arrayLengths(network: OneStep["network"], dimension: number): number[] {
  if (network.kind === "two-layer") return [network.width * dimension, network.width, network.width];
  const { firstLayerWidth: m1, secondLayerWidth: m2 } = network;
  if (network.kind === "dense") return [m1 * dimension, m1, m1 * m2, m2, m2];
  return [m1 * dimension, m2, m2, m2];
}

/** Largest difference in one particle array, relative to the array's largest velocity. */
function worstDifference(step: OneStep, expected: ArrayLike<number>, got: ArrayLike<number>): number {
  const { dimension } = step.law;
  const lengths = arrayLengths(step.network, dimension);
  let worst = 0;
  let start = 0;
  for (const length of lengths) {
    let difference = 0;
    let scale = 0;
    for (let index = start; index < start + length; index += 1) {
      difference = Math.max(difference, Math.abs(expected[index] - got[index]));
      scale = Math.max(scale, Math.abs(expected[index]));
    }
    if (difference > 0) worst = Math.max(worst, difference / scale);
    start += length;
  }
  expect(start).toBe(expected.length);
  return worst;
}

type Result = ReturnType<typeof velocityOn>;

/** Where two results differ in a bit; null if nowhere. */
function firstDifference(result: Result, expected: Result | null): string | null {
  for (const name of ["velocity", "moved"] as const) {
    const numbers = result[name];
    const other = expected?.[name];
    if (numbers.length !== other?.length) return `length of ${name}`;
    for (let index = 0; index < numbers.length; index += 1) {
      if (!Object.is(numbers[index], other[index])) return `${name}[${index}]: ${numbers[index]} and ${other[index]}`;
    }
  }
  return null;
}

describe.each(cases)("a step of the $title", ({ isWeighted = false, ...step }) => {
  const expected = velocityOn(referenceEngine, step, { isWeighted });
  it.each(engines)("is that of the reference engine on $title, $arithmetic", ({ engine }) => {
    const double = velocityOn(engine, step, { isWeighted });
    expect(worstDifference(step, expected.velocity, double.velocity)).toBeLessThan(1e-12);
    expect(worstDifference(step, expected.moved, double.moved)).toBeLessThan(1e-12);
    const single = velocityOn(engine, step, { isWeighted, precision: "float32" });
    expect(worstDifference(step, expected.velocity, single.velocity)).toBeLessThan(1e-5);
    expect(worstDifference(step, expected.moved, single.moved)).toBeLessThan(1e-5);
  });
  it.each(["fused", "plain"] as const)(
    "has the same bits on every engine and any number of threads (%s)",
    (arithmetic) => {
      const equals = engines.filter((engine) => engine.arithmetic === arithmetic);
      for (const precision of ["float64", "float32"] as const) {
        const first = equals.length === 0 ? null : velocityOn(equals[0].engine, step, { isWeighted, precision });
        for (const [index, { engine }] of equals.entries()) {
          const parts = 1 + ((index + 1) % 4);
          expect(firstDifference(velocityOn(engine, step, { isWeighted, precision, parts }), first)).toBeNull();
        }
        for (const parts of [2, 3, 4]) {
          if (first === null) continue;
          const cut = velocityOn(equals[0].engine, step, { isWeighted, precision, parts });
          expect(firstDifference(cut, first)).toBeNull();
        }
      }
    },
  );
});
