import type { MatrixKernels } from "../../engines/index.ts";
import { invalidValue, MeanfieldError } from "../../errors.ts";
import type { RootSeed } from "../../numerics/index.ts";
import type { FullyConnectedKernel } from "../infinite-width/fully-connected.ts";
import { buildKernelActivation } from "../infinite-width/kernel-activation.ts";
import { kernelEvaluator } from "../infinite-width/kernel-evaluator.ts";
import type { KernelOf } from "../matrices/fill-share.ts";
import { duplicateRows, type InputRows, inputRows } from "../matrices/input-rows.ts";
import { type KernelMatrix, matrixOn } from "../matrices/kernel-matrix.ts";
import { kernelsOf, tileColumns, tileRows } from "../matrices/matrix-memory.ts";
import { allocateFinite, type FiniteMemory, weightRows } from "./finite-memory.ts";
import { givenParameters, type LayerParameters, type ParameterSource, randomParameters } from "./finite-parameters.ts";

export interface EmpiricalKernelOptions {
  /** The infinitely wide network whose finite one is meant: activation, variances, normalisation. */
  readonly kernel: FullyConnectedKernel;
  /** Neurons of each hidden layer. */
  readonly widths: readonly number[];
  /** The tangent kernel, or the covariance of the output given the last features. @default "ntk" */
  readonly of?: KernelOf;
  /** n x dimension, row by row. */
  readonly points: Float64Array;
  readonly dimension: number;
  /** Root seed of random parameters. @default 0 */
  readonly seed?: RootSeed;
  /** Which of the seed's networks, 0, 1, ... @default 0 */
  readonly draw?: number;
  /** Parameters of one's own, of a trained network for instance, in place of random ones. */
  readonly parameters?: readonly LayerParameters[];
}

/**
 * The kernels of a network of finite width with one output, z^l = sqrt(sigma_w^2/n) W^l h^(l-1) + sqrt(biasTangent) b^l, h^l = phi(z^l), without automatic
 * differentiation: with delta^L = 1 and delta^l = phi'(z^l) o (sqrt(sigma_w^2/n_l) (W^(l+1))^T delta^(l+1)),
 *
 *     NTK = sum_l (sigma_w,l^2/n_(l-1) h^(l-1).h'^(l-1) + biasTangent_l) (delta^l.delta'^l),       NNGP = sigma_w,L^2/n_(L-1) h^(L-1).h'^(L-1) + sigma_b,L^2,
 *
 * sums of elementwise products of Gram matrices (Nguyen, Mondelli, Montufar 2021, section 1). In the first layer n is 1 and inputs are scaled as the normalisation
 * says. As widths grow the kernels tend to those of `kernelMatrix`, at a rate of width^(-1/2). A derivative at a kink is the one below (ReLU: 0).
 *
 * Weights are drawn 256 rows at a time and never kept, Gram products are the engine's; memory is that of the kernel matrix and about four times features.
 *
 * @throws MeanfieldError `invalid-value`, `not-finite`, `out-of-memory`, `unsupported-combination`
 */
export function empiricalKernel(options: EmpiricalKernelOptions): KernelMatrix {
  const { memory, rows, draw } = prepareEmpirical(options);
  draw(checkedDraw(options.draw ?? 0));
  return matrixOn(memory, () => duplicateRows(rows.rows, rows.dimension));
}

/** An empirical kernel that can be drawn again and again in one memory. */
export interface PreparedEmpirical {
  readonly memory: FiniteMemory["memory"];
  readonly rows: InputRows;
  /** Fills the memory's matrix with the kernel of one of the seed's networks. */
  draw(index: number): void;
}

/** Checks the options and takes the memory. */
export function prepareEmpirical(options: Omit<EmpiricalKernelOptions, "draw">): PreparedEmpirical {
  const { kernel, widths, of = "ntk", points, dimension, seed = 0, parameters } = options;
  const evaluator = kernelEvaluator(kernel);
  if (of !== "ntk" && of !== "nngp") throw invalidValue("of", "one of ntk, nngp", of);
  const hidden = kernel.layers.length - 1;
  if (widths.length !== hidden) throw invalidValue("widths", `${hidden} widths, one for each hidden layer`, widths);
  widths.forEach((width, layer) => {
    if (!(Number.isInteger(width) && width >= 1)) throw invalidValue(`widths[${layer}]`, "a positive integer", width);
  });
  const rows = inputRows(evaluator, points, dimension, "points");
  const { value, derivative } = buildKernelActivation(kernel.activation);
  if (of === "ntk" && derivative === null) {
    throw new MeanfieldError(
      "unsupported-combination",
      `of: the tangent kernel needs the activation's derivative, and ${kernel.activation.kind} has none; ask for of: "nngp"`,
      { path: "of" },
    );
  }
  const sizes = [dimension, ...widths, 1];
  const given = parameters === undefined ? null : givenParameters(parameters, sizes);
  const finite = allocateFinite(rows.count, sizes);
  const kernels = kernelsOf(finite.memory, 0);
  finite.features[0].set(rows.rows);
  const work: Work = { kernel, kernels, finite, sizes, count: rows.count, value, derivative: derivative ?? (() => 0) };
  return {
    memory: finite.memory,
    rows,
    draw(index) {
      const source = given ?? randomParameters(kernel, finite.memory.engine, seed, index);
      goForward(work, source);
      if (of === "nngp") fillNngp(work);
      else fillNtk(work, source);
    },
  };
}

/** The number of a draw, checked. */
export function checkedDraw(draw: number): number {
  if (Number.isInteger(draw) && draw >= 0 && draw < 2 ** 32) return draw;
  throw invalidValue("draw", "an integer in [0, 2^32)", draw);
}

interface Work {
  readonly kernel: FullyConnectedKernel;
  readonly kernels: MatrixKernels;
  readonly finite: FiniteMemory;
  readonly sizes: readonly number[];
  readonly count: number;
  readonly value: (z: number) => number;
  readonly derivative: (z: number) => number;
}

/** sqrt(sigma_w^2/n) of the layer that leads from sizes[layer]; inputs have been scaled instead. */
function factorOf({ kernel, sizes }: Work, layer: number): number {
  return Math.sqrt(kernel.layers[layer].weightVariance / (layer === 0 ? 1 : sizes[layer]));
}

/** Features and slopes of all hidden layers. */
function goForward(work: Work, source: ParameterSource): void {
  const { kernel, kernels, finite, sizes, count, value, derivative } = work;
  const { features, slopes, weights, packed } = finite;
  for (let layer = 0; layer < sizes.length - 2; layer += 1) {
    const [inputs, outputs] = [sizes[layer], sizes[layer + 1]];
    const z = features[layer + 1];
    kernels.pack({ rows: features[layer], stride: inputs, count, inner: inputs, packed: packed[0] });
    for (let first = 0; first < outputs; first += weightRows) {
      const rows = Math.min(weightRows, outputs - first);
      source.weights(layer, first, rows, inputs, weights);
      kernels.pack({ rows: weights, stride: inputs, count: rows, inner: inputs, packed: packed[1] });
      kernels.multiply({
        left: packed[0],
        right: packed[1],
        inner: inputs,
        rows: count,
        columns: rows,
        out: z.subarray(first),
        stride: outputs,
        mode: "write",
      });
    }
    const biases = new Float64Array(outputs);
    source.biases(layer, biases);
    const factor = factorOf(work, layer);
    const biasFactor = Math.sqrt(kernel.layers[layer].biasTangent);
    const slope = slopes[layer + 1];
    for (let s = 0; s < count; s += 1) {
      for (let i = 0, at = s * outputs; i < outputs; i += 1, at += 1) {
        const own = factor * z[at] + biasFactor * biases[i];
        z[at] = value(own);
        slope[at] = derivative(own);
      }
    }
  }
}

/** delta^l from delta^(l+1), in place of the other signal: slopes o (factor delta W). */
function goBack(work: Work, source: ParameterSource, layer: number, from: Float64Array, to: Float64Array): void {
  const { kernels, finite, sizes, count } = work;
  const { slopes, weights, transposed, packed } = finite;
  const [inputs, outputs] = [sizes[layer], sizes[layer + 1]];
  for (let first = 0; first < outputs; first += weightRows) {
    const rows = Math.min(weightRows, outputs - first);
    source.weights(layer, first, rows, inputs, weights);
    for (let i = 0; i < rows; i += 1) {
      for (let j = 0; j < inputs; j += 1) transposed[j * rows + i] = weights[i * inputs + j];
    }
    kernels.pack({ rows: from.subarray(first), stride: outputs, count, inner: rows, packed: packed[0] });
    kernels.pack({ rows: transposed, stride: rows, count: inputs, inner: rows, packed: packed[1] });
    const mode = first === 0 ? "write" : "add";
    const product = { left: packed[0], right: packed[1], inner: rows, rows: count, columns: inputs };
    kernels.multiply({ ...product, out: to, stride: inputs, mode });
  }
  const factor = factorOf(work, layer);
  const slope = slopes[layer];
  for (let at = 0; at < count * inputs; at += 1) to[at] *= factor * slope[at];
}

/** Adds (weight a.a' + constant) (b.b') to the kernel matrix, or writes it; b null: 1. On and below the diagonal, then mirrored by the last. */
function addProducts(
  { kernels, finite, count }: Work,
  weight: number,
  constant: number,
  a: { readonly rows: Float64Array; readonly width: number },
  b: { readonly rows: Float64Array; readonly width: number } | null,
  isFirst: boolean,
): void {
  const { memory, packed } = finite;
  const { matrix, desks } = memory;
  const { scratch } = desks[0];
  const size = tileRows * tileColumns;
  const tiles = [scratch.subarray(0, size), scratch.subarray(size, 2 * size)];
  const factors = b === null ? [a] : [a, b];
  for (const [index, { rows, width }] of factors.entries()) {
    kernels.pack({ rows, stride: width, count, inner: width, packed: packed[index] });
  }
  for (let row = 0; row < count; row += tileRows) {
    const rows = Math.min(tileRows, count - row);
    for (let column = 0; column < row + rows; column += tileColumns) {
      const columns = Math.min(tileColumns, row + rows - column);
      for (const [index, { width }] of factors.entries()) {
        kernels.multiply({
          left: packed[index].subarray(row * width),
          right: packed[index].subarray(column * width),
          inner: width,
          rows,
          columns,
          out: tiles[index],
          stride: tileColumns,
          mode: "write",
        });
      }
      for (let i = 0; i < rows; i += 1) {
        for (let j = 0; j < columns; j += 1) {
          const at = i * tileColumns + j;
          const product = (weight * tiles[0][at] + constant) * (b === null ? 1 : tiles[1][at]);
          const to = (row + i) * count + column + j;
          matrix[to] = isFirst ? product : matrix[to] + product;
        }
      }
    }
  }
}

function fillNngp(work: Work): void {
  const { kernel, finite, sizes, count } = work;
  const last = sizes.length - 2;
  const a = { rows: finite.features[last], width: sizes[last] };
  addProducts(work, factorOf(work, last) ** 2, kernel.layers[last].biasVariance, a, null, true);
  mirror(finite.memory.matrix, count);
}

function fillNtk(work: Work, source: ParameterSource): void {
  const { kernel, finite, sizes, count } = work;
  const last = sizes.length - 2;
  let [signal, next] = finite.signals;
  signal.fill(1, 0, count);
  for (let layer = last; layer >= 0; layer -= 1) {
    const a = { rows: finite.features[layer], width: sizes[layer] };
    const b = layer === last ? null : { rows: signal, width: sizes[layer + 1] };
    addProducts(work, factorOf(work, layer) ** 2, kernel.layers[layer].biasTangent, a, b, layer === last);
    if (layer === 0) break;
    goBack(work, source, layer, signal, next);
    [signal, next] = [next, signal];
  }
  mirror(finite.memory.matrix, count);
}

function mirror(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 1) for (let j = 0; j < i; j += 1) matrix[j * size + i] = matrix[i * size + j];
}
