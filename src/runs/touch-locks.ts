import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { type Resident, startResident } from "../threads/index.ts";

/** What the thread that touches locks is told: a lock that is held, or, without its text, one that is no longer. */
interface Message {
  readonly path: string;
  readonly text: string | null;
  readonly everyMs: number;
}

const heartbeatMs = 15_000;
let toucher: Resident | null = null;

/**
 * Keeps the lock at `path` from falling silent, by a thread of its own: the one that holds the lock may compute for hours without a look at its events.
 * Returns what ends it.
 */
export function keepTouched(path: string, text: string, everyMs = heartbeatMs): () => void {
  toucher ??= startResident("touch-locks");
  const { post } = toucher;
  post({ path, text, everyMs } satisfies Message);
  return () => post({ path, text: null, everyMs } satisfies Message);
}

/** The thread's function: touches the locks that it is told of, every few seconds. */
export function touchLocks(): void {
  const hearts = new Map<string, NodeJS.Timeout>();
  parentPort?.on("message", ({ path, text, everyMs }: Message) => {
    clearInterval(hearts.get(path));
    if (text === null) hearts.delete(path);
    else
      hearts.set(
        path,
        setInterval(() => touch(path, text), everyMs),
      );
  });
}

/** Writes the lock's first byte again, so that the time of the change is the file system's and not this machine's. */
export function touch(path: string, text: string): void {
  try {
    const file = openSync(path, "r+");
    try {
      // Another process's lock has its own heart.
      if (readFileSync(file, "utf8") === text) writeSync(file, text[0], 0);
    } finally {
      closeSync(file);
    }
  } catch {
    // The next beat tries again; nothing is lost on this machine, where the owner is asked by its number.
  }
}
