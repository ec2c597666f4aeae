import type { ErrorCode } from "../errors.ts";
import type { RunOutcome } from "../runs/index.ts";

/** What the process tells its caller. */
export const exitCodes = {
  ok: 0,
  /** A run failed, or a claim does. */
  failed: 1,
  usage: 2,
  invalid: 3,
  diverged: 4,
  /** Stopped by SIGTERM; can go on. */
  terminated: 75,
  /** Stopped by Ctrl-C; can go on. */
  interrupted: 130,
} as const;

/** Exit code of an error that ended a command. */
export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case "unknown-scenario":
      return exitCodes.usage;
    case "invalid-value":
    case "unknown-parameter":
    case "unknown-kind":
    case "unsupported-combination":
    case "engine-unavailable":
    case "package-missing":
    case "out-of-memory":
    case "scenario-invalid":
    case "slurm-refused":
      return exitCodes.invalid;
    case "diverged":
      return exitCodes.diverged;
    default:
      return exitCodes.failed;
  }
}

/** Exit code of a run: a claim that fails counts, one that is inconclusive does not. */
export function exitCodeOfRun(outcome: Pick<RunOutcome, "status" | "claims">): number {
  if (outcome.status === "diverged") return exitCodes.diverged;
  if (outcome.status === "cancelled") return exitCodes.interrupted;
  if (outcome.status === "failed") return exitCodes.failed;
  return outcome.claims.some(({ pass }) => pass === false) ? exitCodes.failed : exitCodes.ok;
}

/** Exit code of a sweep: only a point that failed counts, not one that diverged, nor a claim. */
export function exitCodeOfSweep(points: readonly { readonly end: { readonly status: string } | null }[]): number {
  return points.some(({ end }) => end?.status === "failed" || end?.status === "timed-out")
    ? exitCodes.failed
    : exitCodes.ok;
}
