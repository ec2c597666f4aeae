import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  deriveKey,
  fillNormal,
  fillUniform,
  mean,
  nearestNeighbourEntropy,
  standardError,
} from "../../src/numerics/index.ts";

function normals(count: number, dimension: number, replica: number): Float64Array {
  const points = new Float64Array(count * dimension);
  fillNormal(points, 0, points.length, 0, deriveKey(11, "entropy", dimension), 0, 0, replica);
  return points;
}

const gaussianEntropy = (dimension: number) => (dimension / 2) * Math.log(2 * Math.PI * Math.E);

/** psi(n) by its recurrence up from psi(1) = -gamma. */
function digamma(n: number): number {
  let value = -0.5772156649015329;
  for (let i = 1; i < n; i += 1) value += 1 / i;
  return value;
}

/** The points multiplied by the inverse of their covariance's Cholesky factor, whose log determinant goes to the entropy. */
function whitenedByCholesky(raw: Float64Array, dimension: number) {
  const n = raw.length / dimension;
  const means = Array.from({ length: dimension }, (_, at) => mean(raw.filter((__, index) => index % dimension === at)));
  const points = raw.map((value, index) => value - means[index % dimension]);
  const factor = Array.from({ length: dimension }, () => new Float64Array(dimension));
  for (let row = 0; row < dimension; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += (points[i * dimension + row] * points[i * dimension + column]) / n;
      for (let at = 0; at < column; at += 1) sum -= factor[row][at] * factor[column][at];
      factor[row][column] = row === column ? Math.sqrt(sum) : sum / factor[column][column];
    }
  }
  for (let i = 0; i < n; i += 1) {
    for (let row = 0; row < dimension; row += 1) {
      let sum = points[i * dimension + row];
      for (let at = 0; at < row; at += 1) sum -= factor[row][at] * points[i * dimension + at];
      points[i * dimension + row] = sum / factor[row][row];
    }
  }
  return { points, logDeterminant: factor.reduce((sum, row, at) => sum + Math.log(row[at]), 0) };
}

/** The estimate by its formula, with every distance taken and sorted. */
function plainEstimate(raw: Float64Array, dimension: number, k: number): number {
  const n = raw.length / dimension;
  const { points, logDeterminant } = whitenedByCholesky(raw, dimension);
  const volume = [0, 2, Math.PI, (4 / 3) * Math.PI, Math.PI ** 2 / 2][dimension];
  let sum = 0;
  for (let i = 0; i < n; i += 1) {
    const distances: number[] = [];
    for (let j = 0; j < n; j += 1) {
      if (i === j) continue;
      let square = 0;
      for (let at = 0; at < dimension; at += 1)
        square += (points[i * dimension + at] - points[j * dimension + at]) ** 2;
      distances.push(Math.sqrt(square));
    }
    distances.sort((left, right) => left - right);
    sum += Math.log(distances[k - 1]);
  }
  return logDeterminant + digamma(n) - digamma(k) + Math.log(volume) + (dimension / n) * sum;
}

describe("the nearest-neighbour entropy", () => {
  it("is the formula over all distances, whatever the points, with ties", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 28, maxLength: 120 }),
        (dimension, neighbours, numbers) => {
          const n = Math.floor(numbers.length / dimension);
          const points = Float64Array.from(
            numbers.slice(0, n * dimension),
            (value, at) => value + 0.1 * Math.sin(at * at),
          );
          const { value } = nearestNeighbourEntropy(points, dimension, { neighbours });
          expect(Math.abs(value - plainEstimate(points, dimension, neighbours))).toBeLessThan(1e-8);
        },
      ),
      { numRuns: 60 },
    );
  });

  // The bias on Gaussians has no closed form; these bounds at n = 1024 are one and a half to three times the table's in docs/theory/langevin.md.
  it.each([
    [1, 1, 0.02],
    [1, 4, 0.02],
    [2, 4, 0.05],
    [3, 4, 0.1],
    [4, 4, 0.15],
    [6, 4, 0.2],
  ])(
    "of Gaussians in R^%s with %s neighbours is theirs but for a bias of at most 0.02 ... 0.2",
    (dimension, neighbours, bias) => {
      const values = Array.from(
        { length: 12 },
        (_, replica) => nearestNeighbourEntropy(normals(1024, dimension, replica), dimension, { neighbours }).value,
      );
      expect(Math.abs(mean(values) - gaussianEntropy(dimension))).toBeLessThan(bias + 4 * standardError(values));
    },
  );

  it("comes nearer with more points: the bias in R^5 at n = 4096 is below that at n = 64", () => {
    const biasAt = (count: number, replicas: number) =>
      mean(
        Array.from(
          { length: replicas },
          (_, r) => nearestNeighbourEntropy(normals(count, 5, r), 5, { neighbours: 8 }).value,
        ),
      ) - gaussianEntropy(5);
    const [few, many] = [biasAt(64, 200), biasAt(4096, 4)];
    expect(Math.abs(many)).toBeLessThan(Math.abs(few) + 0.05);
    expect(Math.abs(many)).toBeLessThan(0.12);
  });

  it("of the uniform law on a cube is 0 up to the bias of its faces", () => {
    const values = Array.from({ length: 12 }, (_, replica) => {
      const points = new Float64Array(2 * 2000);
      fillUniform(points, 0, points.length, 0, deriveKey(5, "cube"), 0, 0, replica);
      return nearestNeighbourEntropy(points, 2).value;
    });
    // Points near the boundary find their neighbours further away: (perimeter x distance) of them, upwards.
    expect(mean(values)).toBeGreaterThan(-4 * standardError(values));
    expect(mean(values)).toBeLessThan(0.1);
  });

  it("is equivariant under affine maps, and does not know the order of the points", () => {
    const points = normals(300, 2, 1);
    const { value, error } = nearestNeighbourEntropy(points, 2);
    const [cosine, sine] = [Math.cos(0.7), Math.sin(0.7)];
    const turned = new Float64Array(points.length);
    for (let i = 0; i < 300; i += 1) {
      const other = 299 - i;
      turned[2 * other] = 3 * (cosine * points[2 * i] - sine * points[2 * i + 1]) + 5;
      turned[2 * other + 1] = 0.01 * (sine * points[2 * i] + cosine * points[2 * i + 1]) - 2;
    }
    const moved = nearestNeighbourEntropy(turned, 2);
    expect(Math.abs(moved.value - value - Math.log(0.03))).toBeLessThan(1e-10);
    expect(Math.abs(moved.error - error)).toBeLessThan(1e-10);
  });

  it("tells an error within a factor 1.6 of the scatter over samples", () => {
    for (const dimension of [1, 4]) {
      const found = Array.from({ length: 200 }, (_, r) =>
        nearestNeighbourEntropy(normals(256, dimension, r), dimension),
      );
      const scatter = standardError(found.map(({ value }) => value)) * Math.sqrt(200);
      const told = mean(found.map(({ error }) => error));
      expect(scatter / told).toBeGreaterThan(1 / 1.6);
      expect(scatter / told).toBeLessThan(1.6);
    }
  });

  it("is -Infinity where all points lie on a line of the plane", () => {
    const points = normals(50, 1, 2);
    const line = Float64Array.from({ length: 100 }, (_, at) => (1 + (at % 2)) * points[at >> 1] + 3);
    expect(nearestNeighbourEntropy(line, 2)).toEqual({ value: -Infinity, error: 0 });
  });

  it("is -Infinity where k + 1 points coincide", () => {
    const points = Float64Array.from([1, 1, 1, 2, 3, 5, 8]);
    expect(nearestNeighbourEntropy(points, 1, { neighbours: 2 }).value).toBe(-Infinity);
    expect(nearestNeighbourEntropy(points, 1, { neighbours: 3 }).value).toBeGreaterThan(-10);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      "no neighbour",
      () => nearestNeighbourEntropy(normals(9, 1, 0), 1, { neighbours: 0 }),
      /^neighbours: expected an integer >= 1, got 0/,
    ],
    [
      "too few points",
      () => nearestNeighbourEntropy(normals(4, 1, 0), 1),
      /^points: expected more than 4 points .*, got 4/,
    ],
    [
      "half a point",
      () => nearestNeighbourEntropy(new Float64Array(7), 2),
      /^points: expected a multiple of 2 numbers, got 7/,
    ],
    [
      "no dimension",
      () => nearestNeighbourEntropy(new Float64Array(7), 0),
      /^dimension: expected an integer >= 1, got 0/,
    ],
  ])("refuses %s", (_name, make, message) => {
    expect(make).toThrow(message);
  });
});
