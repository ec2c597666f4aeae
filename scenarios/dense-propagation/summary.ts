import { type JsonObject, laws, type MemberResults, numerics, problemOf } from "meanfield";
import { type Interval, pairedRatio } from "../estimates/ratio.ts";
import type { Values } from "./parameters.ts";
import type { Rung } from "./run-width.ts";

export interface Summary extends JsonObject {
  /** Exponent of the corrected gap in the width, at the last record time. */
  readonly slope: Interval;
  /** The same at every record time. */
  readonly slopes: readonly (Interval & { readonly time: number; readonly intercept: number })[];
  /** Largest gap at any time where the reference is as wide as the network. */
  readonly identicalGap: number;
  /** Mean corrected gap by a reference twice as wide over that by the scenario's factor, same networks. */
  readonly correction: Interval;
  /** Mean corrected gap at time 0 over its expectation to leading order; null where no closed form is known. */
  readonly start: Interval | null;
  /** Drift of the balance at one step size over that at half of it; null for an activation that conserves none. */
  readonly drift: Interval | null;
  readonly points: readonly { readonly width: number; readonly gap: number; readonly gapError: number }[];
}

export function summarise(results: MemberResults, values: Values): Summary {
  const rungs = ladder(results, values);
  const { times } = rungs[0];
  const last = times.length - 1;
  const slopes = times.map((time, at) => ({ time, ...slopeAt(rungs, at) }));
  const { value, low, high } = slopes[last];
  const twice = rungOf(results, "twice").corrected.map((gaps) => gaps[last]);
  const same = middle(rungs).corrected.map((gaps) => gaps[last]);
  const drifts = (results.drift?.result.drifts ?? null) as readonly (readonly number[])[] | null;
  return {
    slope: { value, low, high },
    slopes,
    identicalGap: Math.max(...rungOf(results, "identical").raw.flat()),
    correction: pairedRatio(twice, same),
    start: startRatio(rungs, values),
    drift: drifts === null ? null : pairedRatio(drifts[0], drifts[1]),
    points: rungs.map(({ width, corrected }) => {
      const gaps = corrected.map((each) => each[last]);
      return { width, gap: numerics.mean(gaps), gapError: numerics.standardError(gaps) };
    }),
  };
}

export function ladder(results: MemberResults, values: Values): readonly Rung[] {
  return values.widths.map((width) => rungOf(results, `width-${width}`));
}

function rungOf(results: MemberResults, member: string): Rung {
  return results[member].result as unknown as Rung;
}

/** The width in the middle of a ladder: the one that is looked at more closely. */
export function middle<Item>(rungs: readonly Item[]): Item {
  return rungs[Math.floor((rungs.length - 1) / 2)];
}

/** Least squares of the logarithms of all replicas' gaps, which scatter alike at every width, on the width's. */
function slopeAt(rungs: readonly Rung[], at: number) {
  const fit = numerics.fitPowerLaw(
    rungs.flatMap(({ width, corrected }) => corrected.map(() => width)),
    rungs.flatMap(({ corrected }) => corrected.map((gaps) => gaps[at])),
  );
  const { value, low, high } = fit.slope;
  return { value, low, high, intercept: fit.intercept.value };
}

/** At the start f_inf = 0 and E f^2 = (k/n)(1 + (k/n)(E|x|^2 + 1)) with k = 1/2 for ReLU (docs/theory/dense-network.md): what the gaps of all widths are over that. */
function startRatio(rungs: readonly Rung[], values: Values): Interval | null {
  const { radius } = laws.buildLaw(problemOf(values).law);
  if (values.activation !== "relu" || radius === null) return null;
  const ratios = rungs.flatMap(({ width, corrected }) => {
    const expected = (0.25 / width) * (1 + (0.5 / width) * (radius.secondMoment + 1));
    return corrected.map((gaps) => gaps[0] / expected);
  });
  const { value, low, high } = numerics.meanWithInterval(ratios);
  return { value, low, high };
}
