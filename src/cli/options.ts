import { InvalidArgumentError } from "commander";

/** A count of threads from the command line. */
export function readThreads(text: string): number {
  const threads = Number(text);
  if (/^\d+$/.test(text) && threads >= 1 && threads <= 1024) return threads;
  throw new InvalidArgumentError("Expected an integer in [1, 1024].");
}
