import { laws, numerics } from "meanfield";
import { Matrix, solve } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { featureClaims, featureSummary } from "../../scenarios/deep-equals-shallow/feature-claims.ts";
import type { Values } from "../../scenarios/deep-equals-shallow/parameters.ts";
import { featureNetworks, regressFeatures } from "../../scenarios/deep-equals-shallow/random-features.ts";

const options = { seed: 3, repeat: 1, points: 200, onProgress: async () => {} };
const keyOf = (what: string) => numerics.deriveKey(options.seed, "deep-equals-shallow", "random-features", what);

function rows(what: string, count: number): Matrix {
  const out = new Float64Array(count * 4);
  laws.sampleDirections(out, { first: 0, count, step: 0, replica: options.repeat }, 4, keyOf(what));
  return Matrix.from1DArray(count, 4, out);
}

function normals(what: string, width: number, inner: number, size: number): Matrix {
  const out = new Float64Array(width * inner);
  numerics.fillNormal(out, 0, out.length, 0, keyOf(what), 0, size, options.repeat);
  return Matrix.from1DArray(width, inner, out);
}

/** The last hidden layer at rows of inputs. */
function features(inputs: Matrix, id: string, widths: readonly number[], size: number): Matrix {
  return widths.reduce((before, width, layer) => {
    const weights = normals(`${id} layer ${layer + 1}`, width, before.columns, size);
    const bent = before.mmul(weights.transpose()).div(Math.sqrt(width));
    return bent.apply((row, column) => bent.set(row, column, Math.max(0, bent.get(row, column))));
  }, inputs);
}

describe("regression with random features", () => {
  it("gives the errors of kernel regression with the features' own kernel, F F^T, for each network and ridge", async () => {
    const sizes = [30, 100];
    const found = await regressFeatures({ ...options, sizes });
    const direction = rows("direction", 1).transpose();
    const targetsOf = (inputs: Matrix) => {
      const cosines = inputs.mmul(direction).to1DArray();
      return Matrix.columnVector(cosines.map((c) => Math.exp(-((1 - c) ** 1.5)) + Math.exp(-((1 + c) ** 1.5))));
    };
    const [validation, test] = [rows("validation", options.points), rows("test", options.points)];
    const all = rows("training", 100);
    sizes.forEach((size, at) => {
      const training = all.subMatrix(0, size - 1, 0, 3);
      featureNetworks.forEach(({ id, widths }, place) => {
        const of = (inputs: Matrix) => features(inputs, id, widths(Math.round(Math.sqrt(size))), size);
        const own = of(training);
        const errors = Array.from({ length: 12 }, (_, index) => {
          const ridge = size * 2 ** (3 - 3 * index);
          const kernel = own.mmul(own.transpose()).add(Matrix.eye(size).mul(ridge));
          const weights = own.transpose().mmul(solve(kernel, targetsOf(training)));
          const errorOn = (inputs: Matrix) =>
            Matrix.sub(of(inputs).mmul(weights), targetsOf(inputs)).norm("frobenius") ** 2 / inputs.rows;
          return { exponent: 3 - 3 * index, validation: errorOn(validation), test: errorOn(test) };
        });
        const best = errors.reduce((left, right) => (right.validation < left.validation ? right : left));
        expect(found[place].exponents[at]).toBe(best.exponent);
        expect(Math.abs(found[place].errors[at] / best.test - 1)).toBeLessThan(1e-5);
      });
    });
  });

  it("has the order of the networks and their powers in its claims", () => {
    const sizes = [64, 128, 256, 512];
    const errors = (factor: number, power: number, noise: number) => ({
      errors: sizes.map((size) => factor * size ** power * noise),
      exponents: sizes.map(() => 0),
    });
    const repeat = (noise: number) => [
      errors(1, -1.3, noise),
      errors(3, -1.3, noise),
      errors(9, -1.3, 1 / noise),
      errors(2, -0.2, 1),
    ];
    const values = { featureSizes: sizes } as unknown as Values;
    const claims = featureClaims(featureSummary([repeat(0.99), repeat(1), repeat(1.01)], values), values);
    expect(claims.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["random-features-three-layers", "holds"],
      ["random-features-narrow-first", "holds"],
      ["random-features-narrow-last", "holds"],
      ["random-features-slope", "holds"],
    ]);
    expect(claims[0].measured).toBeCloseTo(3, 10);
    expect(claims[3].measured).toBeCloseTo(-1.3, 10);
  });
});
