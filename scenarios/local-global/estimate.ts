import { type Depth, depths, networkOf } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** Multiply-adds a second of the kernels' small products in float32, and of a factorisation in float64; seconds of a kernel entry a layer. Measured on one core. */
const productRate = 35e9;
const factorRate = 20e9;
const entrySeconds = 7e-9;
/** Epochs to no training error, about, by depth; share of the rates that are tried, the largest ones being out. */
const epochs: Readonly<Record<Depth, number>> = { 1: 90, 3: 40, 7: 60 };
const tried = 0.7;

/** Seconds of one network's search, training and test on both labels. */
export function trainingSeconds(depth: Depth, count: number, values: Values): number {
  const { inputs, hiddenWidths, outputs } = networkOf(depth, values);
  const sizes = [inputs, ...hiddenWidths, outputs];
  const weights = sizes.slice(1).reduce((sum, size, index) => sum + size * sizes[index], 0);
  const fits = tried * values.learningRates.length * Math.min(values.folds, values.foldsUsed);
  const held = (values.folds - 1) / values.folds;
  const visits = count * (fits * held * (epochs[depth] + 5) + epochs[depth] + values.averagedEpochs);
  const tested = values.testExamples * values.averagedEpochs;
  return (2 * (3 * visits + tested) * weights) / productRate + 0.1;
}

/** Seconds of one kernel member. */
export function kernelSeconds(count: number, values: Values): number {
  const entries = (count * count) / 2 + count * Math.min(values.kernelTestExamples, values.testExamples);
  const layers = depths.reduce((sum, depth) => sum + depth + 1, 0);
  return (depths.length * count ** 3) / 6 / factorRate + entries * layers * entrySeconds + 0.05;
}

/** Bytes of a matrix of kernels and of a block of test inputs beside it. */
export function kernelBytes(count: number): number {
  return 8 * count * (count + 1024);
}
