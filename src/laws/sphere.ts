import type { Law, SphereSpec } from "./law.ts";
import { radialLaw } from "./radial-law.ts";
import { checkedDimension, checkedPositive } from "./spec-checks.ts";

export interface SphereOptions {
  /** d, an integer in [2, 100000]. */
  readonly dimension: number;
  /** @default 1 */
  readonly sphereRadius?: number;
}

/** Uniform on the sphere of radius `sphereRadius`. */
export function sphere(options: SphereOptions): SphereSpec {
  return Object.freeze({
    kind: "sphere",
    dimension: checkedDimension(options.dimension, 100_000),
    sphereRadius: checkedPositive("sphereRadius", options.sphereRadius ?? 1),
  });
}

/** Builds the uniform law on the sphere of radius R: r = R, so M_k(r) = R^k 1(r >= R). */
export function buildSphere(spec: SphereSpec): Law {
  const place = spec.sphereRadius;
  return radialLaw(spec, {
    upper: place,
    mean: place,
    secondMoment: place * place,
    pdf: (radius) => (radius === place ? Infinity : 0),
    cdf: (radius) => (radius >= place ? 1 : 0),
    quantile: (probability) => (probability > 0 ? place : 0),
    draw: () => place,
    tables: [
      {
        nodes: new Float64Array(10),
        step: place,
        cellCount: 1,
        factor: 1,
        upper: place,
        beyond: [1, place, place * place],
      },
    ],
    moments(radius: number, out: Float64Array, offset: number): void {
      const isReached = radius >= place;
      out[offset] = isReached ? 1 : 0;
      out[offset + 1] = isReached ? place : 0;
      out[offset + 2] = isReached ? place * place : 0;
    },
    // A point mass needs one node, whatever the panels.
    rule: () => ({ nodes: Float64Array.of(place), weights: Float64Array.of(1) }),
  });
}
