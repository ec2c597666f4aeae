import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exactErrorConstant } from "../../scenarios/reverse-ntk/exact-error.ts";
import { coordinates, halves, parities, paritySplit } from "../../scenarios/reverse-ntk/parity.ts";
import { fullyConnected, kernelDescent, kernelMatrix, sine } from "../../src/neural-kernels/public.ts";
import { runScenario } from "../../src/runs/index.ts";

const out = mkdtempSync(join(tmpdir(), "reverse-ntk-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

describe("reverse-ntk", () => {
  it("finds the printed coefficients, the mimic's kernel and its rate, and fails at no claim in its short form", async () => {
    const outcome = await runScenario("reverse-ntk", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    expect(outcome.claims.length).toBe(18);
    expect(outcome.claims.filter(({ verdict }) => verdict === "fails").map(({ id }) => id)).toEqual([]);
    // Four splits are too few for a verdict on means over splits.
    const open = outcome.claims.filter(({ verdict }) => verdict === "inconclusive").map(({ id }) => id);
    expect(open.filter((id) => !/^parity-(sine|relu)-(accuracy|error)$/.test(id))).toEqual([]);
    const { layer } = outcome.summary as unknown as { layer: { mimicSquares: number; shallowSquares: number } };
    expect(layer.mimicSquares.toFixed(3)).toBe("0.326");
    expect(layer.shallowSquares.toFixed(1)).toBe("227.7");
  }, 60_000);

  it.each([
    [{ bits: 10 }, "bits: expected an odd number"],
    [{ widths: [16, 32.5, 64] }, "widths: expected whole numbers, got 32.5"],
  ])("refuses %j", async (parameters, message) => {
    await expect(runScenario("reverse-ntk", { parameters, seed: 1, out })).rejects.toMatchObject({
      code: "invalid-value",
      message: expect.stringContaining(message),
    });
  });
});

it("knows the error of finite mimic networks as a finer rule of another program does", () => {
  // NumPy, the trapezoidal rule with steps of 0.01 on [-8, 8].
  expect(Math.abs(exactErrorConstant(12) / 2.848507 - 1)).toBeLessThan(1e-3);
});

describe("the parity", () => {
  const bits = 7;

  it("is cut into halves that differ from split to split and share no point", () => {
    const [first, second] = [0, 1].map((split) => halves(bits, 1, split));
    expect(new Set([...first.training, ...first.test]).size).toBe(128);
    expect(first.training.length).toBe(64);
    expect(first.training).not.toEqual(second.training);
    expect(halves(bits, 1, 1)).toEqual(second);
  });

  it("has products of signs as labels, opposite at opposite points", () => {
    expect([...coordinates([5], 5)]).toEqual([1, -1, 1, -1, -1]);
    const points = Array.from({ length: 128 }, (_, point) => point);
    const labels = parities(points, bits);
    const rows = coordinates(points, bits);
    points.forEach((point) => {
      const product = rows.subarray(point * bits, (point + 1) * bits).reduce((all, each) => all * each, 1);
      expect(labels[point]).toBe(product);
      expect(labels[127 - point]).toBe(-product);
    });
  });

  it("is learned without the second of two antipodes as by the pseudo-inverse of the whole singular matrix", async () => {
    const split = await paritySplit(bits, 1, 0);
    const { training, test } = halves(bits, 1, 0);
    const kernel = fullyConnected({ activation: sine({ amplitude: 0.5, frequency: 6 }), hiddenLayers: 1 });
    const [points, others] = [coordinates(training, bits), coordinates(test, bits)];
    const matrix = await kernelMatrix({ kernel, points, dimension: bits });
    const cross = await kernelMatrix({ kernel, points: others, others: points, dimension: bits });
    const descent = kernelDescent({ kernel: matrix.values.slice(), targets: parities(training, bits) });
    const antipodalPairs = training.filter((point) => training.includes(127 - point)).length / 2;
    expect(antipodalPairs).toBeGreaterThan(5);
    expect(descent.rates.filter((rate) => rate < 1e-12).length).toBe(antipodalPairs);
    // Long beyond every rate that is not 0, short of what rounding has made of the others.
    const time = 60 / (descent.rates.find((rate) => rate > 1e-12) ?? 0);
    const labels = parities(test, bits);
    const margins = descent.valuesAt(cross.values.slice(), time).map((value, index) => value * labels[index]);
    const meanSquaredError = margins.reduce((sum, margin) => sum + (margin - 1) ** 2, 0) / test.length;
    expect(Math.abs(split.sine.meanSquaredError - meanSquaredError)).toBeLessThan(1e-9);
    expect(split.sine.accuracy).toBe(margins.filter((margin) => margin > 0).length / test.length);
  });
});
