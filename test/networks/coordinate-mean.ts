import { gaussLegendre } from "../../src/numerics/index.ts";

/**
 * E h(t) 1(from < t < to) for one coordinate t of a uniform direction in R^d, by Gauss-Legendre in the angle, where what is smooth but for square roots at
 * t = +-1 is analytic.
 */
export function coordinateMean(
  dimension: number,
  h: (t: number) => number,
  [from, to]: readonly [number, number] = [-1, 1],
): number {
  const { nodes, weights } = gaussLegendre(120);
  const integral = (value: (t: number) => number, low: number, high: number) => {
    const [start, end] = [Math.acos(high), Math.acos(low)];
    return nodes.reduce((sum, node, q) => {
      const angle = (start + end) / 2 + ((end - start) / 2) * node;
      return sum + ((end - start) / 2) * weights[q] * value(Math.cos(angle)) * Math.sin(angle) ** (dimension - 2);
    }, 0);
  };
  return integral(h, from, to) / integral(() => 1, -1, 1);
}
