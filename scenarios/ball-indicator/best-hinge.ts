import type { laws } from "meanfield";

/**
 * The least 1/2 E(c relu(R - r) - 1(r <= lambda))^2 over c and R, by exact moments: c is least squares, and R is searched over (0, upper]. Among all
 * nonnegative convex functions of the radius none was found to do better (docs/ball-indicator.md).
 */
export function bestHingeLoss(radius: laws.RadialDistribution, lambda: number, upper: number): number {
  const atEnd = new Float64Array(3);
  const atTarget = new Float64Array(3);
  const loss = (end: number): number => {
    radius.moments(end, atEnd, 0);
    radius.moments(Math.min(end, lambda), atTarget, 0);
    const product = end * atTarget[0] - atTarget[1];
    const square = end * end * atEnd[0] - 2 * end * atEnd[1] + atEnd[2];
    radius.moments(lambda, atTarget, 0);
    return (atTarget[0] - (square > 0 ? product ** 2 / square : 0)) / 2;
  };
  // The best of a grid, then golden sections between its neighbours.
  const cells = 1000;
  let best = 1;
  for (let cell = 1; cell <= cells; cell += 1) {
    if (loss((upper * cell) / cells) < loss((upper * best) / cells)) best = cell;
  }
  let [low, high] = [(upper * (best - 1)) / cells, Math.min(upper, (upper * (best + 1)) / cells)];
  const golden = (Math.sqrt(5) - 1) / 2;
  while (high - low > 1e-9 * upper) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    if (loss(left) < loss(right)) high = right;
    else low = left;
  }
  return loss((low + high) / 2);
}
