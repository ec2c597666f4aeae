import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { decodeNpy, readRun, runScenario } from "../../src/runs/index.ts";

const out = mkdtempSync(join(tmpdir(), "depth-separation-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

const small = { firstLayerWidth: 130, steps: 12, evaluationDirections: 40, starts: 8, recordTimes: [0, 2, 7, 12] };

const filesOf = (dir: string) =>
  ["metrics.jsonl", "figures.json", "result.json"].map((name) => readFileSync(join(dir, name), "latin1"));

describe("the short form of depth-separation", () => {
  it("gives every claim its verdict, none of them false, and the summary that programs rely on", async () => {
    const outcome = await runScenario("depth-separation", { short: true, seed: 1, out, threads: 2 });
    expect(outcome.status).toBe("completed");
    const verdicts = Object.fromEntries(outcome.claims.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts).toEqual({
      "split-adds-up": "holds",
      "start-variance": "holds",
      conservation: "holds",
      "alpha-follows-limit": "holds",
      "variance-falls": "holds",
      // The short form ends while the discretisation part still rises.
      "discretisation-rises-then-falls": "inconclusive",
      separation: "holds",
    });
    const numbers = {
      loss: expect.any(Number),
      lossError: expect.any(Number),
      meanField: expect.any(Number),
      cross: expect.any(Number),
      discretization: expect.any(Number),
      nullLoss: expect.any(Number),
      limitLoss: expect.any(Number),
      trajectoryGap: expect.any(Number),
    };
    const state = Object.fromEntries(
      ["alpha", "limitAlpha", "v", "b", "limitV", "limitB"].map((name) => [name, expect.any(Number)]),
    );
    expect(outcome.summary.bottleneck).toMatchObject({ ...numbers, ...state });
    expect(outcome.summary.twoLayer).toMatchObject(numbers);
  });

  it("stores the final particles as .npy files from which they can be read back", async () => {
    const outcome = await runScenario("depth-separation", {
      parameters: { ...small, networks: "bottleneck" },
      seed: 3,
      out,
    });
    const { data, shape } = decodeNpy(readFileSync(join(outcome.dir, "particles", "bottleneck", "w.npy")));
    expect(shape).toEqual([130, 10]);
    const { alpha } = outcome.summary.bottleneck as unknown as { alpha: number };
    // C_10 = Gamma(5) / (2 sqrt(pi) Gamma(5.5)), Gamma(5.5) = 945 sqrt(pi) / 32.
    const meanRelu = (24 * 32) / (2 * Math.PI * 945);
    const meanSquare = data.reduce((sum, value) => sum + value * value, 0) / 130;
    expect(Math.abs(meanRelu * meanSquare - alpha)).toBeLessThan(1e-12);
  });
});

describe("one seed", () => {
  it("gives the same bytes on 1, 2, 3 and 4 threads, with members on the pool and with one on a gang", async () => {
    for (const networks of ["both", "two-layer"]) {
      const run = (threads: number) =>
        runScenario("depth-separation", {
          parameters: { ...small, networks },
          seed: "bits",
          out: join(out, `${networks}-${threads}`),
          threads,
        });
      const first = filesOf((await run(1)).dir);
      for (const threads of [2, 3, 4]) expect(filesOf((await run(threads)).dir)).toEqual(first);
    }
  });
});

describe("a tolerance in place of a step size", () => {
  it.each(["bottleneck", "two-layer"])(
    "leaves in the results of the %s network the step that it led to, and in every record a time-step term below it",
    async (networks) => {
      const tolerance = 0.05;
      const run = (threads: number) =>
        runScenario("depth-separation", {
          parameters: { ...small, firstLayerWidth: 40, networks, tolerance, time: 6, recordTimes: [1, 3, 6] },
          seed: 1,
          out: join(out, `tolerance-${threads}`),
          threads,
        });
      const outcome = await run(1);
      expect(filesOf((await run(2)).dir)).toEqual(filesOf(outcome.dir));
      const summary = outcome.summary[networks === "bottleneck" ? "bottleneck" : "twoLayer"] as Record<string, number>;
      const { steps, stepSize, largestTimeStepError } = summary;
      expect(largestTimeStepError).toBeLessThanOrEqual(tolerance);
      const factor = networks === "two-layer" ? (1 + 0.3) / 2 : 1;
      expect(steps * stepSize * factor).toBeCloseTo(6, 10);
      const records = readRun(outcome.dir).metrics.filter(({ member }) => member === networks);
      expect(records.map(({ step }) => step)).toEqual([0, expect.any(Number), expect.any(Number), steps]);
      for (const { budget } of records) {
        const { timeStep, meanField } = budget.trajectory ?? { timeStep: null, meanField: null };
        if (timeStep === null || meanField === null) throw new Error("a record has no time-step term");
        expect(timeStep.value).toBeLessThanOrEqual(tolerance ** 2 * meanField.value);
      }
    },
  );
});

describe("what cannot be run", () => {
  it.each([
    [{ radiusCutoff: null }, "unsupported-combination", "radiusCutoff"],
    [{ law: "hypercube" }, "unsupported-combination", "expectation"],
    [{ twoLayerWidth: 7 }, "invalid-value", "width"],
    [{ expectation: "population", clip: 5 }, "unsupported-combination", "clip"],
    [{ stepSize: -1 }, "invalid-value", "stepSize"],
    [{ tolerance: 0.1, networks: "bottleneck" }, "invalid-value", "time: expected a mean-field time"],
    [{ tolerance: 0.1, time: 4 }, "invalid-value", "networks: expected bottleneck or two-layer"],
    [
      { tolerance: 0.1, time: 4, law: "hypercube", expectation: "sgd", networks: "bottleneck" },
      "unsupported-combination",
      "tolerance",
    ],
    [{ tolerance: 1e-6, time: 1e4, networks: "bottleneck" }, "no-convergence", "at stepSize 0.0100 (1000000 steps"],
    [{ dimension: Number.NaN }, "invalid-value", "dimension"],
    [{ dimesion: 4 }, "unknown-parameter", "dimesion"],
  ])("%j is refused as %s, naming %s, before anything is written", async (parameters, code, name) => {
    const folder = join(out, "refused");
    await expect(runScenario("depth-separation", { parameters, seed: 1, out: folder })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(name),
    });
    expect(existsSync(folder)).toBe(false);
  });

  it("a step that is far too large ends as diverged, its records kept", async () => {
    const outcome = await runScenario("depth-separation", {
      parameters: {
        ...small,
        networks: "two-layer",
        twoLayerStepSize: 900,
        twoLayerFinalStepSize: 1,
        steps: 200,
        recordTimes: [0],
      },
      seed: 1,
      out,
    });
    expect(outcome.status).toBe("diverged");
    expect(outcome.error).toMatchObject({ code: "diverged", message: expect.stringContaining("stepSize") });
    expect(readFileSync(join(outcome.dir, "metrics.jsonl"), "utf8").trim().split("\n")).toHaveLength(1);
  });
});
