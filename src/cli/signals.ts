import { exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/** Ctrl-C and SIGTERM as an AbortSignal. */
export interface StopSignals {
  readonly signal: AbortSignal;
  /** The exit code of the signal that came; null if none did. */
  exitCode(): number | null;
  close(): void;
}

/** npx passes a signal on that the terminal has already sent to everyone: the same Ctrl-C then arrives twice. */
const echoMs = 500;

/** Turns the first signal into an abort, after which a run leaves its checkpoints; the second ends the process at once. */
export function watchSignals(terminal: Terminal): StopSignals {
  const controller = new AbortController();
  let received: number | null = null;
  let receivedAt = 0;
  const stop = (code: number) => () => {
    if (received !== null) {
      if (performance.now() - receivedAt > echoMs) process.exit(code);
      return;
    }
    received = code;
    receivedAt = performance.now();
    terminal.line("Stopping; what is done is kept. Once more ends at once.");
    controller.abort();
  };
  const interrupt = stop(exitCodes.interrupted);
  const terminate = stop(exitCodes.terminated);
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", terminate);
  return {
    signal: controller.signal,
    exitCode: () => received,
    close() {
      // A process that has been told to stop is about to end: what comes now must not kill it half way.
      if (received !== null) return;
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", terminate);
    },
  };
}
