import { type EnginePreference, withEnginePreference } from "../engines/index.ts";
import type { RootSeed } from "../numerics/random/key.ts";
import {
  importScenario,
  type JsonObject,
  type Member,
  type Scenario,
  type ScenarioReference,
} from "../scenario/index.ts";
import { simulate } from "../simulation/simulate.ts";
import { failureOf } from "./failure.ts";
import type { RunError } from "./files.ts";
import { keyOrder } from "./key-order.ts";
import { checkLock } from "./lock.ts";
import { makeFolder } from "./make-folder.ts";
import { createMemberContext, type Simulate, SimulationStopped } from "./member-context.ts";
import { memberPaths } from "./member-files.ts";
import { isRaised, type StopFlag, watchStopFlag } from "./stop-flag.ts";
import { publishChecked, publishJson, readJson } from "./store.ts";

/** One member's work, as a thread receives it: plain data and shared memory. */
export interface MemberJob {
  /** The run folder. */
  readonly dir: string;
  /** The text of the folder's lock, which another thread of this process may hold; null where nobody else can know of the folder. */
  readonly lock: string | null;
  readonly member: Member;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly seed: RootSeed;
  readonly threads: number;
  /** What its simulations follow where their own options say `auto`. */
  readonly preference: EnginePreference;
  readonly stop: StopFlag;
  /** Shared doubles, one a member: the fraction done. */
  readonly progress: SharedArrayBuffer;
  /** This member's place in `progress`. */
  readonly index: number;
  readonly checkpointMs: number;
}

/** A member's work for a worker thread, which has to load the scenario first. */
export interface MemberTask extends MemberJob {
  readonly reference: ScenarioReference;
}

/** How a member ended. Its result, if it completed, lies in its folder. */
export interface MemberEnd {
  readonly status: "completed" | "diverged" | "failed" | "cancelled";
  readonly error: RunError | null;
  /** Where a scenario's own error was thrown. */
  readonly stack: string | null;
}

/** The worker's function: one member of a run. Never rejects. */
export async function runTask(task: MemberTask): Promise<MemberEnd> {
  try {
    return await runMember(await importScenario(task.reference), task);
  } catch (error) {
    return failed(error, task.member.name);
  }
}

/**
 * Runs one member in the current thread: from its start, or on from the checkpoints in its folder. Publishes its result there, unless it was
 * cancelled or failed. Never rejects.
 */
export async function runMember(scenario: Scenario, job: MemberJob, run: Simulate = simulate): Promise<MemberEnd> {
  const { dir, member, progress, index } = job;
  const paths = memberPaths(dir, member.name);
  const done = new Float64Array(progress);
  const { signal, close } = watchStopFlag(job.stop);
  const startedAt = performance.now();
  try {
    makeFolder(paths.folder);
    const { context, simulations, engines, files } = createMemberContext({
      ...job,
      signal,
      simulate: run,
      progress: (fraction) => {
        done[index] = fraction;
      },
    });
    const publish = (end: MemberEnd, result: JsonObject) => {
      const { status, error } = end;
      if (job.lock !== null) checkLock(dir, job.lock);
      publishChecked(
        paths.result,
        {
          member: member.name,
          status,
          error,
          result,
          resultOrder: keyOrder(result),
          simulations,
          engines: engines(),
          files: files(),
          checksum: "",
        },
        member.name,
      );
      done[index] = 1;
      return end;
    };
    try {
      const result = await withEnginePreference(job.preference, () => scenario.run(context, member));
      // A scenario that returns early because it was told to stop returns a part of its result: nothing tells the two apart.
      if (isRaised(job.stop)) return cancelled(member.name);
      return publish({ status: "completed", error: null, stack: null }, result);
    } catch (error) {
      if (error instanceof SimulationStopped && error.outcome.status === "diverged") {
        const { code, message, step } = error.outcome;
        return publish({ status: "diverged", error: { code, message, member: member.name, step }, stack: null }, {});
      }
      if (isRaised(job.stop)) return cancelled(member.name);
      return failed(error, member.name);
    }
  } catch (error) {
    return failed(error, member.name);
  } finally {
    close();
    addSeconds(paths.timing, (performance.now() - startedAt) / 1000);
  }
}

/** Seconds that a member has taken so far, over all its starts. */
export function memberSeconds(dir: string, member: string): number {
  return readJson<{ readonly seconds: number }>(memberPaths(dir, member).timing)?.seconds ?? 0;
}

function addSeconds(path: string, seconds: number): void {
  try {
    const before = readJson<{ readonly seconds: number }>(path)?.seconds ?? 0;
    publishJson(path, { seconds: before + seconds }, "timing");
  } catch {
    // The clock is for information: a full disk shows itself where results are written.
  }
}

function cancelled(member: string): MemberEnd {
  const error: RunError = { code: "cancelled", message: "stopped from outside", member, step: null };
  return { status: "cancelled", error, stack: null };
}

function failed(error: unknown, member: string): MemberEnd {
  if (error instanceof SimulationStopped) {
    const { code, message, step } = error.outcome;
    return { status: "failed", error: { code, message, member, step }, stack: null };
  }
  const { code, message, stack } = failureOf(error, "user-function-failed");
  return { status: "failed", error: { code, message, member, step: null }, stack };
}
