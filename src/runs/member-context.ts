import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import type { EngineUse } from "../engines/index.ts";
import { invalidValue } from "../errors.ts";
import { encodeNpy } from "../numerics/npy.ts";
import type { RootSeed } from "../numerics/random/key.ts";
import { type FinishedSimulation, type Member, type RunContext, sha256 } from "../scenario/index.ts";
import type { SimulateOptions, Simulation } from "../simulation/index.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint-file.ts";
import { openJournal } from "./journal.ts";
import { checkLock } from "./lock.ts";
import { memberPaths, particlesFolder } from "./member-files.ts";
import { distinctUses } from "./recorded-engine.ts";
import { damaged, publishFile, readBytes } from "./store.ts";

/** Ends a member whose simulation did not complete; caught by the member's runner, never by users. */
export class SimulationStopped extends Error {
  readonly outcome: StoppedSimulation;
  constructor(outcome: StoppedSimulation) {
    super(outcome.message);
    this.outcome = outcome;
  }
}
type StoppedSimulation = Exclude<Awaited<Simulation["outcome"]>, { status: "completed" }>;

/** `simulate` of the simulation room; tests pass one of their own. */
export type Simulate = (options: SimulateOptions) => Simulation;

export interface MemberContextOptions {
  readonly dir: string;
  /** The text of the folder's lock; null where it has none. */
  readonly lock: string | null;
  readonly member: Member;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly seed: RootSeed;
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly simulate: Simulate;
  readonly progress: (fraction: number) => void;
  /** Wall clock between two checkpoints of a simulation. */
  readonly checkpointMs: number;
}

/** A member's context, and what it has written so far. */
export interface MemberContext {
  readonly context: RunContext<Readonly<Record<string, never>>>;
  readonly simulations: readonly (string | null)[];
  /** The engines that took steps, each once; read when the member has come to its end. */
  engines(): readonly EngineUse[];
  /** SHA-256 of journals and arrays by their path in the run folder; read when the member has come to its end. */
  files(): { readonly [path: string]: string };
}

const namePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const progressMs = 200;

/** Builds what a member's run function is given. */
export function createMemberContext(options: MemberContextOptions): MemberContext {
  const { dir, member, signal } = options;
  const paths = memberPaths(dir, member.name);
  const simulations: (string | null)[] = [];
  const arrays: Record<string, string> = {};
  const engines: EngineUse[] = [];
  let tellsProgress = false;

  async function simulate(
    given: Parameters<RunContext<never>["simulate"]>[0],
    name: string | null,
  ): Promise<FinishedSimulation> {
    if (simulations.includes(name)) {
      throw invalidValue("name", "a name not used by another simulation of this member", name, "name each simulation");
    }
    simulations.push(name);
    const checkpointPath = paths.checkpoint(name);
    const stored = readCheckpoint(checkpointPath);
    const journal = openJournal(join(dir, paths.journal(name)), member.name, name, stored?.records ?? 0);
    const simulation = options.simulate({
      ...given,
      seed: options.seed,
      threads: options.threads,
      signal,
      ...(stored === null ? {} : { checkpoint: stored.state }),
    });
    // One that had ended takes no step now.
    const uses = distinctUses([...(stored?.engines ?? []), ...(stored?.finished === true ? [] : [simulation.engine])]);
    engines.push(...uses);
    const save = (finished: boolean) => {
      if (options.lock !== null) checkLock(dir, options.lock);
      journal.sync();
      const { length } = journal.records;
      writeCheckpoint(checkpointPath, { state: simulation.checkpoint(), records: length, finished, engines: uses });
    };
    const showProgress = setInterval(() => {
      if (!tellsProgress) options.progress(simulation.progress);
    }, progressMs);
    showProgress.unref();
    let saveFailure: unknown = null;
    // By the clock, not by records: hours may pass between two of them.
    const saveSometimes = setInterval(() => {
      try {
        save(false);
      } catch (error) {
        saveFailure = error;
      }
    }, options.checkpointMs);
    saveSometimes.unref();
    try {
      for await (const record of simulation) {
        const last = journal.records.at(-1);
        // A simulation that goes on from a checkpoint may give the record of that very step again.
        if (last === undefined || record.step > last.step) journal.append(record);
        if (saveFailure !== null) throw saveFailure;
      }
      const outcome = await simulation.outcome;
      if (outcome.status === "cancelled" || outcome.status === "timed-out") save(false);
      if (outcome.status !== "completed") throw new SimulationStopped(outcome);
      if (stored?.finished !== true) save(true);
      return { records: journal.records, simulation };
    } finally {
      clearInterval(showProgress);
      clearInterval(saveSometimes);
      journal.close();
    }
  }

  const context: RunContext<Readonly<Record<string, never>>> = {
    parameters: options.parameters as Readonly<Record<string, never>>,
    seed: options.seed,
    threads: options.threads,
    signal,
    simulate: (given, name) => simulate(given, name === undefined ? null : checkedName(name)),
    progress(fraction) {
      if (!(fraction >= 0 && fraction <= 1)) throw invalidValue("progress", "a number in [0, 1]", fraction);
      tellsProgress = true;
      options.progress(fraction);
    },
    async pause() {
      await turn();
      signal.throwIfAborted();
    },
    noteEngine(use) {
      engines.push(use);
    },
    saveArray(name, data, shape) {
      const path = `${particlesFolder}/${member.name}/${checkedName(name)}.npy`;
      const bytes = encodeNpy(data, shape);
      publishFile(join(dir, path), bytes);
      arrays[path] = sha256(bytes);
    },
  };
  const files = () => ({
    ...arrays,
    ...hashes(
      dir,
      simulations.map((name) => paths.journal(name)),
    ),
  });
  return { context, simulations, engines: () => distinctUses(engines), files };
}

function checkedName(name: string): string {
  if (typeof name === "string" && name.length <= 80 && namePattern.test(name)) return name;
  throw invalidValue("name", "lower case letters, digits and single hyphens", name);
}

function hashes(dir: string, paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    paths.map((path) => {
      const bytes = readBytes(join(dir, path));
      if (bytes === null) throw damaged(join(dir, path), "it has gone");
      return [path, sha256(bytes)];
    }),
  );
}
