import { deriveKey, fillNormal } from "../../../src/numerics/index.ts";

/** Gaussian numbers under a label. */
export function normals(count: number, label: string): Float64Array {
  const values = new Float64Array(count);
  fillNormal(values, 0, count, 0, deriveKey("kernel matrices", label), 0, 0, 0);
  return values;
}

/** `count` inputs of this length, in directions that are uniform on the sphere. */
export function sphereInputs(count: number, dimension: number, length: number, label: string): Float64Array {
  const points = normals(count * dimension, label);
  for (let row = 0; row < count; row += 1) {
    const own = points.subarray(row * dimension, (row + 1) * dimension);
    const factor = length / Math.hypot(...own);
    for (let k = 0; k < dimension; k += 1) own[k] *= factor;
  }
  return points;
}
