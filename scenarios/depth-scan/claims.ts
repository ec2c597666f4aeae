import { type Claim, claim } from "meanfield";
import type { Interval } from "./fits.ts";
import type { Summary } from "./summary.ts";

/** An interval wider than this says too little for a verdict. */
const widestInterval = 0.8;

export function claimsOf(summary: Summary): readonly Claim[] {
  const { exponents, separation } = summary;
  const factor = smallest(separation.map((each) => each.factor));
  const shares = separation.map((each) => each.twoLayerLimitShare).filter((share) => share !== null);
  return [
    ...exponents.map(({ dimension, bottleneckDiscretization: exponent }) =>
      claim.decided({
        id: `bottleneck-discretisation-${dimension}`,
        statement: `d = ${dimension}, 3-layer network: log-log slope of the discretisation part of the loss against the first layer's width`,
        source: "our derivation: an average over independent particles at a fixed time",
        measured: exponent.value,
        low: exponent.low,
        high: exponent.high,
        expected: minusOne("all dimensions together"),
        holds: containsMinusOne(exponent),
      }),
    ),
    claim.decided({
      id: "two-layer-discretisation",
      statement:
        "2-layer network, gradient descent: common log-log slope of the discretisation part against the width, a factor for each dimension",
      source: "our derivation: an average over independent particles at a fixed time",
      measured: summary.twoLayerCommonDiscretizationExponent.value,
      low: summary.twoLayerCommonDiscretizationExponent.low,
      high: summary.twoLayerCommonDiscretizationExponent.high,
      expected: minusOne("95 %"),
      holds: containsMinusOne(summary.twoLayerCommonDiscretizationExponent),
    }),
    claim.atLeast({
      id: "two-layer-flatter",
      statement:
        "the tuned 2-layer loss falls more slowly with the width than the 3-layer loss: smallest difference of their exponents over the dimensions, gradient descent",
      source: "observation",
      ...bounds(smallest(exponents.map((each) => each.twoLayerFlatter))),
      bound: 0,
    }),
    claim.atLeast({
      id: "two-layer-adam-flatter",
      statement: "the same with Adam for the 2-layer network",
      source: "observation",
      ...bounds(smallest(exponents.map((each) => each.twoLayerAdamFlatter))),
      bound: 0,
    }),
    claim.atLeast({
      id: "two-layer-exponent-grows",
      statement:
        "the 2-layer loss flattens as the dimension grows: slope of its exponent against log2 d, gradient descent",
      source: "a guess, that what is hard at high accuracy shows at these sizes too; no theorem says so",
      ...bounds(summary.twoLayerExponentPerDoubling),
      bound: 0,
    }),
    claim.atLeast({
      id: "two-layer-adam-exponent-grows",
      statement: "the same with Adam",
      source: "a guess, as above",
      ...bounds(summary.twoLayerAdamExponentPerDoubling),
      bound: 0,
    }),
    claim.atLeast({
      id: "separation",
      statement:
        "at the largest size the better of the two 2-layer losses divided by the 3-layer loss: smallest over the dimensions",
      source: "observation at these sizes and steps; never the theorem, which is about accuracy 1/poly(d)",
      ...bounds(factor),
      bound: 1,
    }),
    claim.atLeast({
      id: "two-layer-gap-is-time",
      statement:
        "at the largest size more than half of the 2-layer network's loss under gradient descent is its limit's: smallest share over the dimensions",
      source: "observation (the bound is a choice)",
      measured: shares.length === 0 ? null : Math.min(...shares),
      bound: 0.5,
    }),
  ];
}

function minusOne(coverage: string): string {
  return `-1 inside the interval (95 %${coverage === "95 %" ? "" : `, ${coverage}`}), and the interval no wider than ${widestInterval}`;
}

function containsMinusOne({ low, high }: Interval): boolean | null {
  return high - low > widestInterval ? null : low <= -1 && -1 <= high;
}

function bounds(interval: Interval | null) {
  return { measured: interval?.value ?? null, low: interval?.low ?? null, high: interval?.high ?? null };
}

/** The interval with the smallest value, its lower end the smallest of all: every one lies above it. */
function smallest(intervals: readonly Interval[]): Interval {
  const least = intervals.reduce((left, right) => (right.value < left.value ? right : left));
  return { ...least, low: Math.min(...intervals.map(({ low }) => low)) };
}
