import { naturalLogarithm } from "../../numerics/random/index.ts";
import { exponential } from "./exponential.ts";

/** Outputs of a batch: z in rows `stride` apart; the signals dloss/dz take their place, loss the batch's mean. */
export interface Outputs {
  readonly rows: Float64Array;
  readonly stride: number;
  readonly count: number;
  readonly outputs: number;
  /** Scratch: room for a row. */
  readonly powers: Float64Array;
}

/** sum_s log(sum_c e^(z_sc)) - z_s,label, and the signals (softmax(z_s) - [c = label]) / count; the batch's examples begin at order[first]. */
export function crossEntropy(batch: Outputs, labels: Uint32Array, order: Uint32Array, first: number): number {
  const { rows, stride, count, outputs, powers } = batch;
  const share = 1 / count;
  let total = 0;
  for (let s = 0; s < count; s += 1) {
    const row = s * stride;
    const label = labels[order[first + s]];
    let largest = rows[row];
    for (let c = 1; c < outputs; c += 1) largest = rows[row + c] > largest ? rows[row + c] : largest;
    let sum = 0;
    for (let c = 0; c < outputs; c += 1) {
      powers[c] = exponential(rows[row + c] - largest);
      sum += powers[c];
    }
    total += naturalLogarithm(sum) - (rows[row + label] - largest);
    const inverse = 1 / sum;
    for (let c = 0; c < outputs; c += 1) rows[row + c] = (powers[c] * inverse - (c === label ? 1 : 0)) * share;
  }
  return total;
}

/** 1/2 sum_s |z_s - y_s|^2, and the signals (z_s - y_s) / count. */
export function squareLoss(batch: Outputs, targets: Float64Array, order: Uint32Array, first: number): number {
  const { rows, stride, count, outputs } = batch;
  const share = 1 / count;
  let total = 0;
  for (let s = 0; s < count; s += 1) {
    const row = s * stride;
    const target = order[first + s] * outputs;
    for (let c = 0; c < outputs; c += 1) {
      const residual = rows[row + c] - targets[target + c];
      total += 0.5 * (residual * residual);
      rows[row + c] = residual * share;
    }
  }
  return total;
}
