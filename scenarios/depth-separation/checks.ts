import { dynamics, type JsonObject, laws, networks, numerics, type RunContext } from "meanfield";
import { bottleneckOf, simulationOptions } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** The exact relative variance of F over independent starts, no training. */
export async function measureStarts(context: RunContext<Values>): Promise<JsonObject> {
  const { parameters: values, seed } = context;
  const { dimension, start, starts, firstLayerWidth } = values;
  const arrangement = networks.arrangementOfStart(start) ?? "independent";
  const group = numerics.groupSize(arrangement, dimension);
  // The prediction holds for whole groups at any width, so a width that is cheap to square serves; two groups where they are, since the variance of a
  // single frame is the same in every start.
  const width = Math.max(group <= 240 ? 2 : 1, Math.round(Math.min(firstLayerWidth, 240) / group)) * group;
  const network = networks.buildNetwork({ ...bottleneckOf(values, width), secondLayerWidth: 1 }, dimension);
  const measured: number[] = [];
  for (let replica = 0; replica < starts; replica += 1) {
    const { w } = network.start(seed, replica).arrays;
    measured.push(networks.relativeVariance(w, dimension, values.initialAlpha));
    if (replica % 16 !== 0) continue;
    context.progress(replica / starts);
    await context.pause();
  }
  return {
    width,
    relativeVariance: numerics.mean(measured),
    error: numerics.standardError(measured),
    predicted: networks.expectedRelativeVariance(start, dimension),
  };
}

/** Only observables are read here, and none of them needs rays. */
const fewRays = { directions: 8, arrangement: "independent" } as const;

/** Drift of mean |w|^2 - 2 mean v^2 at width 128 over the same time with two step sizes, and whether the relative variance of F ever rises. */
export async function measureConservation(context: RunContext<Values>): Promise<JsonObject> {
  const { parameters: values } = context;
  const { problem } = simulationOptions(values, "bottleneck");
  if (laws.buildLaw(problem.law).radius === null) {
    return { drift: null, halvedDrift: null, ratio: null, varianceRise: null };
  }
  // Small enough that the drift's second order in the step size is a small part of it.
  const coarse = Math.min(values.stepSize, 0.25);
  const steps = Math.max(1, Math.round(20 / coarse));
  const drift = async (halvings: number, name: string): Promise<number> => {
    const { records } = await context.simulate(
      {
        problem,
        network: bottleneckOf(values, 128),
        dynamics: dynamics.gradientDescent({
          stepSize: coarse / 2 ** halvings,
          steps: steps * 2 ** halvings,
          expectation: dynamics.population(),
        }),
        evaluation: fewRays,
        recordTimes: 2,
        precision: values.precision,
      },
      name,
    );
    const [first, last] = [records[0], records[records.length - 1]];
    return number(last.observables.conserved) - number(first.observables.conserved);
  };
  const full = await drift(0, "full-step");
  const half = await drift(1, "half-step");
  const varianceRise = await largestVarianceRise(context, coarse);
  return { stepSize: coarse, drift: full, halvedDrift: half, ratio: full / half, varianceRise };
}

/** Dimension above which enough directions to stand for all of them would cost more than the run. */
const largestFineDimension = 20;

/**
 * Largest relative rise of the relative variance of F between records, where next to nothing but the flow moves it: at width 128, with one fixed
 * set of many directions, so that no step has noise of its own. Null in dimensions where such a set would be too large.
 */
async function largestVarianceRise(context: RunContext<Values>, stepSize: number): Promise<number | null> {
  const { parameters: values } = context;
  const { dimension } = values;
  if (dimension > largestFineDimension) return null;
  const group = 2 * dimension;
  const directions = Math.ceil(Math.max(1000, 10 * dimension ** 2) / group) * group;
  const { records } = await context.simulate(
    {
      problem: simulationOptions(values, "bottleneck").problem,
      network: bottleneckOf(values, 128),
      dynamics: dynamics.gradientDescent({
        stepSize,
        steps: Math.round(50 / stepSize),
        expectation: dynamics.population({ directions }),
      }),
      evaluation: fewRays,
      recordTimes: 30,
      precision: values.precision,
      observe: { exactRelativeVariance: ({ particles }) => networks.relativeVariance(particles.arrays.w, dimension) },
    },
    "fine-directions",
  );
  const variances = records.map(({ observables }) => number(observables.exactRelativeVariance));
  return Math.max(...variances.slice(1).map((value, index) => value / variances[index] - 1));
}

function number(value: unknown): number {
  if (typeof value === "number") return value;
  throw new TypeError(`expected a number, got ${String(value)}`);
}
