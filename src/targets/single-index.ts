import { invalidValue } from "../errors.ts";
import { checkedScale } from "./feature-scale.ts";
import { buildLink, checkedLink, type LinkSpec } from "./link.ts";
import type { SingleIndexSpec, Target } from "./target.ts";

export interface SingleIndexOptions {
  readonly link: LinkSpec;
  /** theta: the first axis, the diagonal (1, ..., 1)/sqrt(d), or d numbers, taken to norm 1. @default "axis" */
  readonly direction?: "axis" | "diagonal" | readonly number[];
  /** s > 0; null: sqrt(d), with which s theta.x has variance 1 under N(0, I/d). @default null */
  readonly scale?: number | null;
}

/**
 * A single-index target g(s theta.x), |theta| = 1 (for two-layer networks: Ben Arous, Gheissari, Jagannath, JMLR 2021; Bietti, Bruna, Sanford, Song,
 * NeurIPS 2022). Under a rotation-invariant law the direction does not matter.
 *
 * @throws MeanfieldError `invalid-value`, `unknown-kind`
 */
export function singleIndex(options: SingleIndexOptions): SingleIndexSpec {
  const { direction = "axis" } = options;
  return Object.freeze({
    kind: "single-index",
    link: checkedLink(options.link),
    direction: direction === "axis" || direction === "diagonal" ? direction : unit(direction),
    scale: checkedScale(options.scale),
  });
}

/** Builds g(s theta.x); a direction of d numbers is checked against the points it meets. */
export function buildSingleIndex(spec: SingleIndexSpec): Target {
  const link = buildLink(spec.link);
  const { direction } = spec;
  return Object.freeze({
    spec,
    radial: null,
    value(points: Float64Array, offset: number, dimension: number): number {
      let product = 0;
      if (direction === "axis") product = points[offset];
      else if (direction === "diagonal") {
        for (let k = 0; k < dimension; k += 1) product += points[offset + k];
        product /= Math.sqrt(dimension);
      } else {
        if (direction.length !== dimension) throw invalidValue("direction", `${dimension} numbers`, direction);
        for (let k = 0; k < dimension; k += 1) product += direction[k] * points[offset + k];
      }
      return link((spec.scale ?? Math.sqrt(dimension)) * product);
    },
  });
}

function unit(direction: readonly number[]): readonly number[] {
  const norm = Array.isArray(direction) ? Math.hypot(...direction) : 0;
  if (!(norm > 0 && norm < Infinity)) {
    throw invalidValue("direction", "axis, diagonal, or finite numbers that are not all 0", direction);
  }
  return Object.freeze(Math.abs(norm - 1) < 1e-15 ? [...direction] : direction.map((entry) => entry / norm));
}
