import { dynamics, laws, limits, networks, targets } from "meanfield";
import type { Values } from "./parameters.ts";

/** One part of the scenario: many starts of one network, whose harmonics of one degree are followed. */
export interface Part {
  /** Name of the member. */
  readonly name: string;
  readonly kind: "training" | "optimum" | "growth" | "ladder";
  readonly dimension: number;
  readonly degree: number;
  readonly width: number;
  readonly replicas: number;
  /** Start of the second layer's one atom. */
  readonly v: number;
  readonly b: number;
  readonly isSecondLayerFrozen: boolean;
  readonly radiusCutoff: number | null;
  readonly stepSize: number;
  readonly directions: number;
  /** In steps, ascending. */
  readonly measuredAt: readonly number[];
}

/** Where A < 0: the kink stands at radius .3, and the outer function bends upwards below the target. */
const growthKink = 0.3;
const growthTimes = [0.1, 0.25, 0.5, 1];

export function partsOf(values: Values): readonly Part[] {
  const { dimensions, degrees, ladderDimension, ladderWidths } = values;
  return [
    ...dimensions.flatMap((dimension) => degrees.map((degree) => trainingPart(values, dimension, degree))),
    ...dimensions.flatMap((dimension) => degrees.map((degree) => optimumPart(values, dimension, degree))),
    growthPart(values, ladderDimension, 1),
    ...ladderWidths.map((width) => ladderPart(values, ladderDimension, width)),
  ];
}

/** From (alpha, v, b) = (1, -.1, .1), everything moving, no cutoff. */
function trainingPart(values: Values, dimension: number, degree: number): Part {
  return {
    name: `training-d${dimension}-degree${degree}`,
    kind: "training",
    dimension,
    degree,
    width: wholeFrames(values.width, dimension),
    replicas: values.replicas,
    v: -0.1,
    b: 0.1,
    isSecondLayerFrozen: false,
    radiusCutoff: null,
    stepSize: values.stepSize,
    directions: wholeFrames(values.directions, dimension),
    measuredAt: inSteps(values.times, values.stepSize),
  };
}

/** At (1, -1, 1), where the limit stands still and every harmonic decays at a rate of its own, long enough to see it. */
function optimumPart(values: Values, dimension: number, degree: number): Part {
  const law = laws.heavyTailed({ dimension, radiusCutoff: values.optimumRadiusCutoff });
  const force = limits.createRestoringForce({
    law: laws.buildLaw(law),
    target: targets.buildTarget(targets.hinge()),
    secondLayerWidth: 1,
  })(limits.bottleneckState({ alpha: 1, v: [-1], b: [1] }));
  const rate = (l: number) => (limits.harmonicRate(l, dimension) * force) / networks.meanReluOfCoordinate(dimension);
  const time = values.optimumDecay / rate(degree);
  // The step size is bounded by the fastest harmonic, whose factor a step must stay well inside (-1, 1).
  const steps = Math.ceil(Math.max(400, 2 * time * rate(1)));
  return {
    ...trainingPart(values, dimension, degree),
    name: `optimum-d${dimension}-degree${degree}`,
    kind: "optimum",
    width: wholeFrames(values.optimumWidth, dimension),
    v: -1,
    b: 1,
    isSecondLayerFrozen: true,
    radiusCutoff: values.optimumRadiusCutoff,
    stepSize: time / steps,
    measuredAt: [0.25, 0.5, 1].map((fraction) => Math.round(fraction * steps)),
  };
}

function growthPart(values: Values, dimension: number, degree: number): Part {
  // Half a unit of time is all that the growth lasts.
  const stepSize = values.stepSize / 5;
  return {
    ...trainingPart(values, dimension, degree),
    name: `growth-d${dimension}-degree${degree}`,
    kind: "growth",
    width: wholeFrames(values.optimumWidth, dimension),
    v: -1,
    b: growthKink,
    radiusCutoff: values.optimumRadiusCutoff,
    stepSize,
    measuredAt: inSteps(growthTimes, stepSize),
  };
}

function ladderPart(values: Values, dimension: number, width: number): Part {
  return {
    ...trainingPart(values, dimension, 1),
    name: `ladder-${width}`,
    kind: "ladder",
    width,
    replicas: values.ladderReplicas,
    measuredAt: inSteps([values.ladderTime], values.stepSize),
  };
}

/** The simulation of one start of a part. */
export function simulationOf(part: Part, replica: number, precision: Values["precision"]) {
  const { dimension, degree, stepSize, measuredAt } = part;
  return {
    problem: { law: lawOf(part), target: targets.hinge() },
    network: networks.bottleneck({
      firstLayerWidth: part.width,
      secondLayerWidth: 1,
      secondLayerStart: "equal",
      initialV: part.v,
      initialB: part.b,
      start: startOf(degree),
    }),
    dynamics: dynamics.gradientDescent({
      stepSize,
      steps: measuredAt[measuredAt.length - 1],
      layerSpeeds: speedsOf(part),
      expectation: dynamics.radialExact({ directions: part.directions }),
    }),
    recordTimes: [0, ...measuredAt.map((steps) => steps * stepSize)],
    // Amplitudes are read from the particles; rays would only cost time.
    evaluation: { directions: 8, arrangement: "independent" as const },
    observe: {
      amplitude: ({ particles }: { readonly particles: networks.Particles }) =>
        Math.sqrt(networks.relativeHarmonics(particles.arrays.w, dimension, [degree])[0]),
    },
    replica,
    precision,
  };
}

/** The start whose lowest degree is the one to be measured: others would feed it at second order. */
function startOf(degree: number): networks.FirstLayerStart {
  if (degree === 1) return "sphere";
  return degree === 2 ? "antithetic-pairs" : "antithetic-frames";
}

export function lawOf({ dimension, radiusCutoff }: Part): laws.LawSpec {
  return laws.heavyTailed({ dimension, radiusCutoff });
}

export function speedsOf({ isSecondLayerFrozen }: Part) {
  return { first: 1, second: isSecondLayerFrozen ? 0 : 1 };
}

function inSteps(times: readonly number[], stepSize: number): number[] {
  return times.map((time) => Math.max(1, Math.round(time / stepSize)));
}

function wholeFrames(count: number, dimension: number): number {
  return 2 * dimension * Math.ceil(count / (2 * dimension));
}
