import { describe, expect, it } from "vitest";
import {
  adam,
  type DynamicsSpec,
  flow,
  gradientDescent,
  population,
  radialExact,
  sgd,
} from "../../src/dynamics/index.ts";
import { installedOffers } from "../../src/engines/index.ts";
import { ball, gaussian, heavyTailed, hypercube, type LawSpec } from "../../src/laws/index.ts";
import { bottleneck, dense, type NetworkPlan, twoLayer } from "../../src/networks/index.ts";
import { type SimulateOptions, simulate } from "../../src/simulation/index.ts";
import { hinge, radialFunction } from "../../src/targets/index.ts";

const networks: Record<string, NetworkPlan> = {
  bottleneck: bottleneck({ firstLayerWidth: 197, secondLayerWidth: 5, trainOuterWeights: true }),
  "two-layer": twoLayer({ width: 198 }),
};
const modes: Record<string, { law: LawSpec; dynamics: DynamicsSpec }> = {
  "clipped samples": {
    law: heavyTailed({ dimension: 3, radiusCutoff: 3 }),
    dynamics: gradientDescent({ stepSize: 0.05, steps: 27, expectation: sgd({ batch: 131 }), clip: 1 }),
  },
  "single samples of the hypercube": {
    law: hypercube({ dimension: 3 }),
    dynamics: gradientDescent({ stepSize: 0.01, steps: 27, expectation: sgd({ batch: 1 }) }),
  },
  "fresh rays": {
    law: ball({ dimension: 3 }),
    dynamics: gradientDescent({ stepSize: 0.05, steps: 27, expectation: radialExact({ directions: 21 }) }),
  },
  "samples, Adam": {
    law: gaussian({ dimension: 3 }),
    dynamics: adam({ stepSize: 0.01, steps: 27, layerSpeeds: { second: 0.5 }, expectation: sgd({ batch: 31 }) }),
  },
  "fixed rays, Runge-Kutta": {
    law: gaussian({ dimension: 2 }),
    dynamics: flow({ stepSize: 0.05, steps: 6, expectation: population({ directions: 130 }) }),
  },
};

describe.each(Object.keys(networks))("the %s network on threads", (name) => {
  it.each(Object.keys(modes))("has the same bits on 1, 2, 3 and 4 of them (%s)", async (mode) => {
    const run = async (threads: number) => {
      const simulation = simulate({
        problem: { law: modes[mode].law, target: hinge() },
        network: networks[name],
        dynamics: modes[mode].dynamics,
        evaluation: { directions: 6, samples: 64 },
        recordTimes: 3,
        seed: 1,
        threads,
      });
      const outcome = await simulation.outcome;
      expect(outcome.status).toBe("completed");
      return { outcome, particles: simulation.particles().buffer };
    };
    const alone = await run(1);
    // Starting threads is what takes time: all numbers once for each network, the others where the shares are uneven.
    for (const threads of mode === "fresh rays" ? [2, 3, 4] : [3]) expect(await run(threads)).toEqual(alone);
  });
});

describe("the compiled engines on threads", () => {
  const names = (["native", "wasm"] as const).filter((name) => "engine" in installedOffers(name, "plain"));
  const compiled: Record<string, NetworkPlan> = {
    bottleneck: bottleneck({ firstLayerWidth: 523, secondLayerWidth: 5 }),
    "two-layer": twoLayer({ width: 522 }),
    dense: dense({ firstLayerWidth: 300, secondLayerWidth: 140 }),
  };
  it.each([
    ["bottleneck", gradientDescent],
    ["two-layer", gradientDescent],
    ["dense", gradientDescent],
    ["bottleneck", adam],
    ["two-layer", adam],
  ] as const)("give the same bits as each other, on 1 to 4 threads (%s, %o)", async (network, move) => {
    for (const precision of ["float64", "float32"] as const) {
      const ends: Float64Array[] = [];
      for (const [index, engine] of names.entries()) {
        for (const threads of index === 0 ? [1, 2, 4] : [1, 3]) {
          const simulation = simulate({
            problem: { law: heavyTailed({ dimension: 3, radiusCutoff: 3 }), target: hinge() },
            network: compiled[network],
            dynamics: move({ stepSize: 0.05, steps: 6, expectation: sgd({ batch: 61 }) }),
            evaluation: { directions: 6, samples: 8 },
            recordTimes: [],
            seed: 1,
            threads,
            engine,
            arithmetic: "plain",
            precision,
          });
          expect((await simulation.outcome).status).toBe("completed");
          ends.push(simulation.particles().buffer);
        }
      }
      for (const end of ends) expect(end).toEqual(ends[0]);
    }
  });
});

describe("a simulation on threads", () => {
  it("has more threads than blocks of neurons, and the bits of one", async () => {
    const ends = [];
    for (const threads of [1, 3]) {
      const simulation = simulate({
        problem: { law: ball({ dimension: 2 }), target: hinge() },
        network: bottleneck({ firstLayerWidth: 31, secondLayerWidth: 1 }),
        dynamics: gradientDescent({ stepSize: 0.1, steps: 27, expectation: sgd({ batch: 2 }) }),
        evaluation: { directions: 6 },
        seed: 2,
        threads,
      });
      expect((await simulation.outcome).status).toBe("completed");
      ends.push(simulation.particles().buffer);
    }
    expect(ends[1]).toEqual(ends[0]);
  });

  const options = {
    problem: { law: ball({ dimension: 3 }), target: hinge() },
    network: networks["two-layer"],
    dynamics: gradientDescent({ stepSize: 0.01, steps: 1_000_000, expectation: sgd({ batch: 64 }) }),
    evaluation: { directions: 6 },
    recordTimes: [],
    seed: 1,
    threads: 2,
  } satisfies SimulateOptions;

  it("stops when it is told to, at a step that was finished", async () => {
    const controller = new AbortController();
    const simulation = simulate({ ...options, signal: controller.signal });
    setTimeout(() => controller.abort(), 200);
    const outcome = await simulation.outcome;
    expect(outcome).toMatchObject({ status: "cancelled", code: "cancelled" });
    // Going on from there takes the steps that one thread would have taken.
    const short = { ...options, threads: 1, dynamics: { ...options.dynamics, steps: outcome.step } };
    const alone = simulate(short);
    if (outcome.step < 5000) {
      expect((await alone.outcome).status).toBe("completed");
      expect(alone.particles().buffer).toEqual(simulation.particles().buffer);
    }
  });

  it("stops at its time limit, and says so", async () => {
    const outcome = await simulate({ ...options, timeoutMs: 100 }).outcome;
    expect(outcome).toMatchObject({
      status: "timed-out",
      code: "timed-out",
      message: expect.stringContaining("100 ms"),
    });
  });

  it("ends as failed, with the reason, when its plan cannot be sent to the threads", async () => {
    const poisoned = { ...twoLayer({ width: 4 }), poison: () => 1 };
    const outcome = await simulate({ ...options, network: poisoned }).outcome;
    expect(outcome).toMatchObject({
      status: "failed",
      code: "worker-failed",
      step: 0,
      message: expect.stringContaining("cloned"),
    });
  });

  it("runs a target given as a function where its pieces serve, and refuses it for samples before a thread is started", async () => {
    const target = radialFunction({ profile: (r) => 1 - r * r, upper: 1, tolerance: 0.01 });
    const problem = { law: ball({ dimension: 3 }), target };
    expect(() => simulate({ ...options, problem })).toThrow(/^threads: a target given as a function/);
    const exact = gradientDescent({ stepSize: 0.01, steps: 26, expectation: radialExact() });
    const ends = [];
    for (const threads of [1, 2]) {
      const simulation = simulate({ ...options, problem, dynamics: exact, threads });
      expect((await simulation.outcome).status).toBe("completed");
      ends.push(simulation.particles().buffer);
    }
    expect(ends[1]).toEqual(ends[0]);
  });
});
