import { deepNetworks, numerics, type RunContext } from "meanfield";
import { type Depth, examplesOf, type Label, labels, networkOf } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** One label learned by one network. */
export interface Learned {
  /** That of least error in the cross-validation with which the network also fits all examples; null where there is none. */
  readonly learningRate: number | null;
  /** Error held out in the cross-validation, for each rate in ascending order; null where it was out, or above one that was. */
  readonly validationErrors: readonly (number | null)[];
  readonly status: "fitted" | "no-rate";
  readonly testError: number | null;
  readonly fittedAt: number | null;
  /** Only where it was measured. */
  readonly sensitivity: readonly SensitivityRecord[];
}

/** How much the answer at test inputs depends on coordinates, after some epochs. */
export interface SensitivityRecord {
  readonly epoch: number;
  /** Share of answers that change when a coordinate beyond the first k is drawn anew, mean over those coordinates. */
  readonly others: number;
  /** The same for one of the first k. */
  readonly first: number;
}

/** What one member finds. */
export type TrainedMember = Readonly<Record<Label, Learned>>;

type Context = Pick<RunContext<Values>, "pause" | "progress" | "noteEngine">;

const sensitivityInputs = 1000;

/** Tunes, trains and tests one network on both labels. */
export async function trainNetwork(
  context: Context,
  seed: string,
  depth: Depth,
  count: number,
  values: Values,
): Promise<TrainedMember> {
  const learned: Partial<Record<Label, Learned>> = {};
  for (const [index, label] of labels.entries()) {
    learned[label] = await learn(context, { seed, depth, count, label, values }, (fraction) =>
      context.progress((index + fraction) / labels.length),
    );
  }
  return learned as TrainedMember;
}

interface Lesson {
  readonly seed: string;
  readonly depth: Depth;
  readonly count: number;
  readonly label: Label;
  readonly values: Values;
}

async function learn(
  context: Context,
  { seed, depth, count, label, values }: Lesson,
  progress: (fraction: number) => void,
): Promise<Learned> {
  const network = networkOf(depth, values);
  const shared = {
    network,
    examples: examplesOf(label, "training", count, seed, values),
    seed,
    batchSize: values.batchSize,
    precision: values.precision,
    maxEpochs: values.maxEpochs,
  };
  const rates = values.learningRates;
  const errors: (number | null)[] = rates.map(() => null);
  for (const [index, learningRate] of rates.entries()) {
    await context.pause();
    progress(index / (rates.length + 1));
    const { rates: found, engine } = deepNetworks.chooseLearningRate({
      ...shared,
      learningRates: [learningRate],
      folds: values.folds,
      foldsUsed: Math.min(values.folds, values.foldsUsed),
      averagedEpochs: Math.min(5, values.averagedEpochs),
    });
    context.noteEngine(engine);
    errors[index] = found[0].error;
    // A rate may be out because it is too small or too large; above one that is too large there is nothing to find.
    if (found[0].error === null && index > 0 && errors[index - 1] !== null) break;
  }
  const measure = count === values.claimedExamples ? sensitivityMeasure(label, seed, values) : null;
  const test = examplesOf(label, "test", values.testExamples, seed, values);
  for (const index of ranked(errors)) {
    await context.pause();
    progress(rates.length / (rates.length + 1));
    const learningRate = rates[index];
    const sensitivity: SensitivityRecord[] = [];
    const outcome = deepNetworks.fitExamples({
      ...shared,
      learningRate,
      test,
      averagedEpochs: values.averagedEpochs,
      onEpoch(training) {
        if (measure !== null && isPowerOfTwo(training.epochs)) sensitivity.push(measure(training));
      },
    });
    // More examples than in the cross-validation: at the edge of what is stable a rate may do for those and not for these.
    if (outcome.status !== "fitted") continue;
    const { testError, fittedAt, training } = outcome;
    if (measure !== null && !isPowerOfTwo(training.epochs)) sensitivity.push(measure(training));
    return { learningRate, validationErrors: errors, status: "fitted", testError, fittedAt, sensitivity };
  }
  const nothing = { learningRate: null, testError: null, fittedAt: null, sensitivity: [] };
  return { ...nothing, validationErrors: errors, status: "no-rate" };
}

/** Places of the errors there are, the least first, of equals the smaller rate's. */
function ranked(errors: readonly (number | null)[]): readonly number[] {
  return errors
    .flatMap((error, index) => (error === null ? [] : [{ error, index }]))
    .sort((left, right) => left.error - right.error || left.index - right.index)
    .map(({ index }) => index);
}

const isPowerOfTwo = (count: number): boolean => Number.isInteger(Math.log2(count));

function sensitivityMeasure(label: Label, seed: string, values: Values) {
  const count = Math.min(sensitivityInputs, values.testExamples);
  const { inputs } = examplesOf(label, "test", count, seed, values);
  const { inputs: others } = examplesOf(label, "redrawn", count, seed, values);
  return (training: deepNetworks.DeepTraining): SensitivityRecord => {
    const changed = Array.from(
      { length: values.dimension },
      (_, coordinate) => deepNetworks.coordinateSensitivity(training, inputs, others, coordinate).changed,
    );
    return {
      epoch: training.epochs,
      others: numerics.mean(changed.slice(values.degree)),
      first: numerics.mean(changed.slice(0, values.degree)),
    };
  };
}
