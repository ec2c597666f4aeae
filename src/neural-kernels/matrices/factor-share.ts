import { largestDiagonalBlock } from "../../engines/index.ts";
import { kernelsOf, type MatrixMemory } from "./matrix-memory.ts";

/** Rows that are solved, and rows that are updated, as one piece: multiples of 16. */
const solvedRows = 64;
const updatedRows = 96;

/**
 * One part's share of a Cholesky factorisation in place, A = L L^T: the lower triangle becomes L, the strict upper one is not touched. For each block
 * of 256 columns the first part factors the block on the diagonal, all solve the rows below it and subtract their products from what is left.
 * Every element's operations and their order are those of the element alone, so its bits depend on no cut. `memory.failure` says how it ended.
 */
export function factorShare(memory: MatrixMemory, part: number, parts: number, wait: () => void): void {
  const { matrix, packed, packedDiagonal, failure, desks } = memory;
  const size = memory.shape.rows;
  const kernels = kernelsOf(memory, part);
  const { scratch } = desks[part];
  for (let first = 0; first < size; first += largestDiagonalBlock) {
    const order = Math.min(largestDiagonalBlock, size - first);
    if (part === 0) {
      const corner = matrix.subarray(first * size + first);
      const failed = kernels.factorDiagonal({ matrix: corner, stride: size, order, packed: packedDiagonal, scratch });
      failure[0] = failed === null ? -1 : first + failed.index;
      failure[1] = failed?.pivot ?? 0;
    }
    wait();
    if (failure[0] >= 0) return;
    const next = first + order;
    const below = size - next;
    for (let row = part * solvedRows; row < below; row += parts * solvedRows) {
      const count = Math.min(solvedRows, below - row);
      const rows = matrix.subarray((next + row) * size + first);
      kernels.solveRows({ factor: packedDiagonal, order, rows, stride: size, count, scratch });
      kernels.pack({ rows, stride: size, count, inner: order, packed: packed.subarray(row * order) });
    }
    wait();
    const pieces = Math.ceil(below / updatedRows);
    for (let piece = 0; piece < pieces; piece += 1) {
      // There and back again, since pieces grow towards the end.
      const turn = piece % (2 * parts);
      if (turn !== part && turn !== 2 * parts - 1 - part) continue;
      const row = piece * updatedRows;
      const rows = Math.min(updatedRows, below - row);
      kernels.multiply({
        left: packed.subarray(row * order),
        right: packed,
        inner: order,
        rows,
        columns: row + rows,
        out: matrix.subarray((next + row) * size + next),
        stride: size,
        mode: "subtract",
        diagonal: row,
      });
    }
    wait();
  }
}
