/**
 * The polynomial of degree size - 1 that equals `value` at the `size` Chebyshev points of [-1, 1]. Its error falls like rho^-size where the function is
 * analytic in the ellipse about [-1, 1] whose half axes add up to rho.
 *
 * @returns coefficients of powers of y, the lowest first: accurate to rounding for rho > 1 + sqrt(2), since those of T_n grow like (1 + sqrt(2))^n
 */
export function chebyshevInterpolant(value: (y: number) => number, size: number): Float64Array {
  // cos(pi n (2 point + 1) / (2 size)), the multiple of pi reduced before it is rounded.
  const cosine = (order: number, point: number): number =>
    Math.cos((Math.PI * ((order * (2 * point + 1)) % (4 * size))) / (2 * size));
  const values = Array.from({ length: size }, (_, point) => value(cosine(1, point)));
  const out = new Float64Array(size);
  let before = new Float64Array(size);
  let here = new Float64Array(size);
  here[0] = 1;
  for (let order = 0; order < size; order += 1) {
    const sum = values.reduce((total, entry, point) => total + entry * cosine(order, point), 0);
    const factor = ((order === 0 ? 1 : 2) * sum) / size;
    for (let power = 0; power < size; power += 1) out[power] += factor * here[power];
    // T_(n+1) = 2 y T_n - T_(n-1), and T_1 = y.
    const next = before.map((entry, power) => (power > 0 ? (order === 0 ? 1 : 2) * here[power - 1] : 0) - entry);
    before = here;
    here = next;
  }
  return out;
}
