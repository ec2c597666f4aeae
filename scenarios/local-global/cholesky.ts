/**
 * Makes the rows of a symmetric positive definite matrix, row i up to its diagonal, its Cholesky factor in place. n^3/6 multiply-adds.
 *
 * @param rest called between rows
 */
export async function factor(rows: readonly Float64Array[], rest: () => Promise<void>): Promise<void> {
  for (const [i, row] of rows.entries()) {
    if (i % 64 === 0) await rest();
    for (let j = 0; j < i; j += 1) row[j] = (row[j] - product(row, rows[j], j)) / rows[j][j];
    row[i] = Math.sqrt(row[i] - product(row, row, i));
    if (!(row[i] > 0)) throw new Error(`the kernel matrix is not positive definite in row ${i}: are two inputs alike?`);
  }
}

/** A^-1 b from the factor's rows. */
export function solve(rows: readonly Float64Array[], right: Float64Array): Float64Array {
  const x = Float64Array.from(right);
  for (const [i, row] of rows.entries()) x[i] = (x[i] - product(row, x, i)) / row[i];
  for (let i = rows.length - 1; i >= 0; i -= 1) {
    x[i] /= rows[i][i];
    for (let j = 0; j < i; j += 1) x[j] -= x[i] * rows[i][j];
  }
  return x;
}

/** The inner product of the first `count` numbers, in four sums, so that one addition need not wait for the other. */
function product(x: Float64Array, y: Float64Array, count: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 4 <= count; k += 4) {
    a += x[k] * y[k];
    b += x[k + 1] * y[k + 1];
    c += x[k + 2] * y[k + 2];
    d += x[k + 3] * y[k + 3];
  }
  for (; k < count; k += 1) a += x[k] * y[k];
  return a + b + (c + d);
}
