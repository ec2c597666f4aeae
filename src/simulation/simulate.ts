import { setImmediate as yieldToEvents } from "node:timers/promises";
import {
  type BuiltPlan,
  buildPlan,
  createStepper,
  type DynamicsSpec,
  type ExpectationSpec,
  radialExact,
  type Stepper,
  sgd,
} from "../dynamics/index.ts";
import { invalidValue, MeanfieldError } from "../errors.ts";
import { buildLaw } from "../laws/index.ts";
import type { Law, LawSpec } from "../laws/law.ts";
import { buildNetworkLimit, type LimitSpec } from "../limits/index.ts";
import { buildNetwork, type Network, type NetworkPlan, type Particles, particlesOn } from "../networks/index.ts";
import { deriveKey, type RootSeed } from "../numerics/random/index.ts";
import { buildTarget } from "../targets/index.ts";
import type { Target, TargetSpec } from "../targets/target.ts";
import { createLimitTrack, type LimitTrack } from "./limit-track.ts";
import { createMeter, defaultEvaluation, type EvaluationOptions, type Meter } from "./measure.ts";
import type { Outcome, StoppedOutcome } from "./outcome.ts";
import type { SimulationRecord } from "./record.ts";
import { type RecordTimes, recordSteps } from "./record-times.ts";
import { readCheckpoint, type SimulationState, writeCheckpoint } from "./state.ts";

/** What to learn: inputs from the law, values of the target. */
export interface Problem {
  readonly law: LawSpec;
  readonly target: TargetSpec;
}

/** What own observables and stop rules are shown of a running simulation; arrays are views: copy what you keep. */
export interface SimulationView {
  readonly step: number;
  readonly time: number;
  readonly particles: Particles;
}

export interface SimulateOptions {
  readonly problem: Problem;
  readonly network: NetworkPlan;
  readonly dynamics: DynamicsSpec;
  /** The infinite-width reference carried along; null for none. @default null */
  readonly limit?: LimitSpec | null;
  /** Root seed: every random number of the simulation follows from it. */
  readonly seed: RootSeed;
  /** Another start and other samples under the same seed. @default 0 */
  readonly replica?: number;
  /** @default 400 rays in antithetic frames, or 4096 samples */
  readonly evaluation?: Partial<EvaluationOptions>;
  /** Mean-field times of the records, or their number, spread evenly in log(1 + step); the start and the end are always recorded. @default 40 */
  readonly recordTimes?: RecordTimes;
  /** Own observables by name, measured at every record. */
  readonly observe?: Readonly<Record<string, (view: SimulationView) => number>>;
  /** Stop rules by name, asked after every record. */
  readonly stopWhen?: Readonly<Record<string, (record: SimulationRecord) => boolean>>;
  /** Wall-clock limit in milliseconds; what is reached by then is kept. @default none */
  readonly timeoutMs?: number;
  /** Particles to start from instead of the network's own start: the arrays of its layout by name. */
  readonly start?: Readonly<Record<string, Float64Array>>;
  /** Threads that step this simulation; any number gives the same bits. @default 1 */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  /** A checkpoint (from `Simulation.checkpoint()`) to go on from. */
  readonly checkpoint?: Uint8Array;
}

/** A running simulation: iterate for its records, await `outcome` for its end. It runs whether or not anyone iterates. */
export interface Simulation extends AsyncIterable<SimulationRecord> {
  /** Resolves when the simulation has ended, however it ended; never rejects. */
  readonly outcome: Promise<Outcome>;
  /** Fraction of the planned steps done, in [0, 1]. */
  readonly progress: number;
  readonly network: Network;
  /** The particles at the last finished step, as a copy. */
  particles(): Particles;
  /** The limit at the last record: `stepped` with the simulation's step size, `exact` solved to its tolerance. */
  limit(): LimitView | null;
  /** The state as bytes, at the last finished step: going on from it gives the same bits as never having stopped. */
  checkpoint(): Uint8Array;
}

export interface LimitView {
  readonly stepped: Float64Array;
  readonly exact: Float64Array | null;
  /** fbar of the most exact of the two, at radius r. */
  value(radius: number): number;
}

/** Steps between two looks at the particles, the clock and the signal: a constant, so that outcomes do not depend on speed. */
const stepsPerCheck = 25;
/** Milliseconds after which other work of the thread gets a turn. */
const sliceMs = 20;
/** No mean-field simulation at sensible parameters comes near it; what does is on its way to infinity. */
const largestParticle = 1e8;

/**
 * Simulates a network as a system of interacting particles, beside its limit.
 *
 * Throws `invalid-value` or `unsupported-combination` at once on options that cannot be run; everything later is an outcome.
 */
export function simulate(options: SimulateOptions): Simulation {
  const prepared = prepare(options);
  const { state, built, plan, network } = prepared;
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
  const { steps } = built.plan.dynamics;
  return {
    outcome,
    network,
    get progress() {
      return steps === 0 ? 1 : state.step / steps;
    },
    particles: () => particlesOn(network.layout, Float64Array.from(state.particles)),
    limit() {
      const { track } = prepared;
      if (track === null || state.stepped === null) return null;
      const best = track.profile(state.exact?.y ?? state.stepped);
      return { stepped: state.stepped, exact: state.exact?.y ?? null, value: best.value };
    },
    checkpoint: () => writeCheckpoint(state, plan),
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
 */
export function checkSimulation(options: SimulateOptions): void {
  resolvePlan(options);
}

interface Prepared {
  readonly built: BuiltPlan;
  readonly network: Network;
  readonly stepper: Stepper;
  readonly track: LimitTrack | null;
  readonly meter: Meter;
  readonly recordAt: readonly number[];
  readonly state: SimulationState;
  /** Identifies what is simulated, for checkpoints. */
  readonly plan: string;
}

/** Checks the options and gathers what does not change while the simulation runs. */
function resolvePlan(options: SimulateOptions) {
  const { seed, replica = 0, threads = 1 } = options;
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= 1024)) {
    throw invalidValue("threads", "an integer in [1, 1024]", threads);
  }
  if (!(Number.isInteger(replica) && replica >= 0 && replica < 2 ** 32)) {
    throw invalidValue("replica", "an integer in [0, 2^32)", replica);
  }
  const law = buildLaw(options.problem.law);
  const target = buildTarget(options.problem.target);
  const network = buildNetwork(options.network, law.dimension);
  const expectation = resolveExpectation(options.dynamics, law, target);
  checkMoments(law, network, expectation);
  const dynamics = { ...options.dynamics, expectation };
  const built = buildPlan(
    {
      network: network.spec,
      law: law.spec,
      pieces: target.radial?.pieces ?? null,
      dynamics,
      keys: { directions: deriveKey(seed, "training", "directions"), radii: deriveKey(seed, "training", "radii") },
      replica,
    },
    target,
  );
  const limitSpec = options.limit ?? null;
  const networkLimit =
    limitSpec === null ? null : buildNetworkLimit(limitSpec, network, law, target, dynamics.layerSpeeds);
  const track = networkLimit === null ? null : createLimitTrack(networkLimit, limitSpec?.tolerance ?? null);
  const recordAt = recordSteps(options.recordTimes ?? 40, built.clock, dynamics.steps);
  const evaluation = { ...defaultEvaluation, ...options.evaluation };
  const initial = options.start === undefined ? network.start(seed, replica) : givenStart(network, options.start);
  return { law, target, network, built, networkLimit, track, recordAt, evaluation, initial };
}

function prepare(options: SimulateOptions): Prepared {
  const { seed, threads = 1 } = options;
  const resolved = resolvePlan(options);
  const { law, target, network, built, networkLimit, track, evaluation, initial } = resolved;
  const plan = JSON.stringify([
    { ...built.plan, pieces: null },
    options.problem.target,
    options.limit ?? null,
    evaluation,
    String(seed),
    options.recordTimes ?? null,
  ]);
  let state: SimulationState;
  let stepper: Stepper;
  if (options.checkpoint === undefined) {
    stepper = createStepper(built, initial.buffer, threads);
    const stepped = networkLimit?.initial(initial) ?? null;
    const exact = stepped === null ? null : (track?.startExact(stepped) ?? null);
    state = { step: 0, particles: stepper.particles, stepped, exact, records: 0, lastRecord: null };
  } else {
    const stored = readCheckpoint(options.checkpoint, plan);
    stepper = createStepper(built, stored.particles, threads);
    state = { ...stored, particles: stepper.particles };
  }
  const meter = createMeter(network, law, target, track, evaluation, seed);
  return { built, network, stepper, track, meter, recordAt: resolved.recordAt, state, plan };
}

/** The expectation mode asked for, if law and target allow it; radial-exact where they do, sgd of 1024 samples elsewhere, if none was. */
function resolveExpectation(dynamics: DynamicsSpec, law: Law, target: Target): ExpectationSpec {
  const isExact = law.radius !== null && (target.radial?.pieces ?? null) !== null;
  const { expectation } = dynamics;
  if (expectation === null) return isExact && dynamics.clip === null ? radialExact() : sgd({ batch: 1024 });
  if (expectation.kind !== "sgd" && !isExact) {
    const cause = law.radius === null ? `the law ${law.spec.kind}` : `the target ${target.spec.kind}`;
    throw new MeanfieldError(
      "unsupported-combination",
      `expectation: ${expectation.kind} needs a radial law and a radial target, and ${cause} is not radial; use sgd`,
      { path: "expectation", expected: "sgd", got: expectation.kind },
    );
  }
  return expectation;
}

/** A two-layer network grows linearly along almost every ray: under a law without a second moment its loss is infinite. */
function checkMoments(law: Law, network: Network, expectation: ExpectationSpec): void {
  if (network.spec.kind !== "two-layer" || law.radius === null || Number.isFinite(law.radius.secondMoment)) return;
  throw new MeanfieldError(
    "unsupported-combination",
    `radiusCutoff: a two-layer network needs a law with a finite second moment (its loss under ${law.spec.kind} without a cutoff is infinite, in ${expectation.kind} mode too); set radiusCutoff, for instance to 3`,
    { path: "radiusCutoff", expected: "a number", got: "none", suggestion: "radiusCutoff=3" },
  );
}

function givenStart(network: Network, start: Readonly<Record<string, Float64Array>>): Particles {
  const particles = particlesOn(network.layout);
  for (const array of network.layout.arrays) {
    const given = start[array.name];
    const shape = array.shape.join(" x ");
    if (given === undefined) throw invalidValue(`start.${array.name}`, `an array of ${shape} numbers`, undefined);
    if (given.length !== array.length) {
      throw invalidValue(`start.${array.name}`, `${array.length} numbers (${shape})`, `${given.length} numbers`);
    }
    if (!given.every(Number.isFinite)) {
      throw new MeanfieldError("not-finite", `start.${array.name}: expected finite numbers, got NaN or Infinity`);
    }
    particles.arrays[array.name].set(given);
  }
  return particles;
}

async function run(
  options: SimulateOptions,
  prepared: Prepared,
  publish: (record: SimulationRecord) => void,
): Promise<Outcome> {
  const { built, stepper, track, recordAt, state } = prepared;
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
    if (state.lastRecord !== null) publish(state.lastRecord);
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
        if (!isBounded(state.particles)) {
          return stopped(
            "diverged",
            "diverged",
            `the particles left every bound between steps ${state.step} and ${state.step + steps}; lower stepSize (now ${built.plan.dynamics.stepSize})`,
          );
        }
        if (track !== null && state.stepped !== null) {
          for (let step = state.step; step < state.step + steps; step += 1) {
            track.step(state.stepped, clock.stepSize(step));
          }
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
      const rule = Object.entries(options.stopWhen ?? {}).find(([, isMet]) => isMet(record));
      if (rule !== undefined || recordStep === recordAt[recordAt.length - 1]) {
        return { status: "completed", step: state.step, time: record.time, stoppedBy: rule?.[0] ?? null, record };
      }
    }
    const record = state.lastRecord ?? measureRecord(options, prepared);
    return { status: "completed", step: state.step, time: record.time, stoppedBy: null, record };
  } catch (error) {
    const code = error instanceof MeanfieldError ? error.code : "worker-failed";
    return stopped("failed", code, error instanceof Error ? error.message : String(error));
  } finally {
    await stepper.close();
  }
}

function measureRecord(options: SimulateOptions, prepared: Prepared): SimulationRecord {
  const { built, network, track, meter, state } = prepared;
  const time = built.clock.time(state.step);
  if (track !== null && state.exact !== null) track.advanceExact(state.exact, time);
  const particles = particlesOn(network.layout, state.particles);
  const { loss, budget, observables } = meter(particles, state);
  const view: SimulationView = { step: state.step, time, particles };
  for (const [name, observe] of Object.entries(options.observe ?? {})) {
    const value = observe(view);
    if (!Number.isFinite(value)) {
      throw new MeanfieldError(
        "not-finite",
        `observe.${name}: expected a finite number, got ${value} at step ${state.step}`,
      );
    }
    observables[name] = value;
  }
  return { step: state.step, time, loss: loss.value, lossError: loss.error, budget, observables };
}

function isBounded(particles: Float64Array): boolean {
  for (let index = 0; index < particles.length; index += 1) {
    if (!(Math.abs(particles[index]) <= largestParticle)) return false;
  }
  return true;
}
