import type { DynamicsPlan, DynamicsSpec } from "../dynamics/index.ts";
import type { EngineRequest, Precision } from "../engines/index.ts";
import type { Law } from "../laws/law.ts";
import type { LimitSpec } from "../limits/index.ts";
import type { Network, NetworkPlan, Particles } from "../networks/index.ts";
import type { RootSeed } from "../numerics/random/index.ts";
import type { Target } from "../targets/target.ts";
import type { EvaluationOptions } from "./evaluation-options.ts";
import type { Problem } from "./problem.ts";
import type { SimulationRecord } from "./record.ts";
import type { RecordTimes } from "./record-times.ts";
import type { Replica } from "./replica.ts";

/** What own observables and stop rules are shown of a running simulation; arrays are views: copy what you keep. */
export interface SimulationView {
  readonly step: number;
  readonly time: number;
  readonly particles: Particles;
  readonly setting: SimulationSetting;
}

/** What stays the same while a simulation runs. */
export interface SimulationSetting {
  readonly network: Network;
  readonly law: Law;
  /** f*: what outputScale times the network is to learn. */
  readonly target: Target;
  readonly outputScale: number;
  readonly dynamics: DynamicsSpec;
  /** The factor on the velocity of each particle array; 0 for a frozen one. */
  readonly speeds: Readonly<Record<string, number>>;
  readonly seed: RootSeed;
  readonly replica: Replica;
  /** The particles at time 0, made when first asked for. */
  initial(): Particles;
}

export interface SimulateOptions {
  readonly problem: Problem;
  readonly network: NetworkPlan;
  /** With a tolerance in place of a step size, the step size is chosen before the first step; that needs an infinite-width limit. */
  readonly dynamics: DynamicsPlan;
  /** The reference carried along, infinitely wide or wide; null for none. @default null */
  readonly limit?: LimitSpec | null;
  /**
   * gamma: the learned function is gamma f instead of f, and the loss that is descended is (1/gamma^2) 1/2 E(gamma f - f*)^2 (Chizat, Oyallon, Bach
   * 2019), in [1e-9, 1e9]. Large is the lazy (kernel) regime, 1 the mean-field one. Records are of gamma f, particles those of f. Other than 1 it needs
   * a start with f = 0. @default 1
   */
  readonly outputScale?: number;
  /** Root seed: every random number of the simulation follows from it. */
  readonly seed: RootSeed;
  /** Another start and other samples under the same seed; `{ start, samples }` changes one without the other. @default 0 */
  readonly replica?: number | Partial<Replica>;
  /** @default 400 rays in antithetic frames, or 4096 samples */
  readonly evaluation?: Partial<EvaluationOptions>;
  /** Mean-field times of the records, or their number, spread evenly in log(1 + step); the start and the end are always recorded. @default 40 */
  readonly recordTimes?: RecordTimes;
  /**
   * Points, about so many, at which every record holds the values of network and limit (`probesOf` gives the points): for what compares
   * functions of several runs, as `simulateReplicas`. @default none
   */
  readonly probes?: number;
  /** Own observables by name, measured at every record. */
  readonly observe?: Readonly<Record<string, (view: SimulationView) => number>>;
  /** Stop rules by name, asked after every record. */
  readonly stopWhen?: Readonly<Record<string, (record: SimulationRecord) => boolean>>;
  /** Wall-clock limit in milliseconds; what is reached by then is kept. @default none */
  readonly timeoutMs?: number;
  /** Particles to start from instead of the network's own start: the arrays of its layout by name. Not beside a wide reference. */
  readonly start?: Readonly<Record<string, Float64Array>>;
  /** Threads that step this simulation; any number gives the same bits. @default 1 */
  readonly threads?: number;
  /**
   * Where steps are computed; `auto` follows the run's or the environment's choice (MEANFIELD_ENGINE), else takes the fastest that works on this
   * machine. @default "auto"
   */
  readonly engine?: EngineRequest["engine"];
  /**
   * Whether multiply-adds are fused; results of one arithmetic are equal bit by bit on every engine but the reference. `auto` follows the run's or
   * the environment's choice (MEANFIELD_ARITHMETIC), else comes with the engine. @default "auto"
   */
  readonly arithmetic?: EngineRequest["arithmetic"];
  /** Precision of particles and velocities; limits, budget and draws stay in float64. @default "float64" */
  readonly precision?: Precision;
  readonly signal?: AbortSignal;
  /**
   * A checkpoint (from `Simulation.checkpoint()`) to go on from, with the same options; `steps` may be more than were planned, with constant and power
   * schedules, and give the bits that as many planned steps would have given. Then `recordTimes` may be others too.
   */
  readonly checkpoint?: Uint8Array;
}
