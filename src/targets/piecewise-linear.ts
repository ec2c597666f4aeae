import { invalidValue } from "../errors.ts";
import { pieceAt, piecesThrough } from "./linear-pieces.ts";
import { radialTarget } from "./radial-target.ts";
import type { PiecewiseLinearSpec, Target } from "./target.ts";

export interface PiecewiseLinearOptions {
  /** Radii in ascending order, the first one 0. */
  readonly knots: readonly number[];
  /** f* at the knots. */
  readonly values: readonly number[];
  /** Slope beyond the last knot. @default 0 */
  readonly finalSlope?: number;
}

/**
 * A continuous piecewise linear function of |x|.
 *
 * @throws MeanfieldError `invalid-value`
 */
export function piecewiseLinear(options: PiecewiseLinearOptions): PiecewiseLinearSpec {
  const { knots, values, finalSlope = 0 } = options;
  if (!Array.isArray(knots) || knots.length === 0 || knots[0] !== 0) {
    throw invalidValue("knots", "radii of which the first is 0", knots);
  }
  for (let index = 1; index < knots.length; index += 1) {
    if (!(knots[index] > knots[index - 1] && knots[index] < Infinity)) {
      throw invalidValue(`knots[${index}]`, `a finite radius above ${knots[index - 1]}`, knots[index]);
    }
  }
  if (!Array.isArray(values) || values.length !== knots.length) {
    throw invalidValue("values", `${knots.length} numbers, one for each knot`, values);
  }
  for (const [index, value] of values.entries()) {
    if (!Number.isFinite(value)) throw invalidValue(`values[${index}]`, "a finite number", value);
  }
  if (!Number.isFinite(finalSlope)) throw invalidValue("finalSlope", "a finite number", finalSlope);
  return Object.freeze({
    kind: "piecewise-linear",
    knots: Object.freeze([...knots]),
    values: Object.freeze([...values]),
    finalSlope,
  });
}

/** Builds the radial profile through the knots; see `PiecewiseLinearSpec`. */
export function buildPiecewiseLinear(spec: PiecewiseLinearSpec): Target {
  const { knots, values } = spec;
  const pieces = piecesThrough(knots, values, spec.finalSlope);
  return radialTarget(spec, {
    value(radius: number): number {
      const piece = pieceAt(pieces, radius);
      // From the knot, not from r = 0: no cancellation far out.
      return values[piece] + pieces.slopes[piece] * (radius - knots[piece]);
    },
    pieces,
    breaks: knots.filter((_, index) => index > 0 && pieces.slopes[index] !== pieces.slopes[index - 1]),
  });
}
