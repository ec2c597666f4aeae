import { type Claim, claim } from "meanfield";
import type { Interval } from "../estimates/ratio.ts";
import type { Values } from "./parameters.ts";
import { batchFactor } from "./run-member.ts";
import type { Summary } from "./summary.ts";

/** Intervals wider than these say too little for a verdict. */
const widestSlope = 0.4;
const widestQuotient = 16;
const widestCumulant = 1;

export function claimsOf(summary: Summary, values: Values): readonly Claim[] {
  const { width, widthAtAllTimes, samplingAtInfiniteWidth, batchRatio, shape } = summary;
  // The time whose exponent lies farthest from -1, in units of its own interval.
  const distance = ({ value, low, high }: Interval) => Math.abs(value + 1) / (high - low);
  const slopes = widthAtAllTimes.map(({ slope }) => slope);
  const worst = slopes.reduce((most, each) =>
    most !== null && each !== null && distance(each) > distance(most) ? each : most,
  );
  return [
    containing({
      id: "width-slope",
      statement: `log-log slope of the width part of E(f - f_inf)^2 against m at time ${values.time}`,
      source:
        "central limit theorem for the particles (first order in their measure); bounds: Mei, Misiakiewicz, Montanari 2019",
      interval: width,
      expected: -1,
      widest: widestSlope,
    }),
    containing({
      id: "collapse",
      statement:
        "the same at every record time after the start: the slope farthest from -1, 95 % for all times at once",
      source: "observation: m times the width part settles to one curve of time",
      interval: slopes.includes(null) ? null : worst,
      expected: -1,
      widest: 2 * widestSlope,
    }),
    claim.atLeast({
      id: "sampling-stays",
      statement: `sampling part at infinite width, by a line in 1/m, at time ${values.time}: the noise of samples is common to all particles`,
      source: "our derivation: docs/theory/replicas.md",
      measured: samplingAtInfiniteWidth.value,
      low: samplingAtInfiniteWidth.low,
      high: samplingAtInfiniteWidth.high,
      bound: 0,
    }),
    containing({
      id: "sampling-batch",
      statement: `sampling part / the same with batches ${batchFactor} times as large, at the middle width`,
      source: "our derivation: independent samples, first order in the step size",
      interval: batchRatio,
      expected: batchFactor,
      widest: widestQuotient,
    }),
    containing({
      id: "skewness",
      statement: `skewness of f - f_inf at one point over ${shape.starts} starts of the widest network`,
      source: "central limit theorem for the particles: Gaussian as m grows, skewness of order 1/sqrt(m)",
      interval: shape.skewness,
      expected: 0,
      widest: widestCumulant,
    }),
    containing({
      id: "kurtosis",
      statement: `excess kurtosis of f - f_inf at one point over ${shape.starts} starts of the widest network`,
      source: "central limit theorem for the particles: Gaussian as m grows",
      interval: shape.excessKurtosis,
      expected: 0,
      widest: 2 * widestCumulant,
    }),
  ];
}

/** The claim that an interval holds the expected number and is narrow enough to mean something; inconclusive where nothing was measured. */
function containing(options: {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly interval: Interval | null;
  readonly expected: number;
  readonly widest: number;
}): Claim {
  const { interval, expected, widest, ...rest } = options;
  const isTelling = interval !== null && interval.high - interval.low <= widest;
  return claim.decided({
    ...rest,
    measured: interval?.value ?? null,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    expected: `${expected} inside the interval, and the interval no wider than ${widest}`,
    holds: isTelling ? interval.low <= expected && expected <= interval.high : null,
  });
}
