import type { EngineUse } from "../engines/index.ts";
import type { RootSeed } from "../numerics/random/key.ts";
import type { SimulateOptions, Simulation } from "../simulation/index.ts";
import type { SimulationRecord } from "../simulation/record.ts";
import type { Claim } from "./claim.ts";
import type { Figure } from "./figure.ts";
import type { ParameterSet, ParameterValues } from "./parameter.ts";

/** Anything that survives JSON: what members return and files hold. Numbers are finite; "not measured" is null. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** One independent part of a run: the unit of scheduling and resume. */
export interface Member {
  /** Lower case and hyphens, unique in the run. */
  readonly name: string;
  /** Expected cost relative to the other members; the heaviest starts first. Default 1. */
  readonly cost?: number;
}

/** What a member's run function is given. */
export interface RunContext<Values> {
  readonly parameters: Values;
  readonly seed: RootSeed;
  /** Threads that one simulation may use: 1 when members share the pool. */
  readonly threads: number;
  /** Aborted when the run is to stop; long computations of a scenario's own should look at it. */
  readonly signal: AbortSignal;
  /**
   * Runs a simulation to its end: records go to the member's journal, progress to the screen, and an abort leaves a checkpoint
   * from which the next start goes on with the same bits. Resolves when completed; a simulation that diverges or is cancelled ends the member with that status.
   * A member that runs several simulations names them.
   */
  simulate(
    options: Omit<SimulateOptions, "seed" | "threads" | "signal" | "checkpoint">,
    name?: string,
  ): Promise<FinishedSimulation>;
  /** Tells how much of the member is done, in [0, 1]; only needed where `simulate` is not used. */
  progress(fraction: number): void;
  /**
   * Gives the screen and Ctrl-C their turn, and throws when the run is to stop: for long computations of a scenario's own, which otherwise
   * hold the thread until they end. `simulate` does so by itself.
   */
  pause(): Promise<void>;
  /**
   * Records that an engine took part other than through `simulate`, such as `engine` of a deep network's training: a repetition of the run then asks for the same numerics.
   */
  noteEngine(use: EngineUse): void;
  /**
   * Writes `data` (row-major, its length the product of `shape`) to particles/<member>/<name>.npy in the run folder and lists it, with its
   * hash, in the result. Throws `invalid-value` for a name that is not lower case and hyphens and for a shape that does not fit.
   */
  saveArray(name: string, data: Float64Array, shape: readonly number[]): void;
}

/** What a run is expected to cost on one thread. */
export interface RunEstimate {
  readonly seconds: number;
  /** Peak memory. */
  readonly bytes: number;
}

export interface FinishedSimulation {
  readonly records: readonly SimulationRecord[];
  readonly simulation: Simulation;
}

/** The members' results and records, as `summarise` and `figures` see them. */
export interface MemberResult {
  readonly result: JsonObject;
  readonly records: readonly SimulationRecord[];
}
export type MemberResults = Readonly<Record<string, MemberResult>>;

/** A source: a paper, or our own derivation with its place in the docs. */
export interface Source {
  readonly key: string;
  readonly text: string;
  readonly url?: string;
}

/** A named experiment. */
export interface Scenario<Set extends ParameterSet = ParameterSet> {
  readonly name: string;
  /** Counts up when results may change: part of every run's id. */
  readonly version: number;
  readonly title: string;
  readonly sources: readonly Source[];
  readonly parameters: Set;
  /** Overrides for the short form, which takes seconds. */
  readonly short: Partial<ParameterValues<Set>>;
  /** Dotted path into the summary by which tables sort, such as `bottleneck.loss`. */
  readonly headline: string;
  /** Further checks over several parameters: throws what `invalidValue` makes. */
  validate?(parameters: ParameterValues<Set>): void;
  /** Default: one member named `main`. */
  members?(parameters: ParameterValues<Set>): readonly Member[];
  run(context: RunContext<ParameterValues<Set>>, member: Member): Promise<JsonObject>;
  summarise(results: MemberResults, parameters: ParameterValues<Set>): JsonObject;
  claims(summary: JsonObject, parameters: ParameterValues<Set>): readonly Claim[];
  /** Cost of a run, shown by a dry run. */
  estimate?(parameters: ParameterValues<Set>): RunEstimate;
  figures?(results: MemberResults, summary: JsonObject, parameters: ParameterValues<Set>): readonly Figure[];
}
