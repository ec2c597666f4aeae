import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { factor, solve } from "../../scenarios/local-global/cholesky.ts";
import { tangentKernel } from "../../scenarios/local-global/kernel-regression.ts";
import { examplesOf } from "../../scenarios/local-global/networks.ts";
import type { Summary } from "../../scenarios/local-global/summary.ts";
import localGlobal from "../../scenarios/local-global.ts";
import { runScenario } from "../../src/runs/index.ts";
import { resolveParameters } from "../../src/scenario/index.ts";

const out = mkdtempSync(join(tmpdir(), "local-global-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const tiny = {
  dimension: 6,
  degree: 2,
  exampleCounts: [60],
  shallowWidth: 40,
  middleWidth: 24,
  deepWidth: 16,
  repeats: 2,
  testExamples: 400,
  kernelTestExamples: 200,
  averagedEpochs: 2,
  learningRates: [0.1, 0.3],
  foldsUsed: 1,
};

describe("the short form of local-global", () => {
  it("finds that depth helps the local label, where the answers of deep networks are the more local ones", async () => {
    const outcome = await runScenario("local-global", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    const verdicts = Object.fromEntries(outcome.claims.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toMatchObject({ fitted: "holds", "depth-helps-local": "holds" });
    expect(Object.keys(verdicts)).toHaveLength(6);
    const { rows, sensitivities } = outcome.summary as unknown as Summary;
    // 2 labels, 2 numbers of examples, 3 depths, networks and kernels.
    expect(rows).toHaveLength(24);
    for (const { kind, errors, learningRates } of rows) {
      expect(errors).toHaveLength(2);
      for (const error of errors) expect(error).toBeLessThan(0.6);
      expect(learningRates.every((rate) => rate === 0.1 || rate === 0.3)).toBe(true);
      expect(learningRates).toHaveLength(kind === "network" ? 2 : 0);
    }
    for (const { others, first } of sensitivities) {
      // What a label depends on changes the answer more than what it does not depend on.
      for (const [repeat, share] of others.entries()) expect(share).toBeLessThan(first[repeat]);
    }
  });
});

describe("local-global", () => {
  it("records the engine that trained, so that a repetition asks for the same numerics", async () => {
    const { dir } = await runScenario("local-global", { parameters: tiny, seed: "bits", out: join(out, "threads-2") });
    const { used } = JSON.parse(readFileSync(join(dir, "provenance.json"), "utf8"));
    expect(used).toMatchObject([{ precision: "float32" }]);
  });

  it("gives the same bytes on 1 and 2 threads", async () => {
    const files = [];
    for (const threads of [1, 2]) {
      const folder = join(out, `threads-${threads}`);
      const { dir, status } = await runScenario("local-global", {
        parameters: tiny,
        seed: "bits",
        out: folder,
        threads,
      });
      expect(status).toBe("completed");
      files.push(
        ["metrics.jsonl", "result.json", "figures.json"].map((name) => readFileSync(join(dir, name), "latin1")),
      );
    }
    expect(files[1]).toEqual(files[0]);
  });

  it("has no value where no rate fits, and says so", async () => {
    const outcome = await runScenario("local-global", {
      parameters: { ...tiny, learningRates: [1e-4], maxEpochs: 2, kernelExamples: 0 },
      seed: 1,
      out,
    });
    expect(outcome.claims.map(({ id, measured, verdict }) => [id, measured, verdict])).toEqual([
      ["fitted", 0, "fails"],
      ["depth-helps-local", null, "inconclusive"],
      ["depth-hurts-global", null, "inconclusive"],
      ["deep-is-more-local", null, "inconclusive"],
    ]);
  });

  it.each([
    [{ claimedExamples: 61 }, "claimedExamples: expected one of exampleCounts 60, got 61"],
    [{ exampleCounts: [60, 60.5], claimedExamples: 60 }, "exampleCounts: expected integers, got 60, 60.5"],
    [{ degree: 6 }, "degree: expected an integer below the dimension 6, got 6"],
  ])("refuses %j before anything is written", async (parameters, message) => {
    const folder = join(out, "refused");
    const run = runScenario("local-global", { parameters: { ...tiny, ...parameters }, seed: 1, out: folder });
    await expect(run).rejects.toThrow(message);
    expect(existsSync(folder)).toBe(false);
  });

  it("has one set of inputs for both labels, and others for the test", () => {
    const values = resolveParameters(localGlobal, {});
    const [local, global] = (["local", "global"] as const).map((label) =>
      examplesOf(label, "training", 500, "7", values),
    );
    expect(global.inputs).toEqual(local.inputs);
    expect(global.labels).not.toEqual(local.labels);
    expect(examplesOf("local", "test", 500, "7", values).inputs).not.toEqual(local.inputs);
    const x = (s: number, k: number) => local.inputs[20 * s + (k % 20)];
    for (let s = 0; s < 500; s += 1) {
      expect(local.labels[s]).toBe(x(s, 0) * x(s, 1) * x(s, 2) >= 0 ? 0 : 1);
      const sum = Array.from({ length: 20 }, (_, j) => x(s, j) * x(s, j + 1) * x(s, j + 2)).reduce((a, b) => a + b, 0);
      expect(global.labels[s]).toBe(sum >= 0 ? 0 : 1);
    }
  });
});

describe("the kernel regression", () => {
  it.each([1, 3, 7])("has the tangent kernel of %i hidden layers with biases, layer by layer", (hiddenLayers) => {
    const kernel = tangentKernel(hiddenLayers);
    for (const [first, second, cosine] of [
      [0.8, 1.3, 0.4],
      [1, 1, -0.9],
      [2, 0.5, 0.99],
      [1.1, 1.1, 1],
    ]) {
      let covariance = Math.sqrt(first * second) * cosine;
      let tangent = covariance + 1;
      for (let layer = 0; layer < hiddenLayers; layer += 1) {
        const u = Math.min(1, covariance / Math.sqrt(first * second));
        const slopes = (Math.PI - Math.acos(u)) / Math.PI;
        covariance = Math.sqrt(first * second) * ((u * (Math.PI - Math.acos(u)) + Math.sqrt(1 - u * u)) / Math.PI);
        tangent = tangent * slopes + covariance + 1;
      }
      expect((kernel.pair(cosine, first, second).ntk ?? 0) / tangent).toBeCloseTo(1, 12);
    }
  });

  it("solves with a factor of the matrix", async () => {
    const size = 37;
    const matrix = Array.from({ length: size }, (_, i) =>
      Float64Array.from({ length: size }, (_, j) => Math.exp(-Math.abs(i - j) / 5) + (i === j ? 0.1 : 0)),
    );
    const right = Float64Array.from({ length: size }, (_, i) => Math.sin(i));
    const rows = matrix.map((row, i) => row.slice(0, i + 1));
    await factor(rows, async () => {});
    const solution = solve(rows, right);
    for (const [i, row] of matrix.entries()) {
      expect(row.reduce((sum, entry, j) => sum + entry * solution[j], 0)).toBeCloseTo(right[i], 12);
    }
    await expect(factor([Float64Array.of(1), Float64Array.of(1, 1)], async () => {})).rejects.toThrow(
      "not positive definite",
    );
  });
});
