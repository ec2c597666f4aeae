import { neuralKernels, type numerics } from "meanfield";
import { gaussianInputs } from "./inputs.ts";
import { infiniteWidth, reluKernel, smallestOf } from "./smallest.ts";

/** One finite network beside the infinite one. */
export interface NetworkDraw {
  /** lambda_min of the normalised tangent kernel of the finite network over that of the infinitely wide one; 0 where the matrix was refused as singular. */
  readonly ratio: number;
  /** The ratio with the upper bounds of both eigenvalues. */
  readonly high: number;
  readonly isSingular: boolean;
  /** Inputs at which all units of some layer are off. */
  readonly deadInputs: number;
}

/** Inputs with the smallest eigenvalues of infinitely wide networks, which do not depend on widths. */
export interface NetworkInputs {
  readonly points: Float64Array;
  readonly dimension: number;
  readonly count: number;
  /** Lambda_min by layers of weights. */
  readonly limits: ReadonlyMap<number, number>;
}

export async function networkInputs(
  options: { seed: numerics.RootSeed; purpose: string; draw: number; count: number; dimension: number },
  weightLayers: readonly number[],
): Promise<NetworkInputs> {
  const points = gaussianInputs(options);
  const limits = new Map<number, number>();
  for (const layers of weightLayers) limits.set(layers, (await infiniteWidth(layers, points, options.dimension)).value);
  return { points, dimension: options.dimension, count: options.count, limits };
}

/** The tangent kernel of one network with these widths, times prod_l 2/n_l, against the infinitely wide one's. */
export async function compareNetwork(
  { points, dimension, limits }: NetworkInputs,
  widths: readonly number[],
  seed: numerics.RootSeed,
  draw: number,
): Promise<NetworkDraw> {
  const weightLayers = widths.length + 1;
  const matrix = neuralKernels.empiricalKernel({
    kernel: reluKernel(weightLayers),
    widths,
    points,
    dimension,
    seed: `${seed}-networks-${widths.join("-")}`,
    draw,
  });
  const deadInputs = zerosOnDiagonal(matrix);
  const { value, high, isSingular } = await smallestOf(matrix);
  const limit = limits.get(weightLayers) ?? Number.NaN;
  return { ratio: value / limit, high: high / limit, isSingular, deadInputs };
}

/**
 * The diagonal holds |gradient|^2 of the output at each input, a sum of squares that begins with the last features'. It is 0 exactly where all units of a layer are off: then every later
 * unit is at its kink, where relu' = 0, and no signal comes back.
 */
export function zerosOnDiagonal({ values, rows }: neuralKernels.KernelMatrix): number {
  let zeros = 0;
  for (let row = 0; row < rows; row += 1) if (values[row * rows + row] === 0) zeros += 1;
  return zeros;
}

/** The chance that an input finds all units of some layer off: each layer's are fair coins as long as the layer before is not off. */
export function deadShare(widths: readonly number[]): number {
  return 1 - widths.reduce((alive, width) => alive * (1 - 2 ** -width), 1);
}

/**
 * The most that the rank of J can be: the number of weights, less one for each hidden unit, since relu(z) = relu'(z) z makes sum_j w_ij df/dw_ij = sum_k v_ki df/dv_ki for the weights w into and v
 * out of a unit. n1 d for two layers of weights.
 */
export function rankBound(dimension: number, widths: readonly number[]): number {
  const sizes = [dimension, ...widths, 1];
  const weights = widths.reduce((sum, width, index) => sum + sizes[index] * width, sizes[sizes.length - 2]);
  return weights - widths.reduce((sum, width) => sum + width, 0);
}
