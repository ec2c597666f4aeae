import { type Claim, claim } from "meanfield";
import type { Values } from "./parameters.ts";
import type { Summary } from "./summary.ts";

/** Intervals wider than these say too little for a verdict. */
const widestSlope = 0.4;
const widestRatio = 1;

export function claimsOf(summary: Summary, values: Values): readonly Claim[] {
  const { slope, identicalGap, correction, start, drift } = summary;
  return [
    claim.decided({
      id: "gap-slope",
      statement: `log-log slope of the squared gap to infinite width, both layers n wide, against n at time ${values.time}`,
      source:
        "Nguyen and Pham 2020, Pham and Nguyen 2021: the gap is at most of order 1/sqrt(n) (smooth activations, high probability); that its square falls just as 1/n: observation",
      measured: slope.value,
      low: slope.low,
      high: slope.high,
      expected: `-1 inside the 95 % interval, and the interval no wider than ${widestSlope}`,
      holds: slope.high - slope.low > widestSlope ? null : slope.low <= -1 && -1 <= slope.high,
    }),
    claim.atMost({
      id: "identical",
      statement: "largest squared gap at any record where the reference is as wide as the network, M = m",
      source: "our derivation: the same computation twice",
      measured: identicalGap,
      bound: 0,
    }),
    around({
      id: "correction",
      statement: `squared gap over 1 - m/M by a reference twice as wide / by one ${values.factor} times as wide, same networks`,
      source: "our derivation, leading order: docs/theory/wide-coupling.md",
      ratio: correction,
    }),
    ...(start === null
      ? []
      : [
          around({
            id: "start",
            statement: "squared gap over 1 - m/M at time 0 / its expectation, mean over all widths",
            source: "our derivation, leading order: docs/theory/dense-network.md",
            ratio: start,
          }),
        ]),
    ...(drift === null
      ? []
      : [
          claim.interval({
            id: "conservation",
            statement:
              "drift of mean(|w|^2 + c^2) - mean U^2 / the same at half the step size (conserved by the exact flow)",
            source: "our derivation: docs/theory/dense-network.md; an explicit step drifts by O(step size)",
            measured: drift.value,
            low: drift.low,
            high: drift.high,
            from: 1.6,
            to: 2.4,
          }),
        ]),
  ];
}

/** The claim that a ratio is 1 as far as its interval tells. */
function around(options: {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  readonly ratio: { readonly value: number; readonly low: number; readonly high: number };
}): Claim {
  const { ratio, ...rest } = options;
  const { value, low, high } = ratio;
  return claim.decided({
    ...rest,
    measured: value,
    low,
    high,
    expected: `1 inside the 95 % interval, and the interval no wider than ${widestRatio}`,
    holds: high - low > widestRatio ? null : low <= 1 && 1 <= high,
  });
}
