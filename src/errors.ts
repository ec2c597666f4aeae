/**
 * Every failure a user can meet has a code from this table, so that scripts can tell them apart and the manual can list them.
 * The value says what kind of failure it is; the sentence itself is written where the failure is found.
 */
export const errorCodes = {
  "invalid-value": "a value lies outside what the parameter allows",
  "unknown-parameter": "a parameter of that name does not exist",
  "unknown-scenario": "a scenario of that name does not exist",
  "unknown-kind": "a law, target, network or other part of that kind does not exist",
  "unsupported-combination": "each part is valid, but they cannot be used together",
  "engine-unavailable": "an engine, or its arithmetic or precision, does not work here",
  "package-missing": "an optional package that a command or a data set needs is not installed",
  "out-of-memory": "a simulation needs more memory than there is",
  "not-finite": "a number is NaN or infinite where a finite one is needed",
  "not-positive-definite": "a matrix is not positive definite, or not beyond rounding errors",
  "no-convergence": "an iteration reached its limit before its tolerance",
  "step-limit": "an adaptive integrator used up its steps before the final time",
  diverged: "the particles left every bound: a number of the simulation is not finite or far too large",
  cancelled: "the run was stopped from outside and can go on",
  "timed-out": "the run reached its time limit",
  "user-function-failed": "a function of a scenario or given by the user threw an error",
  "worker-failed": "a worker thread threw, exited or ran out of memory",
  "scenario-invalid": "a scenario file could not be loaded or does not export a scenario",
  "run-damaged": "a file of a run folder is damaged or does not belong to it",
  "run-mismatch": "a repeated run did not give the same bits",
  "run-locked": "another process is writing this run folder",
  "file-failed": "a file could not be read or written",
  "file-format": "a file does not have the format that was expected",
  "slurm-unavailable": "Slurm's commands are not here, or its controller does not answer",
  "slurm-refused": "Slurm refused a job",
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetails {
  /** Name of the parameter or file concerned, such as `stepSize`. */
  readonly path?: string;
  readonly expected?: string;
  readonly got?: string;
  /** What to do instead: the nearest valid name or value. */
  readonly suggestion?: string;
  /** With `not-positive-definite`: the matrix has an eigenvalue of at most this, rounding errors included. */
  readonly upperBound?: number;
}

/** The one error type of the toolkit: a stable code, and a sentence that says what was expected, what came and what to do. */
export class MeanfieldError extends Error {
  override readonly name = "MeanfieldError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}

/** `stepSize: expected a number in (0, 10], got -1`, with the suggestion, if any, as a second sentence. */
export function invalidValue(path: string, expected: string, got: unknown, suggestion?: string): MeanfieldError {
  const shown = showValue(got);
  const tail = suggestion === undefined ? "" : `; ${suggestion}`;
  return new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${shown}${tail}`, {
    path,
    expected,
    got: shown,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}

/** The error `unknown-kind`: `law.kind: expected the kind of a law, got "gausian"; did you mean "gaussian"?`. */
export function unknownKind(part: string, got: unknown, names: readonly string[]): MeanfieldError {
  const nearest = typeof got === "string" ? nearestName(got, names) : null;
  const suggestion = nearest === null ? `choose one of ${names.join(", ")}` : `did you mean "${nearest}"?`;
  const path = `${part}.kind`;
  const expected = `the kind of ${/^[aeiou]/.test(part) ? "an" : "a"} ${part}`;
  const shown = showValue(got);
  return new MeanfieldError("unknown-kind", `${path}: expected ${expected}, got ${shown}; ${suggestion}`, {
    path,
    expected,
    got: shown,
    suggestion,
  });
}

/** A value as a person would type it, cut short where it is long. */
export function showValue(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "number" || typeof value === "bigint" || value === undefined) return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The candidate closest to `name` by edit distance, or null when none is close enough to be what was meant. */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.floor(name.length / 2)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein distance: insertions, deletions and substitutions that turn `from` into `to`. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const substitution = previous[column - 1] + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[column] + 1, current[column - 1] + 1));
    }
    previous = current;
  }
  return previous[to.length];
}
