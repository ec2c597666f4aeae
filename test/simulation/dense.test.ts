import { describe, expect, it } from "vitest";
import { gradientDescent, sgd } from "../../src/dynamics/index.ts";
import { ball, buildLaw, heavyTailed, hypercube } from "../../src/laws/index.ts";
import { dense } from "../../src/networks/index.ts";
import { type SimulateOptions, type SimulationRecord, simulate } from "../../src/simulation/index.ts";
import { buildTarget, hinge, norm, nullLoss } from "../../src/targets/index.ts";

const options: SimulateOptions = {
  problem: { law: ball({ dimension: 3, ballRadius: 2 }), target: hinge() },
  network: dense({ firstLayerWidth: 40, secondLayerWidth: 30 }),
  dynamics: gradientDescent({ stepSize: 0.2, steps: 200, expectation: sgd({ batch: 64 }) }),
  evaluation: { directions: 48 },
  recordTimes: 4,
  seed: 3,
  engine: "reference",
};

async function run(changes: Partial<SimulateOptions> = {}) {
  const simulation = simulate({ ...options, ...changes });
  const records: SimulationRecord[] = [];
  for await (const record of simulation) records.push(record);
  expect((await simulation.outcome).status).toBe("completed");
  return { records, particles: simulation.particles(), network: simulation.network };
}

describe("a simulation of the dense network", () => {
  it("learns, and its loss is the sum of the parts of its split at every record", async () => {
    const { records } = await run({
      dynamics: gradientDescent({ stepSize: 2, steps: 400, expectation: sgd({ batch: 256 }) }),
    });
    expect(records.length).toBeGreaterThan(2);
    for (const { loss, budget } of records) {
      const { meanField, cross, discretization } = budget;
      if (meanField === null || cross === null || discretization === null) throw new Error("a split was expected");
      expect(meanField.value + cross.value + discretization.value).toBeCloseTo(loss, 12);
      expect(discretization.value).toBeGreaterThan(0);
    }
    // Far below what the best constant reaches: the network follows the target.
    const constant = nullLoss(buildLaw(options.problem.law), buildTarget(options.problem.target));
    expect(records[records.length - 1].loss).toBeLessThan(constant / 20);
  });

  it("has the same bits on 1 and 3 threads, clipped and of leaky ReLU too, where batches end within a chunk", async () => {
    const changes = {
      network: dense({
        firstLayerWidth: 13,
        secondLayerWidth: 5,
        activation: { kind: "leaky-relu", negativeSlope: 0.1 },
      }),
      dynamics: gradientDescent({ stepSize: 0.2, steps: 30, expectation: sgd({ batch: 131 }), clip: 0.5 }),
    };
    const alone = await run(changes);
    const gang = await run({ ...changes, threads: 3 });
    expect(gang.particles.buffer).toEqual(alone.particles.buffer);
    expect(gang.records).toEqual(alone.records);
  });

  it("measures its loss on samples where the law is not radial", async () => {
    const { records } = await run({ problem: { law: hypercube({ dimension: 3 }), target: norm() } });
    expect(records[0].budget.meanField).toBe(null);
    expect(records[records.length - 1].loss).toBeLessThan(records[0].loss / 3);
  });

  it.each([
    ["first", ["w", "c"]],
    ["second", ["u", "e"]],
    ["third", ["a"]],
  ] as const)("holds the %s layer where its speed is 0, and moves the others", async (layer, held) => {
    const dynamics = gradientDescent({
      stepSize: 0.2,
      steps: 3,
      expectation: sgd({ batch: 64 }),
      layerSpeeds: { [layer]: 0 },
    });
    const { particles, network } = await run({ dynamics });
    const start = network.start(3).arrays;
    for (const [name, values] of Object.entries(particles.arrays)) {
      if (held.some((array) => array === name)) expect(values).toEqual(start[name]);
      else expect(values).not.toEqual(start[name]);
    }
  });

  it("conserves the balance of the layers but for O(stepSize), with speeds too, on every path of samples", async () => {
    const [first, second, third] = [2, 1, 0.5];
    const drifts: number[][] = [];
    for (const stepSize of [0.02, 0.01, 0.005]) {
      const dynamics = gradientDescent({
        stepSize,
        steps: Math.round(0.4 / stepSize),
        expectation: sgd({ batch: 256 }),
        layerSpeeds: { first, second, third },
      });
      const { particles, network } = await run({ dynamics });
      const balance = ({ w, c, u, e, a }: Readonly<Record<string, Float64Array>>) => {
        const m1 = c.length;
        const m2 = e.length;
        const inward = Array.from(c, (offset, i) => {
          const row = w.subarray(3 * i, 3 * i + 3).reduce((sum, value) => sum + value ** 2, offset ** 2);
          return row / first - e.reduce((sum, _, j) => sum + u[j * m1 + i] ** 2, 0) / m2 / second;
        });
        const outward = Array.from(a, (value, j) => {
          const row = u.subarray(j * m1, (j + 1) * m1).reduce((sum, weight) => sum + weight ** 2, 0) / m1;
          return value ** 2 / third - (row + e[j] ** 2) / second;
        });
        return [inward, outward];
      };
      const before = balance(network.start(3).arrays);
      const after = balance(particles.arrays);
      // Mean over neurons of the absolute drift: other samples at other steps hardly change it.
      drifts.push(
        after.map(
          (values, side) => values.reduce((sum, v, k) => sum + Math.abs(v - before[side][k]), 0) / values.length,
        ),
      );
    }
    for (const side of [0, 1]) {
      expect(drifts[0][side]).toBeGreaterThan(1e-5);
      for (const index of [1, 2]) {
        const ratio = drifts[index - 1][side] / drifts[index][side];
        expect(ratio).toBeGreaterThan(1.6);
        expect(ratio).toBeLessThan(2.5);
      }
    }
  });

  it("needs a law with a second moment", () => {
    expect(() => simulate({ ...options, problem: { law: heavyTailed({ dimension: 3 }), target: hinge() } })).toThrow(
      /^radiusCutoff: a dense network needs a law with a finite second moment/,
    );
  });
});
