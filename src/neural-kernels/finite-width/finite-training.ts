import { type EngineUse, engineUse } from "../../engines/index.ts";
import { invalidValue, MeanfieldError } from "../../errors.ts";
import type { RootSeed } from "../../numerics/index.ts";
import type { FullyConnectedKernel } from "../infinite-width/fully-connected.ts";
import { buildKernelActivation } from "../infinite-width/kernel-activation.ts";
import { kernelEvaluator } from "../infinite-width/kernel-evaluator.ts";
import { inputRows } from "../matrices/input-rows.ts";
import { checkedDraw } from "./empirical-kernel.ts";
import { givenParameters, type LayerParameters, randomParameters } from "./finite-parameters.ts";
import { allocateTraining } from "./training-memory.ts";
import { trainingPasses } from "./training-passes.ts";

export interface FiniteTrainingOptions {
  /** The infinitely wide network whose finite one learns: activation, variances, normalisation, depth. */
  readonly kernel: FullyConnectedKernel;
  /** Neurons of each hidden layer. */
  readonly widths: readonly number[];
  /** Training points, n x dimension, row by row. */
  readonly points: Float64Array;
  readonly dimension: number;
  /** y, n x outputs, row by row. */
  readonly targets: Float64Array;
  /** Values of the network. @default 1 */
  readonly outputs?: number;
  /** eta in (0, 1e6] of w <- w - eta gradient. */
  readonly learningRate: number;
  /** Learn f(x; w) - f(x; w at the start), which is 0 at the start, in place of f(x; w). @default true */
  readonly isCentred?: boolean;
  /** Root seed of random parameters: those of `empiricalKernel` with equal seed and draw. @default 0 */
  readonly seed?: RootSeed;
  /** Which of the seed's networks, 0, 1, ... @default 0 */
  readonly draw?: number;
  /** Parameters to start from in place of random ones. */
  readonly parameters?: readonly LayerParameters[];
}

/** A network of finite width in training by gradient descent on all points at once. */
export interface FiniteTraining {
  readonly engine: EngineUse;
  /** Steps taken so far, each over all points. */
  readonly epochs: number;
  /** The loss at the parameters of now; Infinity once it has left every bound. Free of charge after an epoch for the next one, which needs it anyway. */
  loss(): number;
  /** One step of gradient descent. Returns the loss before it; where that is Infinity no step is taken. */
  epoch(): number;
  /**
   * What the network computes (centred, if so chosen) at rows of `dimension` numbers: `outputs` numbers each, row by row.
   *
   * @throws MeanfieldError `invalid-value`, `not-finite` on rows as in `points`; `diverged` once the loss is Infinity
   */
  values(points: Float64Array): Float64Array;
  /**
   * A copy of the parameters, such as `empiricalKernel` takes.
   *
   * @throws MeanfieldError `diverged` once the loss is Infinity
   */
  parameters(): readonly LayerParameters[];
}

/** Times the loss at the start: descent that is going to recover stays far below (the catapult of Lewkowycz et al. 2020 reaches about the width). */
const largestGrowth = 1e9;

/**
 * Prepares full-batch gradient descent of a network in the tangent-kernel parametrisation, z^l = sqrt(sigma_w^2/n) W^l h^(l-1) + sqrt(biasTangent) b^l with W
 * and b learned, on the square loss without a 1/2:
 *
 *     loss = (1/n) sum_s |f(x_s; w) - f(x_s; w_0) - y_s|^2,      w <- w - eta dloss/dw.
 *
 * With small steps and large widths, f follows `kernelDescent` with the tangent kernel and steps of 2 eta. The protocol is that of Simon, Anand, DeWeese 2022. A
 * derivative at a kink is the one below (ReLU: 0).
 *
 * One thread, float64; the bits hang on options, seed and the engine's arithmetic alone. An epoch costs about 6 n times the number of weights in floating-point operations.
 *
 * @throws MeanfieldError `invalid-value`, `not-finite` on options that do not fit; `unsupported-combination` where the activation has no derivative; `out-of-memory`
 */
export function createFiniteTraining(options: FiniteTrainingOptions): FiniteTraining {
  const { kernel, widths, points, dimension, targets, outputs = 1, learningRate, isCentred = true } = options;
  const evaluator = kernelEvaluator(kernel);
  const rows = inputRows(evaluator, points, dimension, "points");
  const { count } = rows;
  checkWidths(kernel, widths);
  if (!(Number.isInteger(outputs) && outputs >= 1)) throw invalidValue("outputs", "a positive integer", outputs);
  if (targets.length !== count * outputs) {
    throw invalidValue("targets", `${count} x ${outputs} numbers`, `${targets.length} numbers`);
  }
  const wrong = targets.findIndex((target) => !Number.isFinite(target));
  if (wrong >= 0) {
    const message = `targets[${wrong}]: expected finite numbers, got ${targets[wrong]}`;
    throw new MeanfieldError("not-finite", message, { path: "targets" });
  }
  if (!(learningRate > 0 && learningRate <= 1e6)) {
    throw invalidValue("learningRate", "a number in (0, 1e6]", learningRate);
  }
  const activation = buildKernelActivation(kernel.activation);
  const { derivative } = activation;
  if (derivative === null) {
    throw new MeanfieldError(
      "unsupported-combination",
      `kernel.activation: gradient descent needs the activation's derivative, and ${kernel.activation.kind} has none; take another activation`,
      { path: "kernel.activation" },
    );
  }
  const sizes = [dimension, ...widths, outputs];
  const draw = checkedDraw(options.draw ?? 0);
  const given = options.parameters === undefined ? null : givenParameters(options.parameters, sizes);
  const memory = allocateTraining(count, sizes);
  const { engine, features, others, signals, parameters, start } = memory;
  const source = given ?? randomParameters(kernel, engine, options.seed ?? 0, draw);
  parameters.forEach(({ weights, biases }, layer) => {
    source.weights(layer, 0, sizes[layer + 1], sizes[layer], weights);
    source.biases(layer, biases);
    start[layer].weights.set(weights);
    start[layer].biases.set(biases);
  });
  features[0].set(rows.rows);
  const passes = trainingPasses(kernel, { ...activation, derivative }, memory, sizes, count);
  const f = features[sizes.length - 1];

  let isCurrent = passes.forward();
  if (!isCurrent)
    throw new MeanfieldError("not-finite", "the network's values at the points are not finite at its start");
  /** y + f(x; w_0) */
  const wanted = Float64Array.from(targets, (target, at) => target + (isCentred ? f[at] : 0));
  let epochs = 0;
  let loss = lossNow();
  const largestLoss = largestGrowth * Math.max(loss, Number.MIN_VALUE);

  function lossNow(): number {
    let sum = 0;
    for (let at = 0; at < wanted.length; at += 1) sum += (f[at] - wanted[at]) ** 2;
    return sum / count;
  }

  /** Makes features and loss those of the parameters. */
  function goForward(): void {
    if (isCurrent || loss === Infinity) return;
    loss = passes.forward() ? lossNow() : Infinity;
    if (!(loss <= largestLoss)) loss = Infinity;
    isCurrent = true;
  }

  function requireFinite(): void {
    goForward();
    if (loss < Infinity) return;
    throw new MeanfieldError(
      "diverged",
      `learningRate: the loss has left every bound within ${epochs} epochs; take one below ${learningRate}`,
      { path: "learningRate" },
    );
  }

  return {
    engine: engineUse(engine, "float64"),
    get epochs() {
      return epochs;
    },
    loss() {
      goForward();
      return loss;
    },
    epoch() {
      goForward();
      if (loss === Infinity) return loss;
      const signal = signals[0];
      for (let at = 0; at < wanted.length; at += 1) signal[at] = (2 / count) * (f[at] - wanted[at]);
      passes.backward(learningRate);
      epochs += 1;
      isCurrent = false;
      return loss;
    },
    values(given) {
      requireFinite();
      const there = inputRows(evaluator, given, dimension, "points");
      const out = new Float64Array(there.count * outputs);
      for (let first = 0; first < there.count; first += memory.rows) {
        const many = Math.min(memory.rows, there.count - first);
        others.set(there.rows.subarray(first * dimension, (first + many) * dimension));
        const to = out.subarray(first * outputs, (first + many) * outputs);
        passes.evaluate(many, parameters);
        to.set(f.subarray(0, to.length));
        if (!isCentred) continue;
        passes.evaluate(many, start);
        for (let at = 0; at < to.length; at += 1) to[at] -= f[at];
      }
      // Features are those of other points now.
      isCurrent = false;
      return out;
    },
    parameters() {
      requireFinite();
      return parameters.map(({ weights, biases }) => ({ weights: weights.slice(), biases: biases.slice() }));
    },
  };
}

function checkWidths(kernel: FullyConnectedKernel, widths: readonly number[]): void {
  const hidden = kernel.layers.length - 1;
  if (widths.length !== hidden) throw invalidValue("widths", `${hidden} widths, one for each hidden layer`, widths);
  widths.forEach((width, layer) => {
    if (!(Number.isInteger(width) && width >= 1)) throw invalidValue(`widths[${layer}]`, "a positive integer", width);
  });
}
