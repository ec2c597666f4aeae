import { type ErrorCode, type ErrorDetails, errorCodes } from "../errors.ts";

/** A failure as data. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
  /** Where it was thrown, for the author of a scenario; null for failures that explain themselves. */
  readonly stack: string | null;
}

/**
 * Whatever was thrown, as data. Known by its fields, not its class: a user's scenario may bring a MeanfieldError of another instance of the
 * library.
 *
 * @param own code of an error without a code of ours; `user-function-failed` where a scenario's function threw it
 */
export function failureOf(error: unknown, own: ErrorCode = "worker-failed"): Failure {
  if (!(error instanceof Error)) return { code: own, message: String(error), details: {}, stack: null };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  if (error.name === "MeanfieldError" && Object.hasOwn(errorCodes, code)) {
    const details = "details" in error ? (error.details as ErrorDetails) : {};
    return { code: code as ErrorCode, message: error.message, details, stack: null };
  }
  return { code: own, message: `${error.name}: ${error.message}`, details: {}, stack: error.stack ?? null };
}
