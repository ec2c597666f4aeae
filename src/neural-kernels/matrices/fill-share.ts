import { packedLength, packedRows } from "../../engines/index.ts";
import { arcCosineLayerCoefficients } from "../../networks/index.ts";
import type { FullyConnectedKernel } from "../infinite-width/fully-connected.ts";
import type { DotProductKernel } from "../spectra/dot-product-kernel.ts";
import { type EntryEvaluator, entryEvaluator } from "./entry-evaluator.ts";
import type { InputRows } from "./input-rows.ts";
import { kernelsOf, type MatrixMemory, tileColumns, tileRows } from "./matrix-memory.ts";

/** Which of the two kernels. */
export type KernelOf = "ntk" | "nngp";

/** A kernel matrix between the inputs in a memory, as plain data. */
export interface FillWork {
  readonly kind: "fill";
  readonly kernel: FullyConnectedKernel | DotProductKernel;
  /** "nngp" of a dot-product kernel. */
  readonly of: KernelOf;
  readonly dimension: number;
  /** Rows and columns are the same inputs. */
  readonly isSymmetric: boolean;
}

/** Numbers of a memory's inputs and packed rows for this many of them. */
export function inputLengths(counts: readonly number[], dimension: number): { inputs: number; packed: number } {
  const sum = (each: (count: number) => number): number => counts.reduce((total, count) => total + each(count), 0);
  return {
    inputs: sum((count) => count * (dimension + 2)),
    packed: sum((count) => packedLength(count, dimension)),
  };
}

/** Views of one side's inputs in a memory. */
interface Side extends InputRows {
  readonly packed: Float64Array;
}

/** The sides of a matrix in its memory, the rows' first. */
function sidesOf({ inputs, packed, shape }: MatrixMemory, dimension: number, isSymmetric: boolean): readonly Side[] {
  let [end, packedEnd] = [0, 0];
  const take = (length: number): Float64Array => {
    end += length;
    return inputs.subarray(end - length, end);
  };
  return (isSymmetric ? [shape.rows] : [shape.rows, shape.columns]).map((count) => {
    const rows = take(count * dimension);
    const lengths = take(count);
    const variances = take(count);
    const length = packedLength(count, dimension);
    packedEnd += length;
    return { count, dimension, rows, lengths, variances, packed: packed.subarray(packedEnd - length, packedEnd) };
  });
}

/**
 * Puts inputs where `fillShare` expects them.
 *
 * @param others the columns' inputs; null where they are the rows'
 */
export function putInputs(memory: MatrixMemory, rows: InputRows, others: InputRows | null): void {
  const { dimension } = rows;
  const sides = sidesOf(memory, dimension, others === null);
  const kernels = kernelsOf(memory, 0);
  for (const [index, given] of (others === null ? [rows] : [rows, others]).entries()) {
    const side = sides[index];
    side.rows.set(given.rows);
    side.lengths.set(given.lengths);
    side.variances.set(given.variances);
    kernels.pack({ rows: side.rows, stride: dimension, count: given.count, inner: dimension, packed: side.packed });
  }
}

/** 1 - |cosine| below which an entry is computed from the difference or sum of the inputs, since the cosine has too few digits left for their angle. */
const nearness = 1e-6;

/**
 * One part's share of a kernel matrix: tiles of 64 x 256 entries, inner products first, then the kernel in place. In a symmetric matrix only what is on
 * and below the diagonal is computed, and mirrored. The diagonal is the kernel at angle 0 exactly.
 */
export function fillShare(memory: MatrixMemory, work: FillWork, part: number, parts: number): void {
  const { matrix, shape, desks } = memory;
  const { dimension, isSymmetric } = work;
  const [rowSide, columnSide = rowSide] = sidesOf(memory, dimension, isSymmetric);
  const kernels = kernelsOf(memory, part);
  const { scratch } = desks[part];
  const tile = scratch.subarray(0, tileRows * tileColumns);
  const evaluator = entryEvaluator(work.kernel);
  const apply = arcCosineTiles(memory, work, part) ?? evaluatedTiles(evaluator, work.of);
  const pieces = Math.ceil(shape.rows / tileRows);
  for (let piece = 0; piece < pieces; piece += 1) {
    const turn = piece % (2 * parts);
    if (turn !== part && turn !== 2 * parts - 1 - part) continue;
    const row = piece * tileRows;
    const rows = Math.min(tileRows, shape.rows - row);
    const end = isSymmetric ? row + rows : shape.columns;
    for (let column = 0; column < end; column += tileColumns) {
      const columns = Math.min(tileColumns, end - column);
      kernels.multiply({
        left: rowSide.packed.subarray(row * dimension),
        right: columnSide.packed.subarray(column * dimension),
        inner: dimension,
        rows,
        columns,
        out: tile,
        stride: tileColumns,
        mode: "write",
      });
      const place: TilePlace = { row, rows, column, columns, rowSide, columnSide };
      const near = nearPairs(tile, place);
      apply(tile, place);
      for (const { i, j, isOpposite } of near) {
        const angle = angleOf(rowSide, row + i, columnSide, column + j, isOpposite);
        const values = evaluator.pairAtAngle(angle, rowSide.variances[row + i], columnSide.variances[column + j]);
        tile[i * tileColumns + j] = values[work.of] ?? Number.NaN;
      }
      if (isSymmetric) copyMirrored(tile, place, matrix, shape.columns);
      else {
        for (let i = 0; i < rows; i += 1) {
          matrix.set(tile.subarray(i * tileColumns, i * tileColumns + columns), (row + i) * shape.columns + column);
        }
      }
    }
  }
}

/** Where a tile stands, and the inputs of the matrix. */
interface TilePlace {
  readonly row: number;
  readonly rows: number;
  readonly column: number;
  readonly columns: number;
  readonly rowSide: Side;
  readonly columnSide: Side;
}

/** Turns a tile's inner products into the kernel. */
type TileKernel = (tile: Float64Array, place: TilePlace) => void;

/** By the engine, for ReLU and leaky ReLU; null for others. */
function arcCosineTiles(memory: MatrixMemory, { kernel, of }: FillWork, part: number): TileKernel | null {
  if (kernel.kind !== "fully-connected") return null;
  const { activation, layers } = kernel;
  if (activation.kind !== "relu" && activation.kind !== "leaky-relu") return null;
  const negativeSlope = activation.kind === "relu" ? 0 : activation.negativeSlope;
  const hidden = layers.length - 1;
  const { scratch } = memory.desks[part];
  let end = tileRows * tileColumns;
  const take = (length: number): Float64Array => {
    end += 8 * Math.ceil(length / 8);
    return scratch.subarray(end - 8 * Math.ceil(length / 8), end).subarray(0, length);
  };
  const maps = take(3 * layers.length);
  const coefficients = take(arcCosineLayerCoefficients.length);
  const [rowRoots, rowInverses] = [take(hidden * tileRows), take(hidden * tileRows)];
  const [columnRoots, columnInverses] = [take(hidden * tileColumns), take(hidden * tileColumns)];
  // Deeper than the scratch is long: 80 layers.
  if (columnInverses.length < hidden * tileColumns) return null;
  maps.set(
    layers.flatMap(({ weightVariance, biasVariance, biasTangent }) => [weightVariance, biasVariance, biasTangent]),
  );
  coefficients.set(arcCosineLayerCoefficients);
  const moment = (1 + negativeSlope * negativeSlope) / 2;
  /** Roots of the variances before each activation, `filled` a layer. */
  const putRoots = (
    variances: Float64Array,
    count: number,
    filled: number,
    roots: Float64Array,
    inverses: Float64Array,
  ) => {
    for (let at = 0; at < filled; at += 1) {
      let variance = at < count ? variances[at] : 0;
      for (let layer = 0; layer < hidden; layer += 1) {
        variance = layers[layer].weightVariance * variance + layers[layer].biasVariance;
        const root = Math.sqrt(variance);
        roots[layer * filled + at] = root;
        inverses[layer * filled + at] = root === 0 ? 0 : 1 / root;
        variance *= moment;
      }
    }
  };
  const kernels = kernelsOf(memory, part);
  return (tile, { row, rows, column, columns, rowSide, columnSide }) => {
    const filled = packedRows * Math.ceil(columns / packedRows);
    putRoots(rowSide.variances.subarray(row), rows, rows, rowRoots, rowInverses);
    putRoots(columnSide.variances.subarray(column), columns, filled, columnRoots, columnInverses);
    kernels.arcCosineLayers({
      values: tile,
      rows,
      columns: filled,
      stride: tileColumns,
      isTangent: of === "ntk",
      layers: hidden,
      maps,
      negativeSlope,
      rowRoots,
      rowInverses,
      columnRoots,
      columnInverses,
      coefficients,
    });
  };
}

/** By the evaluator, row by row. */
function evaluatedTiles(evaluator: EntryEvaluator, of: KernelOf): TileKernel {
  return (tile, { row, rows, column, columns, rowSide, columnSide }) => {
    const variances = columnSide.variances.subarray(column, column + columns);
    for (let i = 0; i < rows; i += 1) {
      const cosines = tile.subarray(i * tileColumns, i * tileColumns + columns);
      const length = rowSide.lengths[row + i];
      for (let j = 0; j < columns; j += 1) {
        const cosine = cosines[j] / (length * columnSide.lengths[column + j]);
        cosines[j] = cosine > 1 ? 1 : cosine < -1 ? -1 : cosine;
      }
      evaluator.fill(
        rowSide.variances[row + i],
        variances,
        cosines,
        of === "nngp" ? cosines : null,
        of === "ntk" ? cosines : null,
      );
    }
  };
}

/** Entries whose inputs are almost parallel or opposite; that an input is parallel to itself is one of them. */
function nearPairs(tile: Float64Array, { row, rows, column, columns, rowSide, columnSide }: TilePlace) {
  const found: { readonly i: number; readonly j: number; readonly isOpposite: boolean }[] = [];
  for (let i = 0; i < rows; i += 1) {
    const least = (1 - nearness) * rowSide.lengths[row + i];
    for (let j = 0; j < columns; j += 1) {
      const product = tile[i * tileColumns + j];
      if (Math.abs(product) > least * columnSide.lengths[column + j]) found.push({ i, j, isOpposite: product < 0 });
    }
  }
  return found;
}

/** The angle between two inputs from the length of the difference of their directions, or of their sum. */
function angleOf(left: Side, i: number, right: Side, j: number, isOpposite: boolean): number {
  const { dimension } = left;
  const [scaleLeft, scaleRight] = [1 / left.lengths[i], (isOpposite ? -1 : 1) / right.lengths[j]];
  let square = 0;
  for (let k = 0; k < dimension; k += 1) {
    const difference = left.rows[i * dimension + k] * scaleLeft - right.rows[j * dimension + k] * scaleRight;
    square += difference * difference;
  }
  const angle = 2 * Math.asin(Math.sqrt(square) / 2);
  return isOpposite ? Math.PI - angle : angle;
}

/** Writes what is on and below the diagonal to its place and to the place across. */
function copyMirrored(
  tile: Float64Array,
  { row, rows, column, columns }: TilePlace,
  matrix: Float64Array,
  size: number,
) {
  for (let i = 0; i < rows; i += 1) {
    const last = Math.min(columns, row + i - column + 1);
    if (last > 0) matrix.set(tile.subarray(i * tileColumns, i * tileColumns + last), (row + i) * size + column);
  }
  for (let j = 0; j < columns; j += 1) {
    const to = (column + j) * size + row;
    for (let i = Math.max(0, column + j - row); i < rows; i += 1) matrix[to + i] = tile[i * tileColumns + j];
  }
}
