import { laws, numerics } from "meanfield";
import { Matrix, solve } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { floors, regressCap } from "../../scenarios/deep-equals-shallow/regression.ts";

const k0 = (u: number) => (Math.PI - Math.acos(Math.min(1, u))) / Math.PI;
const k1 = (u: number) => u * k0(u) + Math.sqrt(Math.max(0, 1 - u * u)) / Math.PI;

function network(u: number, weightLayers: number): { readonly covariance: number; readonly tangent: number } {
  let [covariance, tangent] = [u, u];
  for (let layer = 1; layer < weightLayers; layer += 1) {
    tangent = tangent * k0(covariance) + k1(covariance);
    covariance = k1(covariance);
  }
  return { covariance, tangent };
}

/** The kernels written down by hand, in the scenario's order. */
const kernels: readonly ((u: number) => number)[] = [
  (u) => (1 + u) * k1(u),
  (u) => network(u, 3).covariance,
  (u) => network(u, 4).covariance,
  (u) => ((1 + u) * k0(u) + k1(u)) / 2,
  (u) => network(u, 3).tangent / 3,
  (u) => network(u, 4).tangent / 4,
  (u) => Math.exp(-Math.sqrt(Math.max(0, 1 - u))),
];

const options = { seed: 5, repeat: 2, points: 300, onProgress: async () => {} };

function rows(what: string, count: number): number[][] {
  const out = new Float64Array(count * 4);
  const key = numerics.deriveKey(options.seed, "deep-equals-shallow", what);
  laws.sampleDirections(out, { first: 0, count, step: 0, replica: options.repeat }, 4, key);
  return Array.from({ length: count }, (_, row) => Array.from(out.subarray(4 * row, 4 * row + 4)));
}

const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, k) => sum + value * y[k], 0);

describe("kernel regression of a cap", () => {
  it("gives the errors of kernels, ridges and sets written down by hand", async () => {
    const size = 40;
    const found = await regressCap({ ...options, sizes: [10, size] });
    const [direction] = rows("direction", 1);
    const training = rows("training", size);
    const target = (x: readonly number[]) => (dot(direction, x) >= 0.7 ? 1 : 0);
    const column = Matrix.columnVector(training.map(target));
    for (const [place, kernel] of kernels.entries()) {
      const errors = [-2, -3, -4, -5, -6, -7, -8].map((exponent) => {
        const matrix = new Matrix(training.map((x) => training.map((y) => kernel(x === y ? 1 : dot(x, y)))));
        const coefficients = solve(matrix.add(Matrix.eye(size).mul(size * 10 ** exponent)), column).to1DArray();
        const errorOn = (what: string) =>
          numerics.mean(
            rows(what, options.points).map(
              (x) => (training.reduce((sum, y, s) => sum + kernel(dot(x, y)) * coefficients[s], 0) - target(x)) ** 2,
            ),
          );
        return { exponent, validation: errorOn("validation"), test: errorOn("test") };
      });
      for (const floor of ["tight", "loose"] as const) {
        const allowed = errors.filter(({ exponent }) => exponent >= floors[floor]);
        const best = allowed.reduce((left, right) => (right.validation < left.validation ? right : left));
        expect(found[place].exponents[floor][1]).toBe(best.exponent);
        expect(Math.abs(found[place].errors[floor][1] / best.test - 1)).toBeLessThan(1e-6);
      }
    }
  });

  it("keeps the tight range of lambda, and errs less with twenty times the inputs", async () => {
    const found = await regressCap({ ...options, sizes: [20, 400] });
    expect(found.map(({ name }) => name)).toHaveLength(7);
    for (const { errors, exponents } of found) {
      expect(Math.min(...exponents.tight)).toBeGreaterThanOrEqual(-4);
      expect(errors.loose[1]).toBeLessThan(errors.loose[0]);
    }
  });
});
