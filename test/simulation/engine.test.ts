import { describe, expect, it } from "vitest";
import { gradientDescent } from "../../src/dynamics/index.ts";
import { type EngineUse, withEnginePreference } from "../../src/engines/index.ts";
import { gaussian } from "../../src/laws/index.ts";
import { bottleneck } from "../../src/networks/index.ts";
import { checkSimulation, simulate } from "../../src/simulation/index.ts";
import {
  readCheckpoint,
  type SimulationPlan,
  type SimulationState,
  writeCheckpoint,
} from "../../src/simulation/state.ts";
import { hinge } from "../../src/targets/index.ts";

const options = {
  problem: { law: gaussian({ dimension: 4 }), target: hinge() },
  network: bottleneck({ firstLayerWidth: 8, secondLayerWidth: 2 }),
  dynamics: gradientDescent({ stepSize: 0.5, steps: 4 }),
  seed: 1,
  recordTimes: 2,
} as const;

const reference: EngineUse = {
  name: "reference",
  instructions: "TypeScript",
  arithmetic: "plain",
  numerics: "reference",
  precision: "float64",
};

describe("the engine of a simulation", () => {
  it("is told, whether the options or what surrounds them decided", async () => {
    const chosen = simulate({ ...options, engine: "reference" });
    const surrounded = withEnginePreference({ engine: "reference", arithmetic: "auto" }, () => simulate(options));
    expect([chosen.engine, surrounded.engine]).toEqual([reference, reference]);
    await Promise.all([chosen.outcome, surrounded.outcome]);
  });

  it("is refused by simulation and check alike where it does not work", () => {
    const impossible = { ...options, engine: "reference", arithmetic: "fused" } as const;
    for (const refuse of [simulate, checkSimulation]) {
      expect(() => refuse(impossible)).toThrow(expect.objectContaining({ code: "engine-unavailable" }));
      expect(() => refuse({ ...options, engine: "fast" as "native" })).toThrow(
        expect.objectContaining({ code: "invalid-value" }),
      );
      expect(() => refuse({ ...options, engine: "reference", precision: "float32" })).toThrow(
        /^engine: expected an engine that works here in float32, got reference/,
      );
    }
  });
});

describe("a checkpoint", () => {
  const state: SimulationState = {
    step: 3,
    particles: Float64Array.of(1, 2),
    moments: new Float64Array(),
    reference: null,
    stepped: null,
    exact: null,
    records: 1,
    lastRecord: null,
  };
  const plan: SimulationPlan = { identity: "plan", horizon: { steps: 3, recordTimes: null } };
  const native: EngineUse = {
    ...reference,
    name: "native",
    instructions: "AVX2",
    arithmetic: "plain",
    numerics: "plain",
  };
  const wasm: EngineUse = { ...native, name: "wasm", instructions: "SIMD128" };
  const fused: EngineUse = { ...native, arithmetic: "fused", numerics: "fused" };

  it("goes on with another engine of the same numerics", () => {
    const { horizon } = plan;
    expect(readCheckpoint(writeCheckpoint(state, plan, native, null), plan, wasm)).toEqual({ ...state, horizon });
  });

  it.each([
    [native, fused, "set arithmetic to plain,", "native (AVX2), fused multiply-add"],
    [fused, wasm, "set arithmetic to fused,", "wasm (SIMD128), plain multiply-add"],
    [reference, wasm, "set engine to reference,", "wasm (SIMD128), plain multiply-add"],
    [wasm, reference, "set arithmetic to plain,", "reference (TypeScript), plain multiply-add"],
  ])("is refused where the bits would be others (%#)", (begun, goesOn, advice, got) => {
    const bytes = writeCheckpoint(state, plan, begun, null);
    expect(() => readCheckpoint(bytes, plan, goesOn)).toThrow(
      expect.objectContaining({
        code: "unsupported-combination",
        message: `checkpoint: expected an engine with the bits of its steps so far (${begun.numerics} numerics), got ${got}; ${advice} or start again without it`,
      }),
    );
  });
});
