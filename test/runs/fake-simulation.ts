import { setImmediate as turn } from "node:timers/promises";
import type { EngineUse } from "../../src/engines/index.ts";
import type { Simulate } from "../../src/runs/member-context.ts";
import type { SimulationRecord } from "../../src/simulation/record.ts";
import type { Simulation } from "../../src/simulation/simulate.ts";

/** What the fake is told in place of a simulation's options. */
export interface FakeOptions {
  readonly steps: number;
  /** Diverges at this step. */
  readonly divergeAt?: number;
  /** Calls back after each step. */
  readonly onStep?: (step: number) => void;
}

const nothing = {
  meanField: null,
  cross: null,
  crossCentred: null,
  discretization: null,
  timeStep: null,
  sampling: null,
  trajectoryGap: null,
  correctedTrajectoryGap: null,
  trajectory: null,
};

/** The engine that the fake says it uses. */
export const fakeEngine: EngineUse = {
  name: "native",
  instructions: "AVX2",
  arithmetic: "fused",
  numerics: "fused",
  precision: "float32",
};

/**
 * A simulation whose state is one number under a chaotic map, so that any step left out or taken twice changes every later record. Like
 * the real one it gives the checkpoint's last record again when it goes on.
 */
export const fakeSimulate: Simulate = (options) => {
  const { steps, divergeAt, onStep } = options as unknown as FakeOptions;
  const stored = options.checkpoint === undefined ? null : new Float64Array(options.checkpoint.slice().buffer);
  let step = stored?.[0] ?? 0;
  let state = stored?.[1] ?? 0.3;
  const record = (): SimulationRecord => {
    return { step, time: step / 10, loss: state, lossError: 0, budget: nothing, observables: {} };
  };
  let end: (outcome: Awaited<Simulation["outcome"]>) => void = () => {};
  const outcome = new Promise<Awaited<Simulation["outcome"]>>((resolve) => {
    end = resolve;
  });
  async function* records() {
    if (step % 10 === 0) yield record();
    while (step < steps) {
      if (options.signal?.aborted === true) {
        end({ status: "cancelled", code: "cancelled", message: "stopped", step, time: step / 10 });
        return;
      }
      state = 3.9 * state * (1 - state);
      step += 1;
      onStep?.(step);
      if (step === divergeAt) {
        end({ status: "diverged", code: "diverged", message: "lower stepSize", step: step - 1, time: (step - 1) / 10 });
        return;
      }
      if (step % 10 === 0) yield record();
      await turn();
    }
    end({ status: "completed", step, time: step / 10, stoppedBy: null, record: record() });
  }
  const simulation = {
    outcome,
    engine: fakeEngine,
    get progress() {
      return step / steps;
    },
    checkpoint: () => new Uint8Array(Float64Array.of(step, state).buffer),
    [Symbol.asyncIterator]: records,
  };
  return simulation as unknown as Simulation;
};
