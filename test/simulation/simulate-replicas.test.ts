import { describe, expect, it } from "vitest";
import { gradientDescent, population, sgd } from "../../src/dynamics/index.ts";
import { ball, buildLaw, heavyTailed, hypercube } from "../../src/laws/index.ts";
import { bottleneck as bottleneckLimit, twoLayer as twoLayerLimit, wideCoupling } from "../../src/limits/index.ts";
import { bottleneck, dense, twoLayer } from "../../src/networks/index.ts";
import { mean } from "../../src/numerics/index.ts";
import { probesOf, type SimulateOptions, simulate, simulateReplicas } from "../../src/simulation/index.ts";
import { hinge, norm } from "../../src/targets/index.ts";

const dimension = 3;
const options = {
  problem: { law: ball({ dimension, ballRadius: 2 }), target: hinge() },
  network: bottleneck({ firstLayerWidth: 8, secondLayerWidth: 2, start: "sphere" }),
  dynamics: gradientDescent({ stepSize: 0.3, steps: 30, expectation: sgd({ batch: 8 }) }),
  limit: bottleneckLimit({ tolerance: null }),
  evaluation: { directions: 48 },
  recordTimes: [0, 3, 9],
  seed: 5,
} satisfies SimulateOptions;
const parts = ["bias", "width", "sampling", "interaction"] as const;

describe("the probes", () => {
  it.each([
    [ball({ dimension, ballRadius: 2 }), hinge()],
    [heavyTailed({ dimension }), hinge()],
    [hypercube({ dimension }), norm()],
  ])("have weights that add up to 1, and the law's mean square radius where it has one (%#)", (law, target) => {
    const { points, weights, count } = probesOf({ problem: { law, target }, probes: 100, seed: 1 });
    expect(count).toBeGreaterThanOrEqual(100);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    const second = law.kind === "hypercube" ? dimension : (buildLaw(law).radius?.secondMoment ?? 0);
    if (second === Infinity) return;
    const measured = points.reduce((sum, value, index) => sum + weights[Math.floor(index / dimension)] * value ** 2, 0);
    expect(measured).toBeCloseTo(second, 12);
  });

  it.each([0, 1.5, 65_537])("are refused in the number %d", (probes) => {
    expect(() => simulate({ ...options, probes })).toThrow(/^probes: expected an integer in \[1, 65536\], got/);
  });

  it("show the network's values and the limit's, times the output scale", async () => {
    const network = twoLayer({ width: 8 });
    const given = { ...options, network, limit: twoLayerLimit(), probes: 30, outputScale: 3 };
    const simulation = simulate(given);
    const outcome = await simulation.outcome;
    if (outcome.status !== "completed") throw new Error("expected a whole run");
    const { points, count } = probesOf(given);
    const values = new Float64Array(count);
    simulation.network.evaluate(simulation.particles(), points, count, values);
    expect(outcome.record.probes?.network).toEqual(Array.from(values, (value) => 3 * value));
    const limit = simulation.limit();
    const radii = Array.from({ length: count }, (_, s) =>
      Math.hypot(...points.subarray(s * dimension, (s + 1) * dimension)),
    );
    const shown = outcome.record.probes?.limit ?? [];
    expect(shown).toHaveLength(count);
    for (const [probe, value] of shown.entries())
      expect(value).toBeCloseTo(limit?.value(radii[probe]) ?? Number.NaN, 13);
  });
});

describe("simulateReplicas", () => {
  it("splits the gap of every record time into parts that add up to it", async () => {
    const records = await simulateReplicas(options, { starts: 3, samples: 4 });
    expect(records.map(({ time }) => time)).toEqual([0, 3, 9]);
    for (const record of records) {
      const sum = parts.reduce((total, name) => total + record[name].value, 0);
      expect(sum).toBeCloseTo(record.gap.value, 15);
      for (const name of ["gap", ...parts] as const) {
        expect(record[name].low).toBeLessThanOrEqual(record[name].value);
        expect(record[name].value).toBeLessThanOrEqual(record[name].high);
      }
    }
    // At the start no sample has been seen; later both parts are there.
    expect(Math.abs(records[0].sampling.value)).toBeLessThan(1e-20);
    expect(records[2].sampling.value).toBeGreaterThan(0);
    expect(records[2].width.value).toBeGreaterThan(0);
  });

  it("measures the gap that records do, but for the points: the mean of both over the same runs", async () => {
    const [, , last] = await simulateReplicas({ ...options, probes: 2000 }, { starts: 3, samples: 3 });
    const gaps: number[] = [];
    const errors: number[] = [];
    for (const start of [0, 1, 2]) {
      for (const samples of [0, 1, 2]) {
        const { outcome } = simulate({ ...options, evaluation: { directions: 600 }, replica: { start, samples } });
        const ended = await outcome;
        const gap = ended.status === "completed" ? ended.record.budget.trajectoryGap : null;
        gaps.push(gap?.value ?? Number.NaN);
        errors.push(gap?.error ?? Number.NaN);
      }
    }
    // Given the nets both differ from the truth by their directions alone, 600 here and 2000 probes of 8 a ray there; runs share them, so errors do not average out.
    const error = mean(errors) * Math.sqrt(1 + 600 / 250);
    expect(Math.abs(last.gap.value - mean(gaps))).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.1 * mean(gaps));
  });

  it("finds no part of the sampling where nothing moves, nor of the width where all runs start alike", async () => {
    const still = {
      ...options,
      dynamics: gradientDescent({
        stepSize: 0.3,
        steps: 30,
        expectation: sgd({ batch: 8 }),
        layerSpeeds: { first: 0, second: 0 },
      }),
    };
    const [, , held] = await simulateReplicas(still, { starts: 3, samples: 3 });
    expect(Math.abs(held.sampling.value) + Math.abs(held.interaction.value)).toBeLessThan(1e-25);
    expect(held.width.value).toBeGreaterThan(1e-6);
    const start = simulate({ ...options, limit: null }).particles().arrays;
    const [, , alike] = await simulateReplicas({ ...options, start }, { starts: 3, samples: 3 });
    expect(Math.abs(alike.width.value) + Math.abs(alike.interaction.value)).toBeLessThan(1e-25);
    expect(alike.sampling.value).toBeGreaterThan(1e-6);
  });

  it("finds less sampling with larger batches, less width in wider networks, and next to no sampling in a balanced fixed set", async () => {
    const grid = { starts: 4, samples: 4 };
    const [, , base] = await simulateReplicas(options, grid);
    const batch = {
      ...options,
      dynamics: gradientDescent({ stepSize: 0.3, steps: 30, expectation: sgd({ batch: 512 }) }),
    };
    const [, , large] = await simulateReplicas(batch, grid);
    expect(large.sampling.value).toBeLessThan(base.sampling.value / 10);
    const fixed = {
      ...options,
      dynamics: gradientDescent({ stepSize: 0.3, steps: 30, expectation: population({ directions: 48 }) }),
    };
    const [, , quiet] = await simulateReplicas(fixed, grid);
    expect(quiet.sampling.value).toBeLessThan(quiet.width.value / 100);
    const [, , wide] = await simulateReplicas(
      { ...fixed, network: bottleneck({ firstLayerWidth: 512, secondLayerWidth: 2, start: "sphere" }) },
      grid,
    );
    expect(wide.width.value).toBeLessThan(quiet.width.value / 16);
  });

  it("finds hardly any sampling in the gap to a wide reference, which sees the same samples", async () => {
    const network = dense({ firstLayerWidth: 80, secondLayerWidth: 80 });
    const dynamics = gradientDescent({ stepSize: 0.3, steps: 30, expectation: sgd({ batch: 16 }) });
    const beside = { ...options, network, dynamics, limit: wideCoupling({ factor: 3 }) };
    const grid = { starts: 4, samples: 4 };
    const [, , gap] = await simulateReplicas(beside, grid);
    const [, , alone] = await simulateReplicas({ ...beside, limit: null }, grid);
    expect(gap.sampling.value + 2 * gap.sampling.error).toBeLessThan(alone.sampling.value / 2);
    expect(gap.width.value).toBeGreaterThan(5 * Math.abs(gap.sampling.value));
  });

  it("hands every run to the runner that it is given, with its name", async () => {
    const seen: string[] = [];
    const records = await simulateReplicas(options, { starts: 3, samples: 3 }, async (given, name) => {
      seen.push(`${name} ${JSON.stringify(given.replica)}`);
      const all = [];
      for await (const record of simulate(given)) all.push(record);
      return { records: all };
    });
    expect(seen[5]).toBe('start-1-samples-2 {"start":1,"samples":2}');
    expect(records).toEqual(await simulateReplicas(options, { starts: 3, samples: 3 }));
  });

  it("numbers starts and streams from where it is told", async () => {
    const seen: unknown[] = [];
    const grid = { starts: 3, samples: 3, firstStart: 40, firstSamples: 7 };
    await simulateReplicas(options, grid, async (given) => {
      seen.push(given.replica);
      const all = [];
      for await (const record of simulate(given)) all.push(record);
      return { records: all };
    });
    expect([seen[0], seen[8]]).toEqual([
      { start: 40, samples: 7 },
      { start: 42, samples: 9 },
    ]);
  });

  it("refuses too small a grid before anything runs, and passes on how a run ended", async () => {
    const never = () => Promise.reject(new Error("a run was started"));
    await expect(simulateReplicas(options, { starts: 2, samples: 3 }, never)).rejects.toThrow(
      /^starts: expected at least 3/,
    );
    await expect(simulateReplicas(options, { starts: 3, samples: 2 }, never)).rejects.toThrow(
      /^samples: expected at least 3/,
    );
    const wild = {
      ...options,
      dynamics: gradientDescent({ stepSize: 1000, steps: 300, expectation: sgd({ batch: 2 }) }),
    };
    await expect(simulateReplicas(wild, { starts: 3, samples: 3 })).rejects.toMatchObject({ code: "diverged" });
  });
});
