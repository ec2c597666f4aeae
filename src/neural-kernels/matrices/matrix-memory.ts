import {
  availableMemory,
  bytesText,
  chooseEngine,
  type Engine,
  type EngineIdentity,
  findEngine,
  largestDiagonalBlock,
  type MatrixKernels,
  type MemoryBlock,
  matrixRecordLength,
  packedLength,
} from "../../engines/index.ts";
import { MeanfieldError } from "../../errors.ts";

/** Rows and columns of the tile in which a thread makes a part of a matrix. */
export const tileRows = 64;
export const tileColumns = 256;

/** What a matrix's memory holds, as plain data from which every thread finds the same places. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
  /** Numbers that packed rows may take; at least what a factorisation needs where rows = columns. */
  readonly packed: number;
  /** Numbers for what the matrix is made from. */
  readonly inputs: number;
  /** Threads that may work on it. */
  readonly parts: number;
}

/** A matrix in one block of an engine's memory, with what work on it needs. */
export interface MatrixMemory {
  readonly shape: MatrixShape;
  readonly engine: Engine;
  readonly block: MemoryBlock;
  /** rows x columns */
  readonly matrix: Float64Array;
  /** The diagonal where the lower triangle is overwritten. */
  readonly diagonal: Float64Array;
  readonly packed: Float64Array;
  readonly inputs: Float64Array;
  /** Packed triangle of the block on the diagonal. */
  readonly packedDiagonal: Float64Array;
  /** Three vectors as long as the longer side. */
  readonly vectors: readonly [Float64Array, Float64Array, Float64Array];
  /** Index and pivot where a factorisation failed, -1 where it did not. */
  readonly failure: Float64Array;
  /** Each part's record of calls, and its scratch. */
  readonly desks: readonly { readonly record: Float64Array; readonly scratch: Float64Array }[];
}

/** A memory as data for another thread. */
export interface SentMemory {
  readonly shape: MatrixShape;
  readonly engine: EngineIdentity;
  readonly handle: unknown;
}

const order = largestDiagonalBlock;
/** For a block on the diagonal, or for a tile. */
const scratchLength = Math.max(packedLength(order, order) + 16 * order, tileRows * tileColumns);
const alignment = 8;

function lengthsOf({ rows, columns, packed, inputs, parts }: MatrixShape): readonly number[] {
  const longer = Math.max(rows, columns);
  const desks = Array.from({ length: 2 * parts }, (_, at) => (at % 2 === 0 ? matrixRecordLength : scratchLength));
  return [rows * columns, rows, packed, inputs, order * order, longer, longer, longer, 2, ...desks];
}

/** Bytes of a memory of that shape. */
export function matrixBytes(shape: MatrixShape): number {
  return 8 * lengthsOf(shape).reduce((total, length) => total + alignment * Math.ceil(length / alignment), 0);
}

/** The shape of a square matrix that can be factored, with packed rows of `inner` numbers. */
export function squareShape(size: number, inner: number, inputs: number, parts: number): MatrixShape {
  return { rows: size, columns: size, packed: packedLength(size, Math.max(inner, order)), inputs, parts };
}

/**
 * Zeroed memory on the engine that the surrounding preference or the machine chooses.
 *
 * @throws MeanfieldError `out-of-memory` with what is needed and what there is
 */
export function allocateMatrix(shape: MatrixShape): MatrixMemory {
  const bytes = matrixBytes(shape);
  const { rows, columns } = shape;
  const tooLarge = (most: number, of: string): MeanfieldError => {
    const got = `a ${rows} x ${columns} matrix that needs ${bytesText(bytes)}`;
    const suggestion = "write it to a file block by block with kernelMatrixToFile, or take fewer points";
    return new MeanfieldError(
      "out-of-memory",
      `points: expected a matrix within the ${bytesText(most)} of ${of}, got ${got}; ${suggestion}`,
      { path: "points", expected: `${bytesText(most)}`, got, suggestion },
    );
  };
  const available = availableMemory();
  if (bytes > available) throw tooLarge(available, "this machine's memory");
  const engine = chooseEngine({ precision: "float64" }, ({ largestMemory = Infinity, name }) =>
    bytes > largestMemory ? tooLarge(largestMemory, `the engine ${name}`) : null,
  );
  try {
    return layMatrix(shape, engine, engine.allocate(bytes, shape.parts));
  } catch (error) {
    // What the system has left may be less than the machine has.
    if (error instanceof RangeError) throw tooLarge(available, "this machine's memory, part of which is in use");
    throw error;
  }
}

/** The memory as data. */
export function sentMemory({ shape, engine, block }: MatrixMemory): SentMemory {
  return { shape, engine: { name: engine.name, arithmetic: engine.arithmetic }, handle: block.handle };
}

/** The memory that another thread has sent. */
export function attachMatrix({ shape, engine: identity, handle }: SentMemory): MatrixMemory {
  const engine = findEngine(identity);
  return layMatrix(shape, engine, engine.attach(handle));
}

function layMatrix(shape: MatrixShape, engine: Engine, block: MemoryBlock): MatrixMemory {
  let end = block.start;
  const views = lengthsOf(shape).map((length) => {
    const view = new Float64Array(block.buffer, end, length);
    end += 8 * alignment * Math.ceil(length / alignment);
    return view;
  });
  const [matrix, diagonal, packed, inputs, packedDiagonal, first, second, third, failure, ...rest] = views;
  return {
    shape,
    engine,
    block,
    matrix,
    diagonal,
    packed,
    inputs,
    packedDiagonal,
    vectors: [first, second, third],
    failure,
    desks: Array.from({ length: shape.parts }, (_, part) => ({ record: rest[2 * part], scratch: rest[2 * part + 1] })),
  };
}

/** The kernels of one part on a memory. */
export function kernelsOf({ engine, block, desks }: MatrixMemory, part: number): MatrixKernels {
  return engine.matrices(block, desks[part].record, part);
}
