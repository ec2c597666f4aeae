import { invalidValue } from "../errors.ts";
import type { Claim, Verdict } from "./claim.ts";

/** What every claim builder takes. */
export interface ClaimOptions {
  /** Lower case and hyphens, unique in the scenario. */
  readonly id: string;
  readonly statement: string;
  /** A theorem with its paper, "our derivation", or "observation". */
  readonly source: string;
  /** The measured value; null where it could not be measured. */
  readonly measured: number | null;
  /**
   * The interval of the measured value. Leave both out where the value is exact; null where an end is not known, which can never
   * make a claim hold on that side.
   */
  readonly low?: number | null;
  readonly high?: number | null;
}

/** The claim that the value lies within `tolerance` of `expected`. */
function within(options: ClaimOptions & { readonly expected: number; readonly tolerance: number }): Claim {
  const expected = finite("expected", options.expected);
  const tolerance = finite("tolerance", options.tolerance);
  if (tolerance < 0) throw invalidValue("tolerance", "a number >= 0", tolerance);
  return judge(options, expected - tolerance, expected + tolerance, expected, tolerance);
}

/** The claim that the value is at most `bound`. */
function atMost(options: ClaimOptions & { readonly bound: number }): Claim {
  const bound = finite("bound", options.bound);
  return judge(options, Number.NEGATIVE_INFINITY, bound, `<= ${bound}`, null);
}

/** The claim that the value is at least `bound`. */
function atLeast(options: ClaimOptions & { readonly bound: number }): Claim {
  const bound = finite("bound", options.bound);
  return judge(options, bound, Number.POSITIVE_INFINITY, `>= ${bound}`, null);
}

/** The claim that the value lies in [from, to]. */
function interval(options: ClaimOptions & { readonly from: number; readonly to: number }): Claim {
  const from = finite("from", options.from);
  const to = finite("to", options.to);
  if (from > to) throw invalidValue("from", `a number <= to = ${to}`, from);
  return judge(options, from, to, `in [${from}, ${to}]`, null);
}

/** A claim whose verdict its author decides: `holds` null means that the measurement cannot tell. */
function decided(
  options: ClaimOptions & {
    readonly holds: boolean | null;
    readonly expected: string;
    readonly tolerance?: number | string;
  },
): Claim {
  const accepted: Verdict = options.holds === null ? "inconclusive" : options.holds ? "holds" : "fails";
  return describe(options, options.expected, options.tolerance ?? null, accepted);
}

/**
 * Builders of claims. A claim holds if the whole interval of the measured value lies inside the accepted range, fails if it lies entirely
 * outside, and is inconclusive otherwise or where nothing was measured.
 */
export const claim = Object.freeze({ within, atMost, atLeast, interval, decided });

/** What a verdict means to a program: true, false, or null where the measurement cannot tell. */
export function passOf(verdict: Verdict): boolean | null {
  if (verdict === "inconclusive") return null;
  return verdict === "holds";
}

function judge(
  options: ClaimOptions,
  from: number,
  to: number,
  expected: number | string,
  tolerance: number | null,
): Claim {
  const { measured } = options;
  if (measured === null) return describe(options, expected, tolerance, "inconclusive");
  const isExact = options.low === undefined && options.high === undefined;
  const low = isExact ? measured : (options.low ?? Number.NEGATIVE_INFINITY);
  const high = isExact ? measured : (options.high ?? Number.POSITIVE_INFINITY);
  const verdict: Verdict = low >= from && high <= to ? "holds" : high < from || low > to ? "fails" : "inconclusive";
  return describe(options, expected, tolerance, verdict);
}

function describe(
  options: ClaimOptions,
  expected: number | string,
  tolerance: number | string | null,
  verdict: Verdict,
): Claim {
  const { id, statement, source } = options;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id)) throw invalidValue("id", "lower case letters, digits and hyphens", id);
  const measured = options.measured === null ? null : finite(`${id}.measured`, options.measured);
  const isExact = options.low === undefined && options.high === undefined;
  const low = isExact ? measured : orNull(`${id}.low`, options.low);
  const high = isExact ? measured : orNull(`${id}.high`, options.high);
  if (measured !== null && low !== null && low > measured)
    throw invalidValue(`${id}.low`, `a number <= ${measured}`, low);
  if (measured !== null && high !== null && high < measured) {
    throw invalidValue(`${id}.high`, `a number >= ${measured}`, high);
  }
  return Object.freeze({ id, statement, source, measured, low, high, expected, tolerance, verdict });
}

function orNull(path: string, value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : finite(path, value);
}

function finite(path: string, value: number): number {
  if (!Number.isFinite(value))
    throw invalidValue(path, "a finite number", value, "use null where nothing was measured");
  return value;
}
