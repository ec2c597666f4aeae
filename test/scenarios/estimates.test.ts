import { describe, expect, it } from "vitest";
import depthScan from "../../scenarios/depth-scan.ts";
import depthSeparation from "../../scenarios/depth-separation.ts";
import discretizationRate from "../../scenarios/discretization-rate.ts";
import { pairedRatio, pairedRatioOfRatios } from "../../scenarios/estimates/ratio.ts";
import { numerics } from "../../src/index.ts";
import { resolveParameters } from "../../src/scenario/index.ts";

const depth = (values: Record<string, unknown>) =>
  depthSeparation.estimate?.(resolveParameters(depthSeparation, values)) ?? { seconds: 0, bytes: 0 };
const rate = (values: Record<string, unknown>) =>
  discretizationRate.estimate?.(resolveParameters(discretizationRate, values)) ?? { seconds: 0, bytes: 0 };
const scan = (values: Record<string, unknown>) =>
  depthScan.estimate?.(resolveParameters(depthScan, values)) ?? { seconds: 0, bytes: 0 };

describe("the estimate of a run's cost", () => {
  it("doubles, but for what every run costs, with the steps, the directions and the replicas", () => {
    const own = (seconds: number) => seconds - 1;
    const few = { networks: "two-layer", recordTimes: [0] };
    const base = own(depth({ ...few, steps: 1e6 }).seconds);
    expect(own(depth({ ...few, steps: 2e6 }).seconds) / base).toBeCloseTo(2, 2);
    const [once, twice] = [1e4, 2e4].map((directions) => own(depth({ ...few, steps: 1e6, directions }).seconds));
    expect(twice / once).toBeGreaterThan(1.95);
    expect(own(rate({ replicas: 16 }).seconds) / own(rate({ replicas: 8 }).seconds)).toBeCloseTo(2, 10);
  });

  it("grows with width and dimension, and is less for one network than for both", () => {
    for (const estimate of [depth, rate]) {
      const [small, large] = [10, 40].map((dimension) => estimate({ dimension }));
      expect(large.seconds).toBeGreaterThan(small.seconds);
      expect(large.bytes).toBeGreaterThan(small.bytes);
      const both = estimate({}).seconds;
      for (const networks of ["bottleneck", "two-layer"]) expect(estimate({ networks }).seconds).toBeLessThan(both);
    }
    expect(depth({ firstLayerWidth: 4096 }).seconds).toBeGreaterThan(2 * depth({ firstLayerWidth: 1024 }).seconds);
  });

  it("adds up the dimensions, the search and the ladder of depth-scan", () => {
    const own = (values: Record<string, unknown>) => scan(values).seconds - 1;
    expect(own({ dimensions: [4] }) + own({ dimensions: [16] })).toBeCloseTo(own({ dimensions: [4, 16] }), 8);
    const search = { finalFractions: [1], finalists: 2 };
    const [two, three, four] = [2, 3, 4].map((finalistReplicas) => own({ ...search, finalistReplicas }));
    expect(three - two).toBeCloseTo(four - three, 8);
    // Two finalists with a start more each cost half of what four more choices of one start do.
    const more = own({ ...search, finalistReplicas: 2, finalFractions: [0.5, 1] });
    expect(more - two).toBeCloseTo(2 * (three - two), 8);
    expect(own({ steps: 6000 })).toBeGreaterThan(1.9 * own({ steps: 3000 }));
  });

  it("counts what samples cost with expectation=sgd", () => {
    const [small, large] = [1e3, 1e5].map((batch) => depth({ expectation: "sgd", batch }).seconds);
    expect(large).toBeGreaterThan(10 * small);
  });
});

describe("the interval of a ratio of ratios", () => {
  it("is a ratio of two of its logarithms' where one ratio does not vary, and holds the true value 95 % of the time", () => {
    const fixed = [2, 2, 2, 2];
    const [x, y] = [
      [1, 1.1, 0.9, 1.05],
      [3, 2.9, 3.2, 3.1],
    ];
    const { value } = pairedRatioOfRatios([x, y], [fixed, fixed]);
    expect(value).toBeCloseTo(pairedRatio(x, y).value, 14);
    const inverse = pairedRatioOfRatios([fixed, fixed], [x, y]);
    expect(inverse.value).toBeCloseTo(1 / value, 13);
    const trials = 2000;
    const draws = new Float64Array(trials * 20);
    numerics.fillNormal(draws, 0, draws.length, 0, numerics.deriveKey(1, "ratio of ratios"), 0, 0, 0);
    let holds = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      // a and c share a part, as labels of the same inputs do; deviations of 5 %.
      const at = (index: number) => Array.from({ length: 5 }, (_, i) => 0.05 * draws[20 * trial + 5 * index + i]);
      const [shared, a, b, c] = [0, 1, 2, 3].map(at);
      const { low, high } = pairedRatioOfRatios(
        [a.map((each, i) => 1 + each + shared[i]), b.map((each) => 2 * (1 + each))],
        [c.map((each, i) => 3 * (1 + each + shared[i])), b.map((each) => 1 + each)],
      );
      if (low <= 1 / 6 && 1 / 6 <= high) holds += 1;
    }
    // Standard error .005.
    expect(holds / trials).toBeGreaterThan(0.93);
    expect(holds / trials).toBeLessThan(0.97);
  });
});
