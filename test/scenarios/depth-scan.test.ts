import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { widthOf } from "../../scenarios/depth-scan/contestants.ts";
import { commonExponentOf, difference, exponentOf, quotient, trend } from "../../scenarios/depth-scan/fits.ts";
import type { LadderPoint } from "../../scenarios/depth-scan/run-contestant.ts";
import type { Summary } from "../../scenarios/depth-scan/summary.ts";
import depthScan from "../../scenarios/depth-scan.ts";
import { bottleneck, buildNetwork, twoLayer } from "../../src/networks/index.ts";
import { fitLine } from "../../src/numerics/index.ts";
import { runScenario } from "../../src/runs/index.ts";
import { resolveParameters } from "../../src/scenario/index.ts";

const out = mkdtempSync(join(tmpdir(), "depth-scan-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const tiny = {
  dimensions: [3],
  widths: [8, 16, 32],
  steps: 12,
  directions: 12,
  replicas: 2,
  finalists: 2,
  finalistReplicas: 1,
  evaluationDirections: 48,
};
const contestants = ["bottleneck", "two-layer", "two-layer-adam"] as const;

describe("the short form of depth-scan", () => {
  it("separates the networks, tunes each by as many trials, and gives every claim its verdict", async () => {
    const outcome = await runScenario("depth-scan", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    const verdicts = Object.fromEntries(outcome.claims.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toMatchObject({
      "two-layer-flatter": "holds",
      "two-layer-adam-flatter": "holds",
      separation: "holds",
      "two-layer-gap-is-time": "holds",
      // Two dimensions show no trend.
      "two-layer-exponent-grows": "inconclusive",
      "two-layer-adam-exponent-grows": "inconclusive",
    });
    expect(Object.keys(verdicts)).toHaveLength(9);
    const { exponents, separation, searches, points } = outcome.summary as unknown as Summary;
    expect(exponents.map(({ dimension }) => dimension)).toEqual([4, 8]);
    for (const { factor } of separation) expect(factor.low).toBeGreaterThan(1);
    expect(searches).toHaveLength(6);
    for (const { network, stepSize, finalFraction, relativeLoss, firstRound, finalists } of searches) {
      const stepSizes = network === "two-layer-adam" ? [0.02, 0.05] : [1, 2];
      const tried = [0.1, 1].flatMap((fraction) => stepSizes.map((each) => [each, fraction]));
      expect(firstRound).toHaveLength(4);
      // The better two of the first round enter the second, and the best of these is chosen.
      const entered = [...firstRound.keys()].sort((i, j) => Number(firstRound[i]) - Number(firstRound[j])).slice(0, 2);
      expect([...finalists.keys()].filter((index) => finalists[index] !== null)).toEqual(entered.sort());
      expect(relativeLoss).toBe(Math.min(...finalists.map((loss) => loss ?? Infinity)));
      expect(tried[finalists.indexOf(relativeLoss)]).toEqual([stepSize, finalFraction]);
    }
    const ladder = (name: string, of: number) =>
      points.filter(({ network, dimension }) => network === name && dimension === of);
    for (const dimension of [4, 8]) {
      const [three, two, adam] = contestants.map((name) => ladder(name, dimension));
      three.forEach(({ parameters, replicas, limitLoss }, index) => {
        for (const other of [two[index], adam[index]]) {
          expect(other.parameters).toBeGreaterThanOrEqual(parameters);
          // One pair of neurons fewer would be too few.
          expect(other.parameters - 2 * (dimension + 2)).toBeLessThan(parameters);
        }
        expect(replicas).toHaveLength(3);
        expect(limitLoss).toBeGreaterThan(0);
        expect(two[index].limitLoss).toBeGreaterThan(0);
        expect(adam[index].limitLoss).toBeNull();
      });
    }
  });
});

describe("depth-scan", () => {
  it("gives the same bytes on 1 and 2 threads", async () => {
    const files = [];
    for (const threads of [1, 2]) {
      const folder = join(out, `threads-${threads}`);
      const { dir } = await runScenario("depth-scan", { parameters: tiny, seed: "bits", out: folder, threads });
      files.push(
        ["metrics.jsonl", "result.json", "figures.json"].map((name) => readFileSync(join(dir, name), "latin1")),
      );
    }
    expect(files[1]).toEqual(files[0]);
  });

  it("passes over a step size with which the search diverges, and no start of the search is used again", async () => {
    const outcome = await runScenario("depth-scan", {
      parameters: { ...tiny, steps: 60, stepSizes: [0.5, 900], finalFractions: [1] },
      seed: 2,
      out,
    });
    expect(outcome.status).toBe("completed");
    const { searches, points } = outcome.summary as unknown as Summary;
    const search = searches.find(({ network }) => network === "two-layer");
    expect(search).toMatchObject({
      stepSize: 0.5,
      firstRound: [expect.any(Number), null],
      finalists: [expect.any(Number), null],
    });
    // The search's width is one of the ladder's: the same start would give the same loss.
    const losses = points.filter(({ network }) => network === "two-layer").flatMap(({ replicas }) => replicas);
    expect(losses).not.toContain(search?.firstRound[0]);
    expect(new Set(losses).size).toBe(6);
  });

  it.each([
    [{ radiusCutoff: null }, "unsupported-combination", "radiusCutoff"],
    [{ dimensions: [2.5] }, "invalid-value", "dimension"],
    [{ widths: [8, 16] }, "invalid-value", "widths"],
    [{ stepSizes: [1, 0.5] }, "invalid-value", "stepSizes"],
  ])("refuses %j as %s, naming %s, before anything is written", async (parameters, code, name) => {
    const folder = join(out, "refused");
    await expect(
      runScenario("depth-scan", { parameters: { ...tiny, ...parameters }, seed: 1, out: folder }),
    ).rejects.toMatchObject({ code, message: expect.stringContaining(name) });
    expect(existsSync(folder)).toBe(false);
  });

  it("compares networks of equal size: the smallest even width with at least as many parameters", () => {
    for (const dimension of [2, 5, 64]) {
      for (const firstLayerWidth of [1, 7, 64, 500]) {
        const values = resolveParameters(depthScan, { secondLayerWidth: 5 });
        const three = buildNetwork(bottleneck({ firstLayerWidth, secondLayerWidth: 5 }), dimension).size;
        const width = widthOf("two-layer", dimension, firstLayerWidth, values);
        const sizes = [width - 2, width].map((m) => (m < 2 ? 0 : buildNetwork(twoLayer({ width: m }), dimension).size));
        expect(sizes[0]).toBeLessThan(three);
        expect(sizes[1]).toBeGreaterThanOrEqual(three);
      }
    }
  });
});

/** A ladder whose losses are factor * width^exponent * exp(noise). */
function ladder(factor: number, exponent: number, noise: readonly (readonly number[])[]): readonly LadderPoint[] {
  return [10, 20, 40, 80].map((width, index) => {
    const losses = noise[index].map((each) => factor * width ** exponent * Math.exp(each));
    return { width, parameters: width, losses, meanField: losses, discretization: losses, limitLoss: null };
  });
}
const noise = [
  [0.1, -0.2],
  [0.05, 0.1],
  [-0.3, 0.2],
  [0.15, -0.05],
];
const quiet = noise.map(() => [0, 0]);

describe("the fits of depth-scan", () => {
  it("find the exponent of a power law, and of several with one exponent and different factors", () => {
    const ladders = [ladder(3, -0.7, quiet), ladder(0.01, -0.7, quiet)];
    for (const fit of [exponentOf(ladders[0], "losses", 0.95), commonExponentOf(ladders, "losses", 0.95)]) {
      expect(Math.abs(fit.value + 0.7)).toBeLessThan(1e-12);
      expect(fit.high - fit.low).toBeLessThan(1e-6);
    }
  });

  it("of one ladder agree with each other and with least squares of the logarithms", () => {
    const points = ladder(2, -1, noise);
    const { slope, degreesOfFreedom } = fitLine(
      points.flatMap(({ width }) => [Math.log(width), Math.log(width)]),
      points.flatMap(({ losses }) => losses.map(Math.log)),
      { level: 0.99 },
    );
    for (const fit of [exponentOf(points, "losses", 0.99), commonExponentOf([points], "losses", 0.99)]) {
      expect(fit.degreesOfFreedom).toBe(degreesOfFreedom);
      for (const key of ["value", "error", "low", "high"] as const) {
        expect(Math.abs(fit[key] - slope[key])).toBeLessThan(1e-12);
      }
    }
  });

  it("add the variances of a difference, and take quotients in the logarithm", () => {
    const [left, right] = [ladder(1, -0.2, noise), ladder(1, -1, noise)].map((points) =>
      exponentOf(points, "losses", 0.95),
    );
    const between = difference(left, right, 0.95);
    expect(Math.abs(between.value - 0.8)).toBeLessThan(1e-12);
    expect(between.error).toBeCloseTo(Math.SQRT2 * left.error, 12);
    // Geometric means 4 and 2; standard errors of the means of the logarithms log 2 and 0; t with 1 degree of freedom: tan(.95 pi/2).
    const factor = quotient([2, 8], [2, 2], 0.95);
    const reach = Math.log(2) * Math.tan((0.95 * Math.PI) / 2);
    expect(factor.value).toBeCloseTo(2, 12);
    expect(Math.log(factor.high / 2)).toBeCloseTo(reach, 6);
    expect(Math.log(factor.low / 2)).toBeCloseTo(-reach, 6);
  });

  it("take the trend against doublings of the dimension, from three of them on", () => {
    expect(trend([4, 8], [-1, -0.8])).toBeNull();
    expect(trend([4, 8, 32], [-1, -0.8, -0.4])?.value).toBeCloseTo(0.2, 12);
  });
});
