import { describe, expect, it } from "vitest";
import {
  adam,
  buildPlan,
  createStepper,
  type DynamicsSpec,
  flow,
  gradientDescent,
  sgd,
} from "../../src/dynamics/index.ts";
import { availableMemory, bytesText, referenceEngine } from "../../src/engines/index.ts";
import { MeanfieldError } from "../../src/errors.ts";
import { gaussian } from "../../src/laws/index.ts";
import { bottleneck, buildNetwork, type NetworkPlan, twoLayer } from "../../src/networks/index.ts";
import { deriveKey } from "../../src/numerics/random/index.ts";
import { defaultEvaluation } from "../../src/simulation/evaluation-options.ts";
import { checkSimulation, simulate } from "../../src/simulation/index.ts";
import { asOutOfMemory, checkStepTimes, memoryObstacle } from "../../src/simulation/memory-need.ts";
import { buildTarget, hinge } from "../../src/targets/index.ts";

const dimension = 4;
const problem = { law: gaussian({ dimension }), target: hinge() };

/** A plan of any size: building one allocates nothing that grows with it. */
function planOf(network: NetworkPlan, dynamics: DynamicsSpec = gradientDescent({ stepSize: 0.5, steps: 10 })) {
  const target = buildTarget(problem.target);
  const expectation = dynamics.expectation ?? sgd({ batch: 64 });
  return buildPlan(
    {
      network: buildNetwork(network, dimension).spec,
      law: problem.law,
      pieces: target.radial?.pieces ?? null,
      dynamics: { ...dynamics, expectation },
      keys: { directions: deriveKey(1, "a"), radii: deriveKey(1, "b") },
      replica: 0,
      precision: "float64",
    },
    target,
  );
}

const gibibyte = 2 ** 30;
const messageOf = (...given: Parameters<typeof memoryObstacle>) => memoryObstacle(...given)?.message ?? null;

describe("the memory that a simulation needs", () => {
  it("is at least what the step's block holds and what is kept beside it", () => {
    const plan = planOf(bottleneck({ firstLayerWidth: 1000, secondLayerWidth: 4 }));
    const asked: number[] = [];
    const engine = {
      ...referenceEngine,
      allocate(bytes: number, parts: number) {
        asked.push(bytes);
        return referenceEngine.allocate(bytes, parts);
      },
    };
    createStepper(plan, engine, new Float64Array(plan.network.layout.length), 1);
    // Particles in doubles four times, and 400 evaluation directions in R^4.
    const beside = 4 * 8 * plan.network.layout.length + 8 * 400 * dimension;
    const [block] = asked;
    const fits = (bytes: number) => memoryObstacle(plan, defaultEvaluation, 1, engine, bytes) === null;
    // The gaps between arrays, less than 64 bytes each, are not counted.
    expect(fits(block + beside)).toBe(true);
    expect(fits(block + beside - 12 * 64)).toBe(false);
  });

  it.each([
    [
      "particles",
      bottleneck({ firstLayerWidth: 1e8, secondLayerWidth: 4 }),
      gradientDescent({ stepSize: 0.5, steps: 1, expectation: sgd({ batch: 64 }) }),
      {},
      /^network: expected a simulation that fits into the 1 GiB of memory there are, got one that needs [\d.]+ GiB \(bottleneck network, w 100000000 x 4, v 4, b 4, a 4, float64, 64 points a batch\); lower the widths or the dimension$/,
    ],
    [
      "a batch",
      twoLayer({ width: 2 }),
      gradientDescent({ stepSize: 0.5, steps: 1, expectation: sgd({ batch: 2 ** 24 }) }),
      {},
      /^batch: expected .*; lower batch or the dimension$/,
    ],
    [
      "an evaluation",
      twoLayer({ width: 2 }),
      gradientDescent({ stepSize: 0.5, steps: 1, expectation: sgd({ batch: 2 }) }),
      { directions: 2 ** 25 },
      /^evaluation.directions: expected .*; lower evaluation.directions or the dimension$/,
    ],
  ])("blames %s where that is most of it", (_, network, dynamics, evaluation, message) => {
    const plan = planOf(network, dynamics);
    expect(messageOf(plan, { ...defaultEvaluation, ...evaluation }, 1, referenceEngine, gibibyte)).toMatch(message);
  });

  it("counts the stages of a scheme, and the moments of Adam", () => {
    const network = bottleneck({ firstLayerWidth: 1e6, secondLayerWidth: 4 });
    const needed = (dynamics: DynamicsSpec) =>
      Number(
        /needs ([\d.]+) MiB/.exec(
          messageOf(planOf(network, dynamics), defaultEvaluation, 1, referenceEngine, 1) ?? "",
        )?.[1],
      );
    const stage = (8 * 4e6) / 2 ** 20;
    const options = { stepSize: 0.5, steps: 1 };
    const difference = needed(flow(options)) - needed(flow({ ...options, integrator: "euler" }));
    // Four stages and the particles of one, to the three digits that are shown.
    expect(Math.abs(difference - 5 * stage)).toBeLessThan(2);
    // Two moments, and the copies of the state that hold them too.
    const moments = needed(adam(options)) - needed(gradientDescent(options));
    expect(Math.abs(moments - 2 * 5 * stage)).toBeLessThan(2);
  });

  it("may be too large for an engine alone", () => {
    const plan = planOf(bottleneck({ firstLayerWidth: 2e6, secondLayerWidth: 4 }));
    const small = { ...referenceEngine, name: "wasm", largestMemory: 2 ** 26 } as const;
    expect(messageOf(plan, defaultEvaluation, 1, small, 2 ** 40)).toMatch(
      /^network: expected a simulation whose steps fit into the 64 MiB that the wasm engine can address, got .*; lower the widths or the dimension, or take another engine$/,
    );
    expect(messageOf(plan, defaultEvaluation, 1, { ...small, largestMemory: 2 ** 33 }, 2 ** 40)).toBeNull();
  });
});

describe("a simulation beyond the machine", () => {
  const dynamics = gradientDescent({ stepSize: 0.5, steps: 10 });
  const options = { problem, dynamics, seed: 1 };

  it.each([1e9, 1e12, 2 ** 53 - 1])("is refused before anything is made, at %d neurons", (firstLayerWidth) => {
    const network = bottleneck({ firstLayerWidth, secondLayerWidth: 4 });
    for (const refuse of [checkSimulation, simulate]) {
      expect(() => refuse({ ...options, network })).toThrow(
        expect.objectContaining({ code: "out-of-memory", message: expect.stringContaining("lower the widths") }),
      );
    }
  });

  it("is refused also where its steps alone are too many to keep their times", () => {
    const many = gradientDescent({ stepSize: 0.5, steps: 1e15, schedule: { kind: "linear", to: 0 } });
    const network = bottleneck({ firstLayerWidth: 8, secondLayerWidth: 4 });
    expect(() => checkSimulation({ ...options, network, dynamics: many })).toThrow(
      /^steps: expected a number whose times fit into .*, got 1000000000000000, whose times need 7.11 PiB; lower steps, or take a constant step size$/,
    );
    expect(() => checkStepTimes({ ...many, steps: 100 }, 8 * 101)).not.toThrow();
    expect(() => checkStepTimes({ ...many, steps: 100 }, 8 * 101 - 1)).toThrow(MeanfieldError);
  });

  it("tells an array that cannot be had from other errors", () => {
    const thrownBy = (work: () => unknown) => {
      try {
        return work();
      } catch (error) {
        return error;
      }
    };
    const failures = [
      () => new Float64Array(2 ** 50),
      () => new ArrayBuffer(2 ** 50),
      () => new SharedArrayBuffer(2 ** 50),
      () => new Array(2 ** 40),
    ];
    for (const make of failures) expect(asOutOfMemory(thrownBy(make))?.code).toBe("out-of-memory");
    expect(asOutOfMemory(thrownBy(() => (1).toFixed(200)))).toBeNull();
    expect(asOutOfMemory(new Error("Invalid array length"))).toBeNull();
  });
});

describe("the memory that there is", () => {
  it("is a plain number of bytes, at most the machine's", () => {
    expect(availableMemory()).toBeGreaterThan(2 ** 26);
    expect(Number.isFinite(availableMemory())).toBe(true);
  });

  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1 KiB"],
    [1536, "1.5 KiB"],
    [15.625 * gibibyte, "15.6 GiB"],
    [305.2 * gibibyte, "305 GiB"],
    [2 ** 62, "4096 PiB"],
  ])("of %d bytes reads %s", (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});
