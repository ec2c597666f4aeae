import { invalidValue } from "../../errors.ts";
import { createFiniteTraining, type FiniteTraining, type FiniteTrainingOptions } from "./finite-training.ts";

export interface FiniteFitOptions extends FiniteTrainingOptions {
  /** Steps after which training ends in any case, 1 to 1e7. */
  readonly maxEpochs: number;
  /** Training ends where the loss is below this, >= 0. @default 0, never */
  readonly stopLoss?: number;
  /** Epochs from one look at the loss to the next. @default 10 */
  readonly checkEvery?: number;
  /** Called at every look, after 0, checkEvery, ... epochs, and awaited: measures, shows progress, or throws to stop. */
  readonly onCheck?: (training: FiniteTraining, loss: number) => void | Promise<void>;
}

/** How a training ended. */
export type FiniteFit =
  /** The loss was below `stopLoss` when looked at after `epochs` epochs. */
  | { readonly status: "fitted"; readonly epochs: number; readonly loss: number; readonly training: FiniteTraining }
  /** It was not, up to the last epoch. */
  | { readonly status: "not-fitted"; readonly epochs: number; readonly loss: number; readonly training: FiniteTraining }
  /** The loss had left every bound after `epochs` epochs: the learning rate is too large. */
  | { readonly status: "diverged"; readonly epochs: number; readonly training: FiniteTraining };

/**
 * Trains a network of finite width by full-batch gradient descent (`createFiniteTraining`) until its loss is small enough, looked at every few epochs: the protocol of
 * Simon, Anand, DeWeese 2022, where the rate is 0.1, stopLoss 1e-3 and checkEvery 10.
 *
 * @throws MeanfieldError as `createFiniteTraining`; `invalid-value` on numbers of epochs or a stopLoss that do not fit; whatever `onCheck` throws
 */
export async function trainFiniteNetwork(options: FiniteFitOptions): Promise<FiniteFit> {
  const { maxEpochs, stopLoss = 0, checkEvery = 10, onCheck } = options;
  checkEpochs("maxEpochs", maxEpochs);
  checkEpochs("checkEvery", checkEvery);
  if (!(stopLoss >= 0 && stopLoss < Infinity)) throw invalidValue("stopLoss", "a finite number >= 0", stopLoss);
  const training = createFiniteTraining(options);
  for (;;) {
    const loss = training.loss();
    const { epochs } = training;
    if (loss === Infinity) return { status: "diverged", epochs, training };
    await onCheck?.(training, loss);
    if (loss < stopLoss) return { status: "fitted", epochs, loss, training };
    if (epochs === maxEpochs) return { status: "not-fitted", epochs, loss, training };
    const next = Math.min(epochs + checkEvery, maxEpochs);
    while (training.epochs < next && training.epoch() < Infinity);
  }
}

function checkEpochs(path: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= 1e7)) {
    throw invalidValue(path, "an integer in [1, 1e7]", value);
  }
}
