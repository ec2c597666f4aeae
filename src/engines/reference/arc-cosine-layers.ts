import type { ArcCosineLayersJob } from "../matrices.ts";

/** See `MatrixKernels.arcCosineLayers`; operation by operation that of kernels/arc-cosine-layers.h. */
export function arcCosineLayers(job: ArcCosineLayersJob): void {
  const { values, rows, columns, stride, isTangent, layers, maps, negativeSlope: slope } = job;
  const { rowRoots, rowInverses, columnRoots, columnInverses, coefficients } = job;
  const bend = (1 - slope) ** 2 / 2;
  const power = bend + slope;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const start = values[row * stride + column] * maps[0];
      let covariance = start + maps[1];
      let tangent = start + maps[2];
      let u = 0;
      let fromOne = 1;
      for (let layer = 0; layer < layers; layer += 1) {
        if (layer === 0 || maps[3 * layer + 1] !== 0) {
          const cosine = covariance * (rowInverses[layer * rows + row] * columnInverses[layer * columns + column]);
          u = cosine > 1 ? 1 : cosine < -1 ? -1 : cosine;
          fromOne = 1 - u;
        }
        const isPositive = u > 0;
        const q = isPositive ? fromOne : 1 + u;
        const y = 2 * q - 1;
        const root = Math.sqrt(q);
        const h = q * root * chained(coefficients, 0, y);
        const angle = root * chained(coefficients, 17, y);
        const derivative = isPositive ? 1 - angle : angle;
        const kernel = h + (isPositive ? u : 0);
        const next = (bend * kernel + slope * u) / power;
        fromOne = (bend * (isPositive ? fromOne - h : 1 - h) + slope * fromOne) / power;
        u = next;
        const scale = rowRoots[layer * rows + row] * columnRoots[layer * columns + column] * power;
        const map = 3 * layer + 3;
        const product = maps[map] * (scale * next);
        covariance = product + maps[map + 1];
        tangent = maps[map] * (tangent * (bend * derivative + slope)) + (product + maps[map + 2]);
      }
      values[row * stride + column] = isTangent ? tangent : covariance;
    }
  }
}

/** 17 coefficients times powers of y, in four short chains of operations in place of one long one. */
function chained(c: Float64Array, at: number, y: number): number {
  const y2 = y * y;
  const y4 = y2 * y2;
  const first = c[at] + y4 * (c[at + 4] + y4 * (c[at + 8] + y4 * (c[at + 12] + y4 * c[at + 16])));
  const second = c[at + 1] + y4 * (c[at + 5] + y4 * (c[at + 9] + y4 * c[at + 13]));
  const third = c[at + 2] + y4 * (c[at + 6] + y4 * (c[at + 10] + y4 * c[at + 14]));
  const fourth = c[at + 3] + y4 * (c[at + 7] + y4 * (c[at + 11] + y4 * c[at + 15]));
  return first + second * y + y2 * (third + fourth * y);
}
