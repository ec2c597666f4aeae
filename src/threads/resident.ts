import { Worker } from "node:worker_threads";
import { workerUrl } from "./worker-url.ts";

/** A thread that listens for as long as the process lives. */
export interface Resident {
  post(message: unknown): void;
}

/**
 * Starts a thread that calls the worker's function once, which listens on `parentPort`. It goes on while this thread is busy with a computation that never
 * returns to its events, and does not keep the process alive.
 */
export function startResident(worker: string): Resident {
  const url = JSON.stringify(workerUrl(worker).href);
  const thread = new Worker(`import(${url}).then(({ default: listen }) => listen());`, { eval: true });
  // What it does is for others; without a handler its failure would end the process.
  thread.on("error", () => {});
  thread.unref();
  return { post: (message) => thread.postMessage(message) };
}
