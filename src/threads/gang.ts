import { MeanfieldError } from "../errors.ts";
import { abortBarrier, barrierWords } from "./barrier.ts";
import { loadPiscina } from "./piscina.ts";
import { workerUrl } from "./worker-url.ts";

/** What every task of a gang is given besides its own data. */
export interface GangPlace {
  /** Unique in the process, so that a worker can keep what it built for the gang. */
  readonly gang: number;
  readonly part: number;
  readonly parts: number;
  readonly control: SharedArrayBuffer;
}

export interface Gang {
  /** Runs one task on each of the gang's threads at once; rejects when one of them fails, after all have stopped. */
  run(data: object): Promise<void>;
  close(): Promise<void>;
}

let gangs = 0;

/**
 * `parts` threads of their own that work on one simulation in lockstep. Exactly one task goes to each thread, so that barriers inside tasks are
 * safe; a thread that ends aborts the barrier, and the failure comes back as `worker-failed`.
 */
export function createGang(parts: number, worker: string): Gang {
  const { Piscina } = loadPiscina();
  const pool = new Piscina({
    filename: workerUrl(worker).href,
    minThreads: parts,
    maxThreads: parts,
    concurrentTasksPerWorker: 1,
    idleTimeout: 2 ** 31 - 1,
  });
  // Errors of idle workers arrive here as well; the running task's rejection says what matters.
  pool.on("error", () => undefined);
  gangs += 1;
  const gang = gangs;
  const control = new SharedArrayBuffer(4 * barrierWords);
  return {
    async run(data) {
      let failure: unknown = null;
      const tasks = Array.from({ length: parts }, async (_, part) => {
        try {
          await pool.run({ ...data, gang, part, parts, control } satisfies GangPlace & object);
        } catch (error) {
          // The first to fail is the cause; the others only report the abort that follows.
          failure ??= error;
          abortBarrier(new Int32Array(control));
        }
      });
      await Promise.all(tasks);
      if (failure !== null) {
        const reason = failure instanceof Error ? failure.message : String(failure);
        throw new MeanfieldError("worker-failed", `a thread of the gang failed: ${reason}`, {}, { cause: failure });
      }
    },
    close: () => pool.destroy(),
  };
}
