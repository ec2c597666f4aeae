import { deriveKey, fillNormal } from "../numerics/random/index.ts";
import { buildTarget } from "../targets/index.ts";
import type { RadialProfile, Target, TargetSpec } from "../targets/target.ts";
import { type Property, propertyOf, worstOf } from "./property.ts";

const count = 200;

/**
 * What every target must do, tried on this one: finite values that depend on the point alone; a radial one's profile at |x|, with linear pieces that cover
 * [0, infinity) and follow it, and breaks in order.
 *
 * @param target a spec, or a target object of your own
 * @param options dimension of the points, @default 6; tolerance of the linear pieces, @default that of a radial function, else 1e-10, relative to the values
 * @returns one entry a property, in a fixed order; all must hold
 */
export function checkTarget(
  target: TargetSpec | Target,
  options: { readonly dimension?: number; readonly tolerance?: number } = {},
): readonly Property[] {
  const { dimension = 6 } = options;
  const built = "value" in target && "radial" in target ? target : buildTarget(target);
  const { spec, radial } = built;
  const tolerance = options.tolerance ?? (spec.kind === "radial-function" ? spec.tolerance : 1e-10);
  const points = pointsIn(dimension);
  const values = Float64Array.from({ length: count }, (_, s) => built.value(points, s * dimension, dimension));
  const properties = [
    propertyOf("values are finite", () => ({
      worst: values.filter((value) => !Number.isFinite(value)).length,
      bound: 0,
    })),
    propertyOf(
      "the value belongs to the point, wherever it lies in the array, and asking twice changes nothing",
      () => ({
        worst: values.filter((value, s) => {
          const moved = Float64Array.of(7, 8, ...points.subarray(s * dimension, (s + 1) * dimension), 9);
          return built.value(moved, 2, dimension) !== value;
        }).length,
        bound: 0,
      }),
    ),
  ];
  return radial === null
    ? properties
    : [...properties, ...radialProperties(radial, points, values, dimension, tolerance)];
}

function radialProperties(
  radial: RadialProfile,
  points: Float64Array,
  values: Float64Array,
  dimension: number,
  tolerance: number,
): Property[] {
  const { breaks, pieces } = radial;
  const radii = Array.from(values, (_, s) => Math.hypot(...points.subarray(s * dimension, (s + 1) * dimension)));
  const isNearBreak = (r: number) => breaks.some((place) => Math.abs(place - r) < 1e-9);
  const properties = [
    propertyOf("the value is the profile at |x|", () => ({
      worst: worstOf(
        radii.filter((r) => !isNearBreak(r)).map((r) => Math.abs(radial.value(r) - values[radii.indexOf(r)])),
      ),
      bound: 1e-10 * (1 + worstOf(values.map(Math.abs))),
    })),
    propertyOf("breaks ascend from above 0", () => ({
      worst: breaks.filter((place, k) => !(place > (k === 0 ? 0 : breaks[k - 1]))).length,
      bound: 0,
    })),
  ];
  if (pieces === null) return properties;
  const { starts, slopes, intercepts } = pieces;
  return [
    ...properties,
    propertyOf("linear pieces start at 0 and ascend, with a slope and an intercept each", () => ({
      worst:
        (starts[0] === 0 ? 0 : 1) +
        starts.filter((start, k) => k > 0 && !(start > starts[k - 1])).length +
        Math.abs(slopes.length - starts.length) +
        Math.abs(intercepts.length - starts.length),
      bound: 0,
    })),
    propertyOf("linear pieces follow the profile", () => {
      const last = starts[starts.length - 1];
      const grid = Array.from({ length: 2000 }, (_, k) => ((k + 0.37) * (1.3 * last + 1)) / 2000);
      const errors = grid
        .filter((r) => !isNearBreak(r))
        .map((r) => {
          const piece = starts.findLastIndex((start) => start <= r);
          const value = radial.value(r);
          return (
            Math.abs(slopes[piece] * r + intercepts[piece] - value) /
            Math.max(1, Math.abs(value), Math.abs(slopes[piece] * r))
          );
        });
      return { worst: worstOf(errors), bound: tolerance };
    }),
  ];
}

/** Directions of every kind, with radii from near 0 to beyond 3. */
function pointsIn(dimension: number): Float64Array {
  const points = new Float64Array(count * dimension);
  fillNormal(points, 0, points.length, 0, deriveKey("checks", "points"), 0, 0, 0);
  for (let s = 0; s < count; s += 1) {
    const row = points.subarray(s * dimension, (s + 1) * dimension);
    const factor = (3.3 * (s + 0.5)) / count / Math.hypot(...row);
    row.forEach((value, k) => {
      row[k] = factor * value;
    });
  }
  return points;
}
