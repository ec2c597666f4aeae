import { numerics } from "meanfield";

/** Which of the seed's sets of inputs is meant. */
export interface InputSet {
  readonly seed: numerics.RootSeed;
  /** The experiment they belong to. */
  readonly purpose: string;
  readonly draw: number;
  readonly count: number;
  readonly dimension: number;
}

/** Rows of independent N(0, I). A longer set of the same purpose and draw begins with the shorter one. */
export function gaussianInputs({ seed, purpose, draw, count, dimension }: InputSet): Float64Array {
  const points = new Float64Array(count * dimension);
  const key = numerics.deriveKey(seed, "ntk-min-eigenvalue", purpose);
  numerics.fillNormal(points, 0, points.length, 0, key, 0, 0, draw);
  return points;
}

/** Rows uniform on the sphere of a radius. */
export function sphereInputs(set: InputSet, radius: number): Float64Array {
  const points = gaussianInputs(set);
  for (let first = 0; first < points.length; first += set.dimension) {
    const row = points.subarray(first, first + set.dimension);
    const factor = radius / Math.hypot(...row);
    for (let j = 0; j < row.length; j += 1) row[j] *= factor;
  }
  return points;
}
