import { observables, type RunContext, type SampleSet, type SimulationView } from "meanfield";
import { examplesOf, functionsOf, problemOf } from "./functions.ts";
import { kernelOf, predictionAt } from "./kernel.ts";
import { meanSquare } from "./mean-square.ts";
import { type Family, optionsOf } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** One function learned at output scale 1. */
export interface RichCurve {
  readonly times: readonly number[];
  /** E(f - f*)^2 on the test examples; 1 is what f = 0 has. */
  readonly test: readonly number[];
  /** The same on the training examples. */
  readonly training: readonly number[];
}

/** By function. */
export type RichMember = Readonly<Record<string, RichCurve>>;

/** One function at the larger output scales, each at the end. */
export interface ScaleCurve {
  readonly test: readonly number[];
  /** |theta_t - theta_0| / |theta_0|. */
  readonly movement: readonly number[];
  /** Root mean square over test inputs of the network less kernel descent, over kernel descent's own. */
  readonly distance: readonly number[];
  /** Test error of kernel descent with the kernel of the very start, at the same time. */
  readonly kernel: number;
}
export type LazyMember = Readonly<Record<string, ScaleCurve>>;

/** The rich network of one family, on each function. */
export async function trainRich(
  context: RunContext<Values>,
  family: Family,
  repeat: number,
  count: number,
): Promise<RichMember> {
  const { parameters: values, seed } = context;
  const found: Record<string, RichCurve> = {};
  const functions = functionsOf(values);
  for (const [index, learned] of functions.entries()) {
    const problem = problemOf(learned, values);
    const { test } = examplesOf(problem, count, repeat, seed, values);
    const { records } = await context.simulate(
      {
        ...optionsOf(family, problem, count, 1, values),
        replica: repeat,
        observe: { test: errorOn(test), training: observables.trainingLoss() },
      },
      learned.name,
    );
    const of = (name: string, factor: number) =>
      records.map(({ observables: seen }) => factor * (seen[name] ?? Number.NaN));
    found[learned.name] = { times: records.map(({ time }) => time), test: of("test", 1), training: of("training", 2) };
    context.progress((index + 1) / functions.length);
  }
  return found;
}

/** The same network at the larger output scales, beside kernel descent in the same steps. */
export async function trainLazy(context: RunContext<Values>, family: Family, repeat: number): Promise<LazyMember> {
  const { parameters: values, seed } = context;
  const { scales, lazyExamples: count } = values;
  const functions = functionsOf(values);
  const kernel = await kernelOf(
    context,
    family,
    repeat,
    count,
    functions.map((learned) => problemOf(learned, values)),
  );
  const found: Record<string, ScaleCurve> = {};
  for (const [index, learned] of functions.entries()) {
    const problem = problemOf(learned, values);
    const { test } = examplesOf(problem, count, repeat, seed, values);
    const predicted = predictionAt(kernel, values.time, index);
    const curve = { test: [] as number[], movement: [] as number[], distance: [] as number[] };
    for (const [scale, outputScale] of scales.entries()) {
      const { records, simulation } = await context.simulate(
        {
          ...optionsOf(family, problem, count, outputScale, values),
          recordTimes: 2,
          replica: repeat,
          observe: { movement: observables.movement() },
        },
        `${learned.name}-scale-${scale}`,
      );
      const learnedValues = new Float64Array(test.count);
      simulation.network.evaluate(simulation.particles(), test.points, test.count, learnedValues);
      for (let s = 0; s < test.count; s += 1) learnedValues[s] *= outputScale;
      curve.test.push(meanSquare(learnedValues, test.targets));
      curve.movement.push(records[records.length - 1].observables.movement ?? Number.NaN);
      curve.distance.push(Math.sqrt(meanSquare(learnedValues, predicted) / meanSquare(predicted)));
    }
    found[learned.name] = { ...curve, kernel: meanSquare(predicted, test.targets) };
    context.progress((index + 1) / functions.length);
  }
  return found;
}

/** An observable: the network's error on a test set. */
function errorOn({ points, targets, count }: SampleSet): (view: SimulationView) => number {
  const values = new Float64Array(count);
  return ({ particles, setting }) => {
    setting.network.evaluate(particles, points, count, values);
    return meanSquare(values, targets);
  };
}
