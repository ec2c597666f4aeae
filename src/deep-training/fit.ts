import { invalidValue } from "../errors.ts";
import type { DeepExamples } from "./examples.ts";
import { createDeepTraining, type DeepTraining, type DeepTrainingOptions } from "./training.ts";

export interface FitOptions extends DeepTrainingOptions {
  /** Examples that nobody trains on. */
  readonly test: DeepExamples;
  /** Epochs after which a network that still makes mistakes on its examples is given up. @default 500 */
  readonly maxEpochs?: number;
  /** Epochs over which the test error is averaged, the first without training error included. @default 50 */
  readonly averagedEpochs?: number;
  /** Called after every epoch, for measurements along the way. */
  readonly onEpoch?: (training: DeepTraining, loss: number) => void;
}

/** How a fit ended. */
export type FitOutcome =
  /** No mistakes on the training examples after epoch `fittedAt`; `testError` is the mean over the epochs averaged. */
  | {
      readonly status: "fitted";
      readonly fittedAt: number;
      readonly testError: number;
      readonly training: DeepTraining;
    }
  /** Mistakes until the last epoch; errors are those at the end. */
  | {
      readonly status: "not-fitted";
      readonly trainingError: number;
      readonly testError: number;
      readonly training: DeepTraining;
    }
  /** The loss or a parameter had left every bound after epoch `epoch` (see `DeepTraining.epoch`): the learning rate is too large. */
  | { readonly status: "diverged"; readonly epoch: number; readonly training: DeepTraining };

/**
 * Trains until the network makes no mistake on its examples, looked at after every epoch, and averages the test error over epochs from there on, the protocol of Mori and Ueda 2020 as
 * we understand it.
 *
 * @throws MeanfieldError as `createDeepTraining`; `invalid-value` for numbers of epochs that are no positive integers
 */
export function fitExamples(options: FitOptions): FitOutcome {
  const { test, maxEpochs = 500, averagedEpochs = 50, onEpoch } = options;
  checkEpochs("maxEpochs", maxEpochs);
  checkEpochs("averagedEpochs", averagedEpochs);
  const training = createDeepTraining(options);
  let fittedAt: number | null = null;
  let sum = 0;
  let averaged = 0;
  while (averaged < averagedEpochs) {
    if (fittedAt === null && training.epochs === maxEpochs) {
      const trainingError = training.error(options.examples);
      return { status: "not-fitted", trainingError, testError: training.error(test), training };
    }
    const loss = training.epoch();
    if (!Number.isFinite(loss)) return { status: "diverged", epoch: training.epochs, training };
    onEpoch?.(training, loss);
    if (fittedAt === null && training.isFitted()) fittedAt = training.epochs;
    if (fittedAt === null) continue;
    sum += training.error(test);
    averaged += 1;
  }
  return { status: "fitted", fittedAt: fittedAt ?? training.epochs, testError: sum / averaged, training };
}

function checkEpochs(path: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= 1e6))
    throw invalidValue(path, "an integer in [1, 1e6]", value);
}
