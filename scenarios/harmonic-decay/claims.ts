import { claim, type JsonObject, numerics } from "meanfield";
import { type Decay, type DecayPoint, levelOf } from "./measure.ts";
import type { Values } from "./parameters.ts";
import { type Part, partsOf } from "./parts.ts";

const derivation = "our derivation: docs/theory/harmonic-decay.md";

export function claimsOf(summary: JsonObject, values: Values) {
  const decayOf = (part: Part) => summary[part.name] as unknown as Decay;
  const parts = partsOf(values);
  const judged = parts.filter(({ kind }) => kind === "training" || kind === "optimum");
  const growth = parts.filter(({ kind }) => kind === "growth");
  return [
    ...judged.map((part) => decayClaim(part, decayOf(part), values)),
    ...flowClaims(parts, decayOf, values),
    ...growth.flatMap((part) => growthClaims(part, decayOf(part), values)),
    ladderClaim(summary),
  ];
}

function decayClaim(part: Part, decay: Decay, values: Values) {
  const last = lastOf(decay);
  const where = part.kind === "training" ? "along the training trajectory" : "at the optimum";
  return claim.within({
    id: part.name,
    statement: `d = ${part.dimension}, degree ${part.degree}, ${where}, time ${round(last.time)}: measured over predicted decay, that is log of the amplitude's ratio (${percent(levelOf(values))} interval); predicted ratio ${last.predicted.toPrecision(4)}, measured ${last.ratio.toPrecision(4)}`,
    source: derivation,
    measured: last.agreement,
    low: last.agreementLow,
    high: last.agreementHigh,
    expected: 1,
    tolerance: values.tolerance,
  });
}

/** What an early implementation found in d = 10, from the flow's exact trajectory: at each time the prediction should lie in the measured interval. */
function flowClaims(parts: readonly Part[], decayOf: (part: Part) => Decay, values: Values) {
  const chosen = parts.filter(({ kind, degree }) => kind === "training" && degree <= 2);
  return chosen.map((part) => {
    const { points } = decayOf(part);
    const covered = points.every(({ low, high, flow }) => low <= flow && flow <= high);
    const last = points[points.length - 1];
    return claim.decided({
      id: `flow-d${part.dimension}-degree${part.degree}`,
      statement: `d = ${part.dimension}, degree ${part.degree}: the ratios at times ${values.times.join(", ")} are those of the exact flow, ${points.map(({ flow }) => flow.toFixed(4)).join(", ")}; measured ${points.map(({ ratio }) => ratio.toFixed(4)).join(", ")}`,
      source: derivation,
      measured: last.ratio,
      low: last.low,
      high: last.high,
      expected: `the flow's ratio inside the ${percent(levelOf(values))} interval at every time`,
      holds: covered,
    });
  });
}

function growthClaims(part: Part, decay: Decay, values: Values) {
  const peak = decay.points.reduce((best, point) => (point.predicted > best.predicted ? point : best));
  return [
    claim.atLeast({
      id: "negative-force-grows",
      statement: `d = ${part.dimension}, degree ${part.degree}, from a kink at radius ${part.b}, where A < 0: the amplitude grows first; its ratio to the start at time ${round(peak.time)}`,
      source: derivation,
      measured: peak.ratio,
      low: peak.low,
      high: peak.high,
      bound: 1,
    }),
    claim.within({
      id: "negative-force-rate",
      statement: `the same: log of the measured ratio over log of the predicted ${peak.predicted.toPrecision(4)}`,
      source: derivation,
      measured: peak.agreement,
      low: peak.agreementLow,
      high: peak.agreementHigh,
      expected: 1,
      tolerance: values.tolerance,
    }),
  ];
}

/** Fewer widths than this at which the miss is told from 0 give no slope. */
const fewestWidths = 3;

function ladderClaim(summary: JsonObject) {
  const fit = summary.ladderFit as unknown as LadderFit | null;
  return claim.decided({
    id: "first-order-ends",
    statement:
      "narrow networks, degree 1: log-log slope against width of |measured/predicted decay - 1|, over the widths where it differs from 0",
    source: "our derivation says -1 in the mean over starts to leading order; where that sets in is an observation",
    measured: fit?.slope ?? null,
    low: fit?.low ?? null,
    high: fit?.high ?? null,
    expected: "-1 inside the 95 % interval, and the interval no wider than 1",
    holds: fit === null || fit.high - fit.low > 1 ? null : fit.low <= -1 && -1 <= fit.high,
  });
}

export interface LadderFit {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  readonly intercept: number;
  readonly widths: number;
}

/** Power law of the miss over the widths at which its interval leaves 0 out; null if too few. */
export function ladderFitOf(decays: readonly Decay[]): LadderFit | null {
  const certain = decays.filter((decay) => {
    const { agreementLow, agreementHigh } = lastOf(decay);
    return agreementLow > 1 || agreementHigh < 1;
  });
  if (certain.length < fewestWidths) return null;
  const { slope, intercept } = numerics.fitPowerLaw(
    certain.map(({ width }) => width),
    certain.map((decay) => Math.abs(lastOf(decay).agreement - 1)),
    { errors: certain.map((decay) => (lastOf(decay).agreementHigh - lastOf(decay).agreementLow) / 4) },
  );
  return {
    slope: slope.value,
    low: slope.low,
    high: slope.high,
    intercept: intercept.value,
    widths: certain.length,
  };
}

export function lastOf({ points }: Decay): DecayPoint {
  return points[points.length - 1];
}

function round(value: number): string {
  return Number(value.toPrecision(3)).toString();
}

function percent(level: number): string {
  return `${(100 * level).toFixed(2)} %`;
}
