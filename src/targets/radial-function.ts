import { invalidValue, MeanfieldError } from "../errors.ts";
import { piecesThrough } from "./linear-pieces.ts";
import { radialTarget } from "./radial-target.ts";
import type { RadialFunctionSpec, Target } from "./target.ts";

export interface RadialFunctionOptions {
  /** f* as a function of r = |x| on [0, upper]: finite and continuous. */
  readonly profile: (radius: number) => number;
  /** In (0, 1e6]; beyond it the target keeps the value profile(upper). */
  readonly upper: number;
  /** Largest error of the linear pieces. @default 1e-6 */
  readonly tolerance?: number;
}

/**
 * f*(x) = profile(min(|x|, upper)). `value` calls the profile itself; exact radial integrals use linear pieces within `tolerance` of it.
 *
 * @throws MeanfieldError `invalid-value`
 */
export function radialFunction(options: RadialFunctionOptions): RadialFunctionSpec {
  const { profile, upper, tolerance = 1e-6 } = options;
  if (typeof profile !== "function") throw invalidValue("profile", "a function of the radius", profile);
  if (!(upper > 0 && upper <= 1e6)) throw invalidValue("upper", "a number in (0, 1000000]", upper);
  if (!(tolerance > 0 && tolerance < Infinity)) throw invalidValue("tolerance", "a positive number", tolerance);
  return Object.freeze({ kind: "radial-function", profile, upper, tolerance });
}

/** @throws MeanfieldError `no-convergence` if 20000 pieces do not reach the tolerance; `not-finite` where the profile is not */
export function buildRadialFunction(spec: RadialFunctionSpec): Target {
  const { profile, upper } = spec;
  const { knots, values } = interpolate(spec);
  return radialTarget(spec, {
    value: (radius) => profile(Math.min(radius, upper)),
    pieces: piecesThrough(knots, values, 0),
    breaks: [upper],
  });
}

const mostPieces = 20_000;
const firstPieces = 16;
/** The error is checked at 15 places inside a piece. */
const probes = 16;
/** Between the probes the error may be larger: by 1/256 where the profile is smooth, by about 1/8 at a kink. */
const margin = 0.88;

/** Halves pieces, from the left, until every one is within the tolerance at all probes. */
function interpolate(spec: RadialFunctionSpec): { knots: number[]; values: number[] } {
  const { upper, tolerance } = spec;
  const knots = [0];
  const values = [finiteValue(spec, 0)];
  const waiting: { end: number; value: number }[] = [];
  for (let piece = firstPieces; piece > 0; piece -= 1) {
    const end = (upper * piece) / firstPieces;
    waiting.push({ end, value: finiteValue(spec, end) });
  }
  while (waiting.length > 0) {
    const next = waiting[waiting.length - 1];
    const start = knots[knots.length - 1];
    const startValue = values[values.length - 1];
    const slope = (next.value - startValue) / (next.end - start);
    let worst = 0;
    for (let probe = 1; probe < probes; probe += 1) {
      const radius = start + ((next.end - start) * probe) / probes;
      worst = Math.max(worst, Math.abs(finiteValue(spec, radius) - startValue - slope * (radius - start)));
    }
    if (worst <= margin * tolerance) {
      knots.push(next.end);
      values.push(next.value);
      waiting.pop();
      continue;
    }
    const isTooNarrow = !(next.end - start > 1e-13 * upper);
    if (isTooNarrow || knots.length + waiting.length > mostPieces) throw noConvergence(spec, start, isTooNarrow);
    const middle = start + (next.end - start) / 2;
    waiting.push({ end: middle, value: finiteValue(spec, middle) });
  }
  return { knots, values };
}

function finiteValue({ profile }: RadialFunctionSpec, radius: number): number {
  const value = profile(radius);
  if (Number.isFinite(value)) return value;
  throw new MeanfieldError("not-finite", `profile: expected a finite value at radius ${radius}, got ${String(value)}`, {
    path: "profile",
    expected: "a finite value",
    got: String(value),
  });
}

function noConvergence({ tolerance }: RadialFunctionSpec, radius: number, isJump: boolean): MeanfieldError {
  const expected = `linear pieces within ${tolerance} of the profile`;
  const got = isJump ? `a jump near radius ${radius}` : `more than ${mostPieces} pieces before radius ${radius}`;
  const suggestion = isJump
    ? "use ballIndicator for a jump, or smooth it"
    : "take a larger tolerance or a smaller upper";
  return new MeanfieldError("no-convergence", `tolerance: expected ${expected}, got ${got}; ${suggestion}`, {
    path: "tolerance",
    expected,
    got,
    suggestion,
  });
}
