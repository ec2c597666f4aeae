import type { EngineUse } from "../engines/index.ts";
import { invalidValue } from "../errors.ts";
import { deriveKey } from "../numerics/random/index.ts";
import { countExamples, selectExamples } from "./examples.ts";
import { type FitOptions, fitExamples } from "./fit.ts";
import { shuffle } from "./shuffle.ts";

export interface CrossValidationOptions extends Omit<FitOptions, "learningRate" | "test" | "onEpoch" | "parameters"> {
  /** The rates to compare, each > 0 and once. */
  readonly learningRates: readonly number[];
  /** Parts into which the examples are cut; each is held out once. @default 10 */
  readonly folds?: number;
  /** Parts that are really held out, the first ones: fewer cost less. @default folds */
  readonly foldsUsed?: number;
}

/** What cross-validation found for one rate. */
export interface RateResult {
  readonly learningRate: number;
  /** Mean error on the parts held out; null unless every fit came to its end without training error. */
  readonly error: number | null;
  readonly notFitted: number;
  readonly diverged: number;
}

export interface ChosenRate {
  /** The rate of least error, the smallest of equals; null where no rate could fit. */
  readonly learningRate: number | null;
  readonly rates: readonly RateResult[];
  /** The engine that trained. */
  readonly engine: EngineUse;
}

/**
 * Chooses a learning rate by k-fold cross-validation: the examples, shuffled by the seed, are cut into parts that differ by one at most; for each rate and part a network learns the
 * others and is tested on that part, as `fitExamples` does. A rate with which any of the networks diverges or is not fitted is out. Test data play no role.
 *
 * @throws MeanfieldError as `fitExamples`; `invalid-value` for rates and folds
 */
export function chooseLearningRate(options: CrossValidationOptions): ChosenRate {
  const { network, examples, learningRates, seed, folds = 10, foldsUsed = folds } = options;
  const count = countExamples(network, examples, "examples");
  if (
    !Array.isArray(learningRates) ||
    learningRates.length === 0 ||
    new Set(learningRates).size < learningRates.length
  ) {
    throw invalidValue("learningRates", "one or more different rates", learningRates);
  }
  if (!(Number.isInteger(folds) && folds >= 2 && folds <= count)) {
    throw invalidValue("folds", `an integer in [2, ${count}]`, folds);
  }
  if (!(Number.isInteger(foldsUsed) && foldsUsed >= 1 && foldsUsed <= folds)) {
    throw invalidValue("foldsUsed", `an integer in [1, ${folds}]`, foldsUsed);
  }
  const order = new Uint32Array(count);
  shuffle(order, new Float64Array(count), deriveKey(seed, "deep training", "folds"), 0);
  const engines: EngineUse[] = [];
  const rates = [...learningRates]
    .sort((left, right) => left - right)
    .map((learningRate): RateResult => {
      let [sum, notFitted, diverged] = [0, 0, 0];
      for (let fold = 0; fold < foldsUsed; fold += 1) {
        const [from, to] = [Math.floor((fold * count) / folds), Math.floor(((fold + 1) * count) / folds)];
        const others = order.filter((_, position) => position < from || position >= to);
        const outcome = fitExamples({
          ...options,
          learningRate,
          examples: selectExamples(examples, others, network.inputs),
          test: selectExamples(examples, order.subarray(from, to), network.inputs),
        });
        engines.push(outcome.training.engine);
        if (outcome.status === "fitted") sum += outcome.testError;
        else if (outcome.status === "diverged") diverged += 1;
        else notFitted += 1;
        // Whatever the other parts give, the rate is out.
        if (outcome.status !== "fitted") break;
      }
      const isOut = notFitted + diverged > 0;
      return { learningRate, error: isOut ? null : sum / foldsUsed, notFitted, diverged };
    });
  let best: RateResult | null = null;
  for (const rate of rates) {
    if (rate.error !== null && (best === null || rate.error < (best.error ?? 0))) best = rate;
  }
  return { learningRate: best?.learningRate ?? null, rates, engine: engines[0] };
}
