/**
 * Work on dense float64 matrices, row by row, of which blocked algorithms are made. Arrays are views that begin where the work does, on the memory for
 * which the kernels were made; rows lie `stride` apart.
 *
 * A sum over inner indices is taken in blocks of 64 in ascending order, each block's sum added to the element: so an element's bits do not depend on how
 * a matrix is cut, and engines of equal arithmetic give equal bits; the reference gives those of the plain ones.
 */
export interface MatrixKernels {
  /** Packs `count` rows of `inner` numbers: `inner` numbers for each row of the count rounded up to `packedRows`. Row r, a multiple of `packedRows`, begins at r * inner. */
  pack(job: PackJob): void;
  /** out = A B^T, or adds it, or subtracts it, A and B packed. */
  multiply(job: MultiplyJob): void;
  /** Rows x of x L^T = row in place, L the packed triangle. */
  solveRows(job: SolveRowsJob): void;
  /** Makes the lower triangle of a block on the diagonal its Cholesky factor and packs that; where a pivot is not positive, says which. */
  factorDiagonal(job: FactorDiagonalJob): FailedPivot | null;
  /** Solves L y = b in place, L the lower triangle of a matrix. */
  forwardSolve(job: VectorJob): void;
  /** Solves L^T x = y in place. */
  backwardSolve(job: VectorJob): void;
  /** out = A v, A given by its strict upper triangle and its diagonal. */
  symmetricProduct(job: SymmetricProductJob): void;
  /** out = A v, A given by its lower triangle with the diagonal. */
  lowerProduct(job: LowerProductJob): void;
  /** From covariances of inputs to the kernel of layers of ReLU or leaky ReLU, in place. */
  arcCosineLayers(job: ArcCosineLayersJob): void;
}

/** Rows of a packed matrix are filled up to a multiple of this. */
export const packedRows = 16;

/** Inner indices that are summed before the sum is added to the element. */
export const innerBlock = 64;

/** Numbers of the record through which a thread calls its kernels. */
export const matrixRecordLength = 24;

/** Most rows of a block on the diagonal. */
export const largestDiagonalBlock = 256;

/** Numbers that `count` packed rows take. */
export function packedLength(count: number, inner: number): number {
  return packedRows * Math.ceil(count / packedRows) * inner;
}

export interface PackJob {
  readonly rows: Float64Array;
  readonly stride: number;
  readonly count: number;
  readonly inner: number;
  readonly packed: Float64Array;
}

export interface MultiplyJob {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly inner: number;
  readonly rows: number;
  readonly columns: number;
  readonly out: Float64Array;
  readonly stride: number;
  readonly mode: "write" | "add" | "subtract";
  /** Only elements with column <= row + diagonal are touched. @default all */
  readonly diagonal?: number;
}

export interface SolveRowsJob {
  readonly factor: Float64Array;
  /** At most `largestDiagonalBlock`. */
  readonly order: number;
  readonly rows: Float64Array;
  readonly stride: number;
  readonly count: number;
  /** 16 * order numbers */
  readonly scratch: Float64Array;
}

export interface FactorDiagonalJob {
  readonly matrix: Float64Array;
  readonly stride: number;
  /** At most `largestDiagonalBlock`. */
  readonly order: number;
  readonly packed: Float64Array;
  /** As many numbers as order + 16 packed rows of order numbers. */
  readonly scratch: Float64Array;
}

/** The first pivot that is not a positive number: a_jj less the squares of row j of L. */
export interface FailedPivot {
  readonly index: number;
  readonly pivot: number;
}

export interface VectorJob {
  readonly size: number;
  readonly matrix: Float64Array;
  readonly stride: number;
  readonly vector: Float64Array;
}

export interface LowerProductJob extends VectorJob {
  readonly out: Float64Array;
  /** `size` numbers */
  readonly scratch: Float64Array;
}

export interface SymmetricProductJob extends LowerProductJob {
  readonly diagonal: Float64Array;
}

export interface ArcCosineLayersJob {
  /** rows x columns: x.y on entry, the kernel on return. */
  readonly values: Float64Array;
  readonly rows: number;
  /** A multiple of 16. */
  readonly columns: number;
  readonly stride: number;
  readonly isTangent: boolean;
  /** Activations. */
  readonly layers: number;
  /**
   * Of the affine map before each activation and of the one behind the last: variance of the weights, variance of the biases, and what the bias adds to
   * the tangent kernel. 3 (layers + 1) numbers.
   */
  readonly maps: Float64Array;
  /** sigma's slope below 0, in [0, 1). */
  readonly negativeSlope: number;
  /** Roots of the variances before each activation, layer by layer, and their inverses, 0 for 0. */
  readonly rowRoots: Float64Array;
  readonly rowInverses: Float64Array;
  readonly columnRoots: Float64Array;
  readonly columnInverses: Float64Array;
  /** From `arcCosineLayerCoefficients`. */
  readonly coefficients: Float64Array;
}
