import { invalidValue, MeanfieldError } from "../errors.ts";

/**
 * Makes the rows of a row-major block orthonormal, in place and without allocating: row i becomes the normalised part of row i that is
 * orthogonal to the rows before it. Filled with independent standard normals beforehand, the rows are a Haar-distributed frame (uniform among
 * all orthonormal frames): each row is divided by a positive norm, so the triangular factor has a positive diagonal, and the map commutes
 * with every rotation of R^dimension. (A library's QR, whose diagonal may be negative, is not Haar until its signs are corrected.)
 *
 * Modified Gram-Schmidt, each row projected twice: orthonormal to a few units of 1e-16 however close the rows are to dependence
 * (Giraud, Langou, Rozloznik, van den Eshof, Numer. Math. 2005: "twice is enough"). A finished row is taken out of all later rows at once, four at a
 * time, whose sums do not wait for each other; each row still loses its predecessors in ascending order, so the bits are those of row after row.
 *
 * @param matrix rows at matrix[offset + row * dimension ...]
 * @param rows between 1 and `dimension`
 * @throws `invalid-value` on a wrong shape, `not-finite` where the rows are linearly dependent or not finite
 */
export function orthonormalizeRows(matrix: Float64Array, offset: number, rows: number, dimension: number): void {
  if (!(Number.isInteger(rows) && rows >= 1 && rows <= dimension)) {
    throw invalidValue("rows", `an integer in [1, ${dimension}]`, rows);
  }
  if (!(offset >= 0 && offset + rows * dimension <= matrix.length)) {
    throw invalidValue("offset", `room for ${rows} rows of ${dimension} numbers`, offset);
  }
  for (let row = 0; row < rows; row += 1) {
    const start = offset + row * dimension;
    const onceProjected = norm(matrix, start, dimension);
    for (let earlier = 0; earlier < row; earlier += 1) {
      removeFromRow(matrix, start, offset + earlier * dimension, dimension);
    }
    const length = norm(matrix, start, dimension);
    // A second projection that still takes away half of the row means that the first left nothing but rounding errors.
    if (!(length > 0.5 * onceProjected) || !(length < Infinity)) {
      throw new MeanfieldError(
        "not-finite",
        `row ${row}: expected finite rows that are linearly independent; draw the rows afresh from a continuous distribution`,
        { path: `row ${row}` },
      );
    }
    const scale = 1 / length;
    for (let at = start; at < start + dimension; at += 1) matrix[at] *= scale;
    let later = row + 1;
    for (; later + 4 <= rows; later += 4) removeFromFourRows(matrix, offset + later * dimension, start, dimension);
    for (; later < rows; later += 1) removeFromRow(matrix, offset + later * dimension, start, dimension);
  }
}

/** Takes the part along the unit row at `other` out of the row at `start`. */
function removeFromRow(matrix: Float64Array, start: number, other: number, dimension: number): void {
  let product = 0;
  for (let column = 0; column < dimension; column += 1) product += matrix[start + column] * matrix[other + column];
  for (let column = 0; column < dimension; column += 1) matrix[start + column] -= product * matrix[other + column];
}

/** The same for the four rows from `start` on. */
function removeFromFourRows(matrix: Float64Array, start: number, other: number, dimension: number): void {
  const second = start + dimension;
  const third = second + dimension;
  const fourth = third + dimension;
  let product1 = 0;
  let product2 = 0;
  let product3 = 0;
  let product4 = 0;
  for (let column = 0; column < dimension; column += 1) {
    const entry = matrix[other + column];
    product1 += matrix[start + column] * entry;
    product2 += matrix[second + column] * entry;
    product3 += matrix[third + column] * entry;
    product4 += matrix[fourth + column] * entry;
  }
  for (let column = 0; column < dimension; column += 1) {
    const entry = matrix[other + column];
    matrix[start + column] -= product1 * entry;
    matrix[second + column] -= product2 * entry;
    matrix[third + column] -= product3 * entry;
    matrix[fourth + column] -= product4 * entry;
  }
}

function norm(matrix: Float64Array, start: number, dimension: number): number {
  let square = 0;
  for (let at = start; at < start + dimension; at += 1) square += matrix[at] * matrix[at];
  return Math.sqrt(square);
}
