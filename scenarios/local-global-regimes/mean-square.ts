/** The mean of (x - y)^2, or of x^2. */
export function meanSquare(x: Float64Array, y?: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < x.length; index += 1) sum += (x[index] - (y?.[index] ?? 0)) ** 2;
  return sum / x.length;
}
