import { deepNetworks, numerics, type RunContext } from "meanfield";
import { type Depth, examplesOf, type Label, labels, networkOf } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** One label learned by one network. */
export interface Learned {
  /** Null where no rate could fit in the cross-validation. */
  readonly learningRate: number | null;
  /** Error held out in the cross-validation, for each rate in ascending order; null where it was out. */
  readonly validationErrors: readonly (number | null)[];
  readonly status: "fitted" | "not-fitted" | "diverged" | "no-rate";
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

const sensitivityInputs = 1000;

/** Tunes, trains and tests one network on both labels. */
export async function trainNetwork(
  context: RunContext<Values>,
  seed: string,
  depth: Depth,
  count: number,
): Promise<TrainedMember> {
  const learned: Partial<Record<Label, Learned>> = {};
  for (const [index, label] of labels.entries()) {
    learned[label] = await learn(context, seed, depth, count, label, (fraction) =>
      context.progress((index + fraction) / labels.length),
    );
  }
  return learned as TrainedMember;
}

async function learn(
  context: RunContext<Values>,
  seed: string,
  depth: Depth,
  count: number,
  label: Label,
  progress: (fraction: number) => void,
): Promise<Learned> {
  const values = context.parameters;
  const network = networkOf(depth, values);
  const shared = {
    network,
    examples: examplesOf(label, "training", count, seed, values),
    seed,
    batchSize: values.batchSize,
    precision: values.precision,
    maxEpochs: values.maxEpochs,
  };
  const errors: (number | null)[] = [];
  const rates = values.learningRates;
  let best: number | null = null;
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
    errors.push(found[0].error);
    if (found[0].error !== null && (best === null || found[0].error < (errors[best] ?? 1))) best = index;
  }
  if (best === null) {
    const nothing = { learningRate: null, testError: null, fittedAt: null, sensitivity: [] };
    return { ...nothing, validationErrors: errors, status: "no-rate" };
  }
  await context.pause();
  progress(rates.length / (rates.length + 1));
  const sensitivity: SensitivityRecord[] = [];
  const measure = count === values.claimedExamples ? sensitivityMeasure(label, seed, values) : null;
  const outcome = deepNetworks.fitExamples({
    ...shared,
    learningRate: rates[best],
    test: examplesOf(label, "test", values.testExamples, seed, values),
    averagedEpochs: values.averagedEpochs,
    onEpoch(training) {
      if (measure !== null && isPowerOfTwo(training.epochs)) sensitivity.push(measure(training));
    },
  });
  if (measure !== null && outcome.status !== "diverged" && !isPowerOfTwo(outcome.training.epochs)) {
    sensitivity.push(measure(outcome.training));
  }
  return {
    learningRate: rates[best],
    validationErrors: errors,
    status: outcome.status,
    testError: outcome.status === "diverged" ? null : outcome.testError,
    fittedAt: outcome.status === "fitted" ? outcome.fittedAt : null,
    sensitivity,
  };
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
