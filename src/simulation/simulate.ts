import { setImmediate as yieldToEvents } from "node:timers/promises";
import type { DynamicsSpec } from "../dynamics/index.ts";
import type { EngineUse } from "../engines/index.ts";
import { invalidValue, MeanfieldError } from "../errors.ts";
import { type Network, type Particles, particlesOn } from "../networks/index.ts";
import { uncheckedChoice } from "./limit-step-size.ts";
import { asOutOfMemory, withinMemory } from "./memory-need.ts";
import type { SimulateOptions, SimulationView } from "./options.ts";
import type { Outcome, StoppedOutcome } from "./outcome.ts";
import { type Prepared, prepare, resolvePlan } from "./prepare.ts";
import type { SimulationRecord } from "./record.ts";
import { writeCheckpoint } from "./state.ts";
import type { StepChoice } from "./step-choice.ts";

/** A running simulation: iterate for its records, await `outcome` for its end. It runs whether or not anyone iterates. */
export interface Simulation extends AsyncIterable<SimulationRecord> {
  /** Resolves when the simulation has ended, however it ended; never rejects. */
  readonly outcome: Promise<Outcome>;
  /** Fraction of the planned steps done, in [0, 1]. */
  readonly progress: number;
  readonly network: Network;
  /** How particles move, as taken: with the step size, the number of steps and the expectation that were left open. */
  readonly dynamics: DynamicsSpec;
  /** The step size that a tolerance led to, with its error; null where a step size was given. */
  readonly stepChoice: StepChoice | null;
  /** gamma: the learned function is gamma times the network's. */
  readonly outputScale: number;
  /** The engine that takes the steps. */
  readonly engine: EngineUse;
  /** The particles at the last finished step, as a copy. */
  particles(): Particles;
  /** The limit, null without one: `stepped` by the simulation's own steps, at the last of them, `exact` solved to its tolerance, at the last record; beside a wide reference `stepped` are its particles; copies. */
  limit(): LimitView | null;
  /** The state as bytes, at the last finished step: going on from it gives the same bits as never having stopped. */
  checkpoint(): Uint8Array;
}

export interface LimitView {
  readonly stepped: Float64Array;
  readonly exact: Float64Array | null;
  /** The output scale times fbar of the most exact of the two, at radius r; of a wide reference its spherical mean. */
  value(radius: number): number;
}

/** Steps between two looks at the particles, the clock and the signal: a constant, so that outcomes do not depend on speed. */
const stepsPerCheck = 25;
/** Milliseconds after which other work of the thread gets a turn. */
const sliceMs = 20;
/** No mean-field simulation at sensible parameters comes near it; what does is on its way to infinity. */
const largestParticle = 1e8;
const none = new Float64Array(0);

/**
 * Simulates a network as a system of interacting particles, beside its limit.
 *
 * Throws `invalid-value`, `unsupported-combination`, `engine-unavailable` or `out-of-memory` at once on options that cannot be run, and
 * `no-convergence` on a tolerance that no step size meets; everything later is an outcome.
 */
export function simulate(options: SimulateOptions): Simulation {
  const prepared = withinMemory(() => prepare(options));
  const { state, built, choice, plan, network, engine, outputScale } = prepared;
  const records: SimulationRecord[] = [];
  const waiting: (() => void)[] = [];
  let hasEnded = false;
  const wake = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const outcome = run(options, prepared, (record) => {
    records.push(record);
    wake();
  }).finally(() => {
    hasEnded = true;
    wake();
  });
  const { dynamics } = built.plan;
  const { steps } = dynamics;
  return {
    outcome,
    network,
    dynamics,
    stepChoice: choice,
    outputScale,
    engine,
    get progress() {
      return steps === 0 ? 1 : state.step / steps;
    },
    particles: () => particlesOn(network.layout, Float64Array.from(state.particles)),
    limit() {
      const { track, reference } = prepared;
      if (reference !== null && state.reference !== null) {
        const stepped = state.reference.particles.slice();
        const { value } = reference.network.sphericalMean(particlesOn(reference.network.layout, stepped));
        return { stepped, exact: null, value: (radius) => outputScale * value(radius) };
      }
      if (track === null || state.stepped === null) return null;
      const best = track.profile(state.exact?.y ?? state.stepped);
      return {
        stepped: state.stepped.slice(),
        exact: state.exact?.y.slice() ?? null,
        value: (radius) => outputScale * best.value(radius),
      };
    },
    checkpoint: () => writeCheckpoint(state, plan, engine, choice),
    async *[Symbol.asyncIterator]() {
      for (let next = 0; ; ) {
        while (next < records.length) {
          yield records[next];
          next += 1;
        }
        if (hasEnded) return;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}

/**
 * Throws what `simulate` would throw on these options, and takes no step: for scenarios that must refuse bad parameters before anything is written.
 * Whether a tolerance can be met is found out for the bottleneck network only: the two-layer limit's search costs as much as a run.
 */
export function checkSimulation(options: SimulateOptions): void {
  withinMemory(() => {
    const { networkLimit, track, initial } = resolvePlan(options, uncheckedChoice(options));
    // A limit whose gradient is infinite at the start says so here.
    if (networkLimit !== null) track?.startExact(networkLimit.initial(initial));
  });
}

async function run(
  options: SimulateOptions,
  prepared: Prepared,
  publish: (record: SimulationRecord) => void,
): Promise<Outcome> {
  const { built, stepper, track, reference, recordAt, state } = prepared;
  const { clock } = built;
  const startedAt = performance.now();
  let lastYield = startedAt;
  const stopped = (status: StoppedOutcome["status"], code: StoppedOutcome["code"], message: string): Outcome => ({
    status,
    code,
    message,
    step: state.step,
    time: clock.time(state.step),
  });
  try {
    // The caller gets its Simulation before the first step is taken.
    await yieldToEvents();
    // Going on from a checkpoint, the last record is shown again: whoever keeps a journal may not have written it.
    if (state.lastRecord !== null) {
      publish(state.lastRecord);
      const rule = metRule(options, state.lastRecord);
      if (rule !== null) return completed(state.lastRecord, rule);
    }
    for (const recordStep of recordAt.slice(state.records)) {
      while (state.step < recordStep) {
        if (options.signal?.aborted)
          return stopped("cancelled", "cancelled", "stopped from outside; it can go on from its checkpoint");
        if (options.timeoutMs !== undefined && performance.now() - startedAt > options.timeoutMs) {
          return stopped(
            "timed-out",
            "timed-out",
            `the limit of ${options.timeoutMs} ms was reached; raise timeoutMs or take fewer steps`,
          );
        }
        const steps = Math.min(stepsPerCheck - (state.step % stepsPerCheck), recordStep - state.step);
        await stepper.advance(state.step, steps);
        await reference?.stepper.advance(state.step, steps);
        if (!isBounded(stepper.particles) || !isBounded(reference?.stepper.particles ?? none)) {
          const whose = isBounded(stepper.particles) ? "the wide reference's" : "the";
          return stopped(
            "diverged",
            "diverged",
            `${whose} particles left every bound between steps ${state.step} and ${state.step + steps}; lower stepSize (now ${built.plan.dynamics.stepSize})`,
          );
        }
        if (track !== null && state.stepped !== null) {
          for (let step = state.step; step < state.step + steps; step += 1) {
            track.step(state.stepped, clock.stepSize(step));
          }
        }
        // Particles, moments, limit and step change together, between two turns of other work: what is shown or kept is never half a step.
        state.particles.set(stepper.particles);
        state.moments.set(stepper.moments);
        if (reference !== null) {
          state.reference?.particles.set(reference.stepper.particles);
          state.reference?.moments.set(reference.stepper.moments);
        }
        state.step += steps;
        if (performance.now() - lastYield > sliceMs) {
          await yieldToEvents();
          lastYield = performance.now();
        }
      }
      const record = measureRecord(options, prepared);
      if (!Number.isFinite(record.loss)) {
        return stopped(
          "diverged",
          "diverged",
          `the loss at step ${state.step} is ${record.loss}; lower stepSize (now ${built.plan.dynamics.stepSize}), or set radiusCutoff if the law has none`,
        );
      }
      state.records += 1;
      state.lastRecord = record;
      publish(record);
      const rule = metRule(options, record);
      if (rule !== null) return completed(record, rule);
    }
    return completed(state.lastRecord ?? measureRecord(options, prepared), null);
  } catch (thrown) {
    const error = asOutOfMemory(thrown) ?? thrown;
    const code = error instanceof MeanfieldError ? error.code : "worker-failed";
    return stopped("failed", code, error instanceof Error ? error.message : String(error));
  } finally {
    await Promise.all([stepper.close(), reference?.stepper.close()]);
  }
}

function completed(record: SimulationRecord, stoppedBy: string | null): Outcome {
  return { status: "completed", step: record.step, time: record.time, stoppedBy, record };
}

/** Name of the first stop rule that the record meets. */
function metRule({ stopWhen = {} }: SimulateOptions, record: SimulationRecord): string | null {
  return Object.keys(stopWhen).find((name) => asked(`stopWhen.${name}`, () => stopWhen[name](record))) ?? null;
}

/** What a user's function gives; `user-function-failed` with its name and its own error as the cause where it throws. */
function asked<Value>(name: string, ask: () => Value): Value {
  try {
    return ask();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MeanfieldError(
      "user-function-failed",
      `${name}: the function threw: ${reason}`,
      { path: name },
      { cause },
    );
  }
}

function measureRecord(options: SimulateOptions, prepared: Prepared): SimulationRecord {
  const { built, network, track, meter, readProbes, setting, state } = prepared;
  const time = built.clock.time(state.step);
  if (track !== null && state.exact !== null) track.advanceExact(state.exact, time);
  const particles = particlesOn(network.layout, state.particles);
  const { loss, budget, observables } = meter(particles, state);
  const view: SimulationView = { step: state.step, time, particles, setting };
  for (const [name, observe] of Object.entries(options.observe ?? {})) {
    if (name in observables) {
      throw invalidValue(`observe.${name}`, "a name that the simulation's own observables do not have", name);
    }
    const value = asked(`observe.${name}`, () => observe(view));
    if (!Number.isFinite(value)) {
      throw new MeanfieldError(
        "not-finite",
        `observe.${name}: expected a finite number, got ${value} at step ${state.step}`,
      );
    }
    observables[name] = value;
  }
  const probes = readProbes === null ? {} : { probes: readProbes(particles, state) };
  return { step: state.step, time, loss: loss.value, lossError: loss.error, budget, observables, ...probes };
}

function isBounded(particles: Float64Array): boolean {
  for (let index = 0; index < particles.length; index += 1) {
    if (!(Math.abs(particles[index]) <= largestParticle)) return false;
  }
  return true;
}
