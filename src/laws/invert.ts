/**
 * The x in [lower, upper] where an increasing function reaches `value`: Newton's method inside a bracket that every step narrows,
 * bisection where Newton would leave it or its slope vanishes. Ends when the bracket or the step is down to rounding.
 *
 * @param increasing f, with f(lower) <= value <= f(upper) up to rounding
 * @param slope f'
 */
export function invertIncreasing(
  increasing: (x: number) => number,
  slope: (x: number) => number,
  value: number,
  lower: number,
  upper: number,
  guess: number,
): number {
  let low = lower;
  let high = upper;
  let x = guess;
  for (let round = 0; round < 200; round += 1) {
    const excess = increasing(x) - value;
    if (excess >= 0) high = x;
    else low = x;
    if (!(high - low > 2e-16 * Math.abs(high))) return high;
    const newton = x - excess / slope(x);
    const next = newton > low && newton < high ? newton : low + (high - low) / 2;
    if (Math.abs(next - x) <= 2e-16 * Math.abs(x)) return next;
    x = next;
  }
  return high;
}
