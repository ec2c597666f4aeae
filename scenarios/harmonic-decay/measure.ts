import { type JsonObject, laws, limits, numerics, type RunContext, targets } from "meanfield";
import type { Values } from "./parameters.ts";
import { lawOf, type Part, partsOf, simulationOf, speedsOf } from "./parts.ts";

/** Measured and predicted decay of one part at its times. */
export interface Decay {
  readonly dimension: number;
  readonly degree: number;
  readonly width: number;
  readonly points: readonly DecayPoint[];
}

/** A part with the prediction at enough times to draw it. */
export interface DrawnDecay extends Decay {
  readonly curve: { readonly times: readonly number[]; readonly predicted: readonly number[] };
}

export interface DecayPoint {
  readonly time: number;
  /** Mean over starts of h_l/alpha over its start, geometric; with the ends of its interval. */
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** First-order theory of gradient descent at this step size, and of the flow. */
  readonly predicted: number;
  readonly flow: number;
  /** log ratio / log predicted, with its interval. */
  readonly agreement: number;
  readonly agreementLow: number;
  readonly agreementHigh: number;
}

/**
 * Probability that all intervals of the parts that are judged one by one cover their means at once is at least 95 % (Bonferroni): each has the level
 * 1 - .05/(number of parts).
 */
export function levelOf(values: Values): number {
  const judged = partsOf(values).filter(({ kind }) => kind !== "ladder").length;
  return 1 - 0.05 / judged;
}

const drawnTimes = 40;

export async function measurePart(context: RunContext<Values>, part: Part): Promise<JsonObject> {
  const { parameters: values } = context;
  const { dimension, degree, width, stepSize, measuredAt, replicas } = part;
  const logs: number[][] = measuredAt.map(() => []);
  for (let replica = 0; replica < replicas; replica += 1) {
    const { records } = await context.simulate(simulationOf(part, replica, values.precision), `replica-${replica}`);
    const amplitudes = records.map(({ observables }) => Number(observables.amplitude));
    for (const [index, at] of logs.entries()) at.push(Math.log(amplitudes[index + 1] / amplitudes[0]));
    context.progress((replica + 1) / replicas);
  }
  const options = {
    law: laws.buildLaw(lawOf(part)),
    target: targets.buildTarget(targets.hinge()),
    secondLayerWidth: 1,
    layerSpeeds: speedsOf(part),
  };
  const start = limits.bottleneckState({ alpha: 1, v: [part.v], b: [part.b] });
  const times = measuredAt.map((steps) => steps * stepSize);
  const flow = limits.harmonicDecay(options, start, times);
  const stepped = limits.steppedHarmonicDecay(options, start, stepSize, [degree], measuredAt);
  const level = part.kind === "ladder" ? 0.95 : levelOf(values);
  const points = times.map((time, index): JsonObject => {
    const { value, low, high } = numerics.meanWithInterval(logs[index], level);
    const predicted = Math.log(stepped[index][0]);
    const agreement = [low / predicted, high / predicted].sort((left, right) => left - right);
    return {
      time,
      ratio: Math.exp(value),
      low: Math.exp(low),
      high: Math.exp(high),
      predicted: stepped[index][0],
      flow: Math.exp(-limits.harmonicRate(degree, dimension) * flow[index].damping),
      agreement: value / predicted,
      agreementLow: agreement[0],
      agreementHigh: agreement[1],
    };
  });
  const drawnAt = Array.from({ length: drawnTimes + 1 }, (_, index) =>
    Math.round((index * measuredAt[measuredAt.length - 1]) / drawnTimes),
  );
  const curve = {
    times: drawnAt.map((steps) => steps * stepSize),
    predicted: limits.steppedHarmonicDecay(options, start, stepSize, [degree], drawnAt).map(([ratio]) => ratio),
  };
  return { dimension, degree, width, points, curve };
}
