import { fileURLToPath } from "node:url";
import { type ErrorCode, errorCodes } from "../errors.ts";
import { loadPiscina } from "./piscina.ts";

/** How a task ended: thrown errors lose their fields on the way between threads, so failures come back as data. */
export type TaskOutcome<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

export interface PoolOptions {
  /** Number of worker threads, all started at once. */
  readonly threads: number;
  /** The workers' entry point, from `workerUrl`; its default export is the function that a task calls. */
  readonly worker: URL;
  /** Largest heap of one worker in megabytes. @default Node's own */
  readonly heapMegabytes?: number;
}

export interface TaskOptions {
  /** Another entry point than the pool's own, from `workerUrl`. */
  readonly worker?: URL;
  /** Ends the task by ending its thread, which is replaced: for tasks that do not stop when they are asked to. */
  readonly signal?: AbortSignal;
}

/** A pool of worker threads for independent tasks. */
export interface Pool {
  /** Runs one task; never rejects. A worker that throws, exits or runs out of memory fails its task alone and is replaced. */
  runTask<Value>(task: unknown, options?: TaskOptions): Promise<TaskOutcome<Value>>;
  close(): Promise<void>;
}

/** Long enough that no worker is stopped and started again between two tasks of one run. */
const idleTimeoutMs = 3_600_000;

/** Starts a pool of `threads` workers. */
export function createPool({ threads, worker, heapMegabytes }: PoolOptions): Pool {
  const { Piscina } = loadPiscina();
  const pool = new Piscina({
    filename: fileURLToPath(worker),
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: idleTimeoutMs,
    ...(heapMegabytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
  });
  // A worker that dies between tasks is replaced; without a handler the event would end the process.
  pool.on("error", () => {});
  return {
    async runTask<Value>(task: unknown, { worker: entry, signal }: TaskOptions = {}): Promise<TaskOutcome<Value>> {
      const options = {
        ...(entry === undefined ? {} : { filename: fileURLToPath(entry) }),
        ...(signal === undefined ? {} : { signal }),
      };
      try {
        return { ok: true, value: (await pool.run(task, options)) as Value };
      } catch (error) {
        return { ok: false, code: codeOf(error), message: messageOf(error) };
      }
    },
    close: () => pool.destroy(),
  };
}

function codeOf(error: unknown): ErrorCode {
  const code: unknown = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : "worker-failed";
}

function messageOf(error: unknown): string {
  const code: unknown = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    return "a worker thread ran out of memory; use fewer threads or smaller parameters, or start node with --max-old-space-size";
  }
  const exitCode = error instanceof Error ? /^worker exited with code: (\d+)$/.exec(error.message)?.[1] : undefined;
  if (exitCode !== undefined)
    return `a worker thread exited with code ${exitCode}; return or throw instead of process.exit`;
  return error instanceof Error ? error.message : String(error);
}
