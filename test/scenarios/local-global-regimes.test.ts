import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { functionsOf, type Learned, problemOf, variantCount } from "../../scenarios/local-global-regimes/functions.ts";
import { kernelTimes } from "../../scenarios/local-global-regimes/kernel.ts";
import { meanSquare } from "../../scenarios/local-global-regimes/mean-square.ts";
import { families, planOf, recordTimes } from "../../scenarios/local-global-regimes/networks.ts";
import { rowOf, type Summary } from "../../scenarios/local-global-regimes/summary.ts";
import localGlobalRegimes from "../../scenarios/local-global-regimes.ts";
import { buildNetwork, tangentKernel } from "../../src/networks/index.ts";
import { kernelDescent } from "../../src/neural-kernels/kernel-descent.ts";
import { runScenario } from "../../src/runs/index.ts";
import { resolveParameters } from "../../src/scenario/index.ts";
import { buildTarget } from "../../src/targets/index.ts";

const out = mkdtempSync(join(tmpdir(), "local-global-regimes-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const tiny = {
  law: "hypercube",
  dimension: 5,
  degrees: [2],
  exampleCounts: [12, 20],
  repeats: 2,
  twoLayerWidth: 16,
  denseWidth: 8,
  scales: [1e5],
  time: 4,
  testExamples: 40,
};

describe("the short form of local-global-regimes", () => {
  it("finds local functions easier in the rich regime only, where the lazy networks do what their kernels do", async () => {
    const outcome = await runScenario("local-global-regimes", { short: true, seed: 2, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    expect(outcome.claims).toHaveLength(20);
    const verdicts = Object.fromEntries(outcome.claims.map(({ id, verdict }) => [id, verdict]));
    for (const family of ["two-layer", "dense"]) {
      for (const degree of [2, 3]) {
        expect([family, degree, verdicts[`${family}-kernel-indifferent-${degree}`]]).not.toContain("fails");
      }
      expect([family, verdicts[`rich-${family}-prefers-local-2`]]).toEqual([family, "holds"]);
      expect([family, verdicts[`lazy-${family}-follows-kernel`]]).toEqual([family, "holds"]);
    }
    const summary = outcome.summary as unknown as Summary;
    for (const family of ["two-layer", "dense"] as const) {
      for (const degree of [2, 3]) {
        const [local, global] = ["local", "global"].map((name) => rowOf(summary, family, `${name}-${degree}`, 200));
        expect(local.rich.value).toBeLessThan(global.rich.value);
        // The networks have learned their examples; kernels may stop at any time, the networks' among them.
        for (const { rich, training } of [local, global]) expect(training.value).toBeLessThan(rich.value / 2);
      }
    }
    for (const { kernel, kernelBest } of summary.repetitions) {
      for (const [repeat, best] of kernelBest.entries()) expect(best).toBeLessThanOrEqual(kernel[repeat]);
    }
    for (const { test, kernel, movement } of summary.scales) {
      expect(test.value / kernel.value).toBeCloseTo(1, 2);
      expect(movement.value).toBeLessThan(0.01);
    }
  });
});

describe("local-global-regimes", () => {
  it("gives the same bytes on 1 and 2 threads", async () => {
    const files = [];
    for (const threads of [1, 2]) {
      const folder = join(out, `threads-${threads}`);
      const run = { parameters: tiny, seed: "bits", out: folder, threads };
      const { dir, status } = await runScenario("local-global-regimes", run);
      expect(status).toBe("completed");
      files.push(
        ["metrics.jsonl", "result.json", "figures.json"].map((name) => readFileSync(join(dir, name), "latin1")),
      );
    }
    expect(files[1]).toEqual(files[0]);
  });

  it.each([
    [{ claimedExamples: 13 }, "claimedExamples: expected one of exampleCounts 12, 20, got 13"],
    [{ lazyExamples: 13 }, "lazyExamples: expected one of exampleCounts 12, 20, got 13"],
    [{ exampleCounts: [12.5], claimedExamples: 12, lazyExamples: 12 }, "exampleCounts: expected integers, got 12.5"],
    [{ degrees: [2, 4] }, "degrees: expected degrees k with 2 (k - 1) < dimension 5, got 2, 4"],
    [{ denseWidth: 9 }, "secondLayerWidth: expected an even integer >= 2, got 9"],
  ])("refuses %j before anything is written", async (parameters, message) => {
    const folder = join(out, "refused");
    const run = runScenario("local-global-regimes", { parameters: { ...tiny, ...parameters }, seed: 1, out: folder });
    await expect(run).rejects.toThrow(message);
    expect(existsSync(folder)).toBe(false);
  });
});

describe("the functions", () => {
  const values = resolveParameters(localGlobalRegimes, { law: "hypercube", dimension: 9, degrees: [1, 2, 3] });
  const points = Float64Array.from({ length: 512 * 9 }, (_, at) => ((Math.floor(at / 9) >> (at % 9)) & 1 ? 1 : -1));
  const valuesOf = (learned: Learned, variant: number) => {
    const target = buildTarget(problemOf(learned, values, variant).target);
    return Float64Array.from({ length: 512 }, (_, s) => target.value(points, 9 * s, 9));
  };
  const product = (x: Float64Array, y: Float64Array) => x.reduce((sum, each, s) => sum + each * y[s], 0) / 512;

  it("have variance 1 in every variant, and variants have nothing in common", () => {
    for (const learned of functionsOf(values)) {
      const all = Array.from({ length: variantCount(learned, values) }, (_, variant) => valuesOf(learned, variant));
      expect(all.length).toBe(learned.locality === "local" ? 9 : { 1: 1, 2: 4, 3: 3 }[learned.degree]);
      for (const [i, first] of all.entries()) {
        for (const [j, second] of all.entries()) expect(product(first, second)).toBeCloseTo(i === j ? 1 : 0, 12);
      }
    }
  });

  it("are of one degree: nothing of them is seen when fewer coordinates are known", () => {
    for (const learned of functionsOf(values)) {
      const f = valuesOf(learned, 0);
      for (let subset = 0; subset < 512; subset += 1) {
        const members = Array.from({ length: 9 }, (_, k) => k).filter((k) => (subset >> k) & 1);
        const parity = Float64Array.from({ length: 512 }, (_, s) =>
          members.reduce((all, k) => all * points[9 * s + k], 1),
        );
        if (members.length !== learned.degree) expect(Math.abs(product(f, parity))).toBeLessThan(1e-12);
      }
    }
  });
});

describe("kernel descent", () => {
  it.each(families)("errs alike on local and global functions, %s, in the mean over signed permutations", (family) => {
    // To transform examples and start is to transform the function, so one draw of both and every transformation of a function give the mean over an invariant law of them.
    const dimension = 4;
    const values = resolveParameters(localGlobalRegimes, { ...tiny, dimension });
    const cube = Float64Array.from({ length: 16 * dimension }, (_, at) =>
      ((at >> 2) >> (at % dimension)) & 1 ? 1 : -1,
    );
    const trained = [0, 3, 5, 6, 9, 10, 15];
    const training = Float64Array.from(trained.flatMap((s) => [...cube.subarray(4 * s, 4 * s + 4)]));
    const transformations = permutations([0, 1, 2, 3]).flatMap((order) =>
      Array.from({ length: 16 }, (_, s) => ({ order, signs: cube.subarray(4 * s, 4 * s + 4) })),
    );
    const network = buildNetwork(planOf(family, values), dimension);
    const start = network.start(1, 0);
    const kernel = tangentKernel(network, start, { points: training });
    const cross = tangentKernel(network, start, { points: cube, others: training });
    const meanRisk = (name: string, time: number) => {
      const learned = functionsOf(values).find((each) => each.name === name) as Learned;
      const target = buildTarget(problemOf(learned, values).target);
      const outputs = transformations.length;
      const truth = Float64Array.from({ length: 16 * outputs }, (_, at) => {
        const { order, signs } = transformations[at % outputs];
        const s = Math.floor(at / outputs);
        return target.value(
          Float64Array.from(order, (from, k) => signs[k] * cube[4 * s + from]),
          0,
          dimension,
        );
      });
      const targets = Float64Array.from(trained.flatMap((s) => [...truth.subarray(s * outputs, (s + 1) * outputs)]));
      const predicted = kernelDescent({ kernel, targets, outputs, steps: { stepSize: 0.05 } }).valuesAt(cross, time);
      return meanSquare(predicted, truth);
    };
    for (const time of [1, 20, 1000]) {
      const [local, global] = [meanRisk("local-2", time), meanRisk("global-2", time)];
      expect(global / local).toBeCloseTo(1, 12);
      expect(Math.abs(local - 1)).toBeGreaterThan(1e-3);
    }
  });
});

/** Every order of the items. */
function permutations(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) => permutations(items.filter((item) => item !== first)).map((rest) => [first, ...rest]));
}

describe("the times", () => {
  it("are the networks' own for kernels too, which go on to a thousand times as long", () => {
    const values = resolveParameters(localGlobalRegimes, {});
    const records = recordTimes(values);
    expect(kernelTimes(values).slice(0, records.length)).toEqual(records);
    expect(records[0]).toBe(0);
    expect(records[records.length - 1]).toBe(2000);
    expect(kernelTimes(values).at(-1)).toBe(2000 * 1024);
    for (const time of records) expect(Number.isInteger(time / values.stepSize)).toBe(true);
  });
});
