import { gaussianDensity, legendreOfPanel, panelEdges } from "../../numerics/gaussian-panels.ts";
import type { KernelActivation } from "./kernel-activation.ts";

/** Two Gaussians, and the second moments of phi at each. */
export interface BentPair {
  readonly first: number;
  readonly second: number;
  readonly halfSine: number;
  readonly halfCosine: number;
  readonly moments: readonly [number, number];
}

const reach = 10;
/** Widths of the smoothed kink at which the outer panels end. */
const steps = [-9, -7.5, -6, -4.5, -3, -1.5, 0, 1.5, 3, 4.5, 6, 7.5, 9];

/**
 * What `DualActivation.pair` writes, by a two-dimensional rule for bent or jumping phi: z1 = sqrt(q1) x, z2 = sqrt(q2) (c x + s w), x and w independent.
 * The inner integral over w is cut where z2 meets a kink; as a function of x it bends within a few s/c of kink/c, and there the outer panels are
 * fine. The small one of 1 - chat and 1 + chat is the mean of a square, (1/2) E (phi(z1)/sqrt(a1) -+ phi(z2)/sqrt(a2))^2, so that it keeps its digits.
 */
export function bentPair({ value, derivative, kinks }: KernelActivation, pair: BentPair, out: Float64Array): void {
  const { first, second, halfSine, halfCosine, moments } = pair;
  const rootFirst = Math.sqrt(first);
  const rootSecond = Math.sqrt(second);
  const c = (halfCosine - halfSine) * (halfCosine + halfSine);
  const s = 2 * halfSine * halfCosine;
  const sign = c >= 0 ? -1 : 1;
  const normFirst = 1 / Math.sqrt(moments[0]);
  const normSecond = sign / Math.sqrt(moments[1]);
  const secondKinks = kinks.map((place) => place / rootSecond);
  const width = s / Math.abs(c);
  const bends = secondKinks.flatMap((place) => (width < 1 ? steps.map((each) => place / c + each * width) : []));
  const outer = panelEdges(
    -reach,
    reach,
    [...kinks.map((place) => place / rootFirst), ...bends],
    panelLength(rootFirst),
  );
  const innerLength = Math.min(2, panelLength(rootSecond) / Math.max(s, 1e-300));
  const { nodes, weights } = legendreOfPanel();
  let squares = 0;
  let slopes = 0;
  for (let panel = 0; panel + 1 < outer.length; panel += 1) {
    const middle = (outer[panel] + outer[panel + 1]) / 2;
    const half = (outer[panel + 1] - outer[panel]) / 2;
    for (let node = 0; node < nodes.length; node += 1) {
      const x = middle + half * nodes[node];
      const outerWeight = half * weights[node] * gaussianDensity(x);
      if (outerWeight < 1e-30) continue;
      const valueFirst = normFirst * value(rootFirst * x);
      const slopeFirst = derivative === null ? 0 : derivative(rootFirst * x);
      const inner =
        s === 0
          ? [-reach, reach]
          : panelEdges(
              -reach,
              reach,
              secondKinks.map((place) => (place - c * x) / s),
              innerLength,
            );
      let innerSquares = 0;
      let innerSlopes = 0;
      for (let each = 0; each + 1 < inner.length; each += 1) {
        const innerMiddle = (inner[each] + inner[each + 1]) / 2;
        const innerHalf = (inner[each + 1] - inner[each]) / 2;
        for (let at = 0; at < nodes.length; at += 1) {
          const w = innerMiddle + innerHalf * nodes[at];
          const weight = innerHalf * weights[at] * gaussianDensity(w);
          const z = rootSecond * (c * x + s * w);
          innerSquares += weight * (valueFirst + normSecond * value(z)) ** 2;
          if (derivative !== null) innerSlopes += weight * derivative(z);
        }
      }
      squares += outerWeight * innerSquares;
      slopes += outerWeight * slopeFirst * innerSlopes;
    }
  }
  const small = squares / 2;
  out[0] = sign === -1 ? small : 2 - small;
  out[1] = sign === -1 ? 2 - small : small;
  out[2] = derivative === null ? Number.NaN : slopes;
}

/** Panels that resolve phi(root x) where the 16-node rules of the Hermite coefficients do. */
function panelLength(root: number): number {
  return Math.min(1, 0.75 / root);
}
