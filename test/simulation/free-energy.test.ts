import { describe, expect, it } from "vitest";
import { type DynamicsSpec, gradientDescent, langevin, population, sgd } from "../../src/dynamics/index.ts";
import { gaussian } from "../../src/laws/index.ts";
import { bottleneck, dense, gaussianStart, type NetworkPlan, twoLayer } from "../../src/networks/index.ts";
import { nearestNeighbourEntropy } from "../../src/numerics/index.ts";
import { type SimulateOptions, simulate } from "../../src/simulation/index.ts";
import { hinge } from "../../src/targets/index.ts";

const dimension = 3;
const problem = { law: gaussian({ dimension }), target: hinge() };
const noisy = (more: Partial<Parameters<typeof langevin>[0]> = {}): DynamicsSpec =>
  langevin({ stepSize: 0.05, steps: 10, temperature: 0.02, weightDecay: 0.3, ...more });

async function last(network: NetworkPlan, dynamics: DynamicsSpec, more: Partial<SimulateOptions> = {}) {
  const evaluation = { directions: 8, ...more.evaluation };
  const simulation = simulate({ problem, network, dynamics, seed: 2, recordTimes: [], ...more, evaluation });
  const outcome = await simulation.outcome;
  if (outcome.status !== "completed") throw new Error(outcome.message);
  return { record: outcome.record, observed: outcome.record.observables, arrays: simulation.particles().arrays };
}

const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0);

describe("the free energy of a record", () => {
  it("is the loss plus the decay's energy minus tau times the entropy of the points (w, b, a)", async () => {
    const network = twoLayer({ width: 60 });
    const start = gaussianStart({ network, dimension, seed: 4 });
    const { record, observed, arrays } = await last(network, noisy(), { start });
    const points = new Float64Array(60 * 5);
    for (let i = 0; i < 60; i += 1) {
      points.set([...arrays.w.subarray(3 * i, 3 * i + 3), arrays.b[i], arrays.a[i]], 5 * i);
    }
    const moment = (squares(arrays.w) + squares(arrays.b) + squares(arrays.a)) / 60;
    const { value, error } = nearestNeighbourEntropy(points, 5);
    expect(observed.secondMoment).toBeCloseTo(moment, 12);
    expect(observed.entropy).toBeCloseTo(value, 12);
    expect(observed.entropyError).toBeCloseTo(error, 12);
    expect(observed.freeEnergy).toBeCloseTo(record.loss + 0.15 * moment - 0.02 * value, 12);
  });

  it("adds the entropies of the bottleneck's two populations, with the output weights where these are trained", async () => {
    for (const trainOuterWeights of [false, true]) {
      const network = bottleneck({ firstLayerWidth: 40, secondLayerWidth: 30, trainOuterWeights, start: "gaussian" });
      const { observed, arrays } = await last(network, noisy({ expectation: sgd({ batch: 64 }) }));
      const names = trainOuterWeights ? ["v", "b", "a"] : ["v", "b"];
      const atoms = new Float64Array(30 * names.length);
      for (let j = 0; j < 30; j += 1) {
        for (const [k, name] of names.entries()) atoms[j * names.length + k] = arrays[name][j];
      }
      const first = nearestNeighbourEntropy(arrays.w, dimension).value;
      const second = nearestNeighbourEntropy(atoms, names.length).value;
      expect(observed.entropy).toBeCloseTo(first + second, 12);
      const outer = trainOuterWeights ? squares(arrays.a) / 30 : 0;
      expect(observed.secondMoment).toBeCloseTo(
        squares(arrays.w) / 40 + (squares(arrays.v) + squares(arrays.b)) / 30 + outer,
        12,
      );
    }
  });

  it("leaves a frozen population out", async () => {
    const network = bottleneck({ firstLayerWidth: 40, secondLayerWidth: 30, start: "gaussian" });
    const { observed, arrays } = await last(network, noisy({ freeze: ["second"] }));
    expect(observed.entropy).toBeCloseTo(nearestNeighbourEntropy(arrays.w, dimension).value, 12);
    expect(observed.secondMoment).toBeCloseTo(squares(arrays.w) / 40, 12);
  });

  it("without noise is the loss with its penalty, for every network", async () => {
    const decay = gradientDescent({ stepSize: 0.05, steps: 5, weightDecay: 0.3, expectation: sgd({ batch: 32 }) });
    const network = dense({ firstLayerWidth: 12, secondLayerWidth: 7 });
    const { record, observed, arrays } = await last(network, decay);
    const { w, c, u, e, a } = arrays;
    const moment = (squares(w) + squares(c)) / 12 + squares(u) / 84 + (squares(e) + squares(a)) / 7;
    expect(observed.secondMoment).toBeCloseTo(moment, 12);
    expect(observed.freeEnergy).toBeCloseTo(record.loss + 0.15 * moment, 12);
    expect(observed).not.toHaveProperty("entropy");
    expect((await last(network, gradientDescent({ stepSize: 0.05, steps: 1 }))).observed).not.toHaveProperty(
      "secondMoment",
    );
  });

  it("of the dense network with noise is not told, nor where no neighbours are asked for", async () => {
    const noise = noisy({ expectation: sgd({ batch: 32 }) });
    const { observed } = await last(dense({ firstLayerWidth: 12, secondLayerWidth: 7 }), noise);
    expect(observed).toHaveProperty("secondMoment");
    for (const name of ["entropy", "freeEnergy"]) expect(observed).not.toHaveProperty(name);
    const network = twoLayer({ width: 60 });
    const without = await last(network, noise, { evaluation: { entropyNeighbours: 0 } });
    for (const name of ["entropy", "freeEnergy"]) expect(without.observed).not.toHaveProperty(name);
    expect((await last(network, noise, { evaluation: { entropyNeighbours: 1 } })).observed.entropy).not.toBeNull();
  });

  it("is null where the start has no density or too few neurons, and a record that can be written all the same", async () => {
    const equal = bottleneck({ firstLayerWidth: 40, secondLayerWidth: 6, secondLayerStart: "equal" });
    const { observed, record } = await last(equal, noisy({ steps: 0 }));
    expect(observed).toMatchObject({ entropy: null, entropyError: null, freeEnergy: null });
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    const few = bottleneck({ firstLayerWidth: 40, secondLayerWidth: 4 });
    expect((await last(few, noisy())).observed.freeEnergy).toBeNull();
  });

  it("falls from record to record while the flow is far from its end", async () => {
    const network = twoLayer({ width: 400 });
    const start = gaussianStart({ network, dimension, seed: 4 });
    const dynamics = noisy({ steps: 60, expectation: population({ directions: 60 }) });
    const simulation = simulate({
      problem,
      network,
      dynamics,
      seed: 2,
      start,
      recordTimes: [0.5, 1, 2],
      evaluation: { directions: 60 },
    });
    const energies: number[] = [];
    for await (const { observables } of simulation) energies.push(observables.freeEnergy ?? Number.NaN);
    expect(energies).toHaveLength(5);
    for (let at = 1; at < energies.length; at += 1) expect(energies[at]).toBeLessThan(energies[at - 1]);
  });
});

describe("a Gaussian start", () => {
  const network = twoLayer({ width: 500 });

  it("has independent entries of the deviation asked for, and is a function of seed and replica", () => {
    const start = gaussianStart({ network, dimension, seed: 1, deviation: 2 });
    expect(Object.keys(start)).toEqual(["w", "b", "a"]);
    for (const values of Object.values(start)) {
      const count = values.length;
      expect(Math.abs(squares(values) / 4 - count) / Math.sqrt(2 * count)).toBeLessThan(4);
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0)) / (2 * Math.sqrt(count))).toBeLessThan(4);
    }
    expect(gaussianStart({ network, dimension, seed: 1, deviation: 2 })).toEqual(start);
    expect(gaussianStart({ network, dimension, seed: 1, replica: 1 }).b[0]).not.toBe(start.b[0] / 2);
    expect(gaussianStart({ network, dimension, seed: 2 }).b[0]).not.toBe(start.b[0] / 2);
    expect(gaussianStart({ network: twoLayer({ width: 40 }), dimension, seed: 1, deviation: 2 }).w).toEqual(
      start.w.subarray(0, 120),
    );
  });

  it.each([
    ["deviation", { deviation: 0 }, /^deviation: expected a number in \(0, 1e6\], got 0/],
    ["replica", { replica: -1 }, /^replica: expected an integer in \[0, 2\^32\), got -1/],
  ])("refuses a bad %s", (_name, more, message) => {
    expect(() => gaussianStart({ network, dimension, seed: 1, ...more })).toThrow(message);
  });
});
