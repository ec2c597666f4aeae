import { claim, type JsonObject, numerics } from "meanfield";
import type { NetworkTime } from "./network-time.ts";
import { type Start, startLabels, starts, type Values } from "./parameters.ts";

/** The limit's times: one row for each dimension, one column for each accuracy. */
export interface LimitTimes {
  readonly dimensions: readonly number[];
  readonly times: readonly (readonly (number | null)[])[];
}

export interface Exponent {
  readonly accuracy: number;
  readonly exponent: number;
  readonly low: number;
  readonly high: number;
  readonly intercept: number;
  /** Exponent between the two largest dimensions. */
  readonly last: number;
}

/** Power laws of the time in the dimension from `fitFrom` on, one for each accuracy that is reached in all of these dimensions. */
export function exponentsOf({ dimensions, times }: LimitTimes, values: Values): readonly Exponent[] {
  const rows = dimensions.flatMap((dimension, row) => (dimension >= values.fitFrom ? [row] : []));
  return values.accuracies.flatMap((accuracy, column) => {
    const reached = rows.map((row) => times[row][column]);
    if (reached.some((time) => time === null || time === 0)) return [];
    const at = rows.map((row) => dimensions[row]);
    const { slope, intercept } = numerics.fitPowerLaw(at, reached as number[]);
    const [before, last] = reached.slice(-2) as number[];
    const [smaller, larger] = at.slice(-2);
    return [
      {
        accuracy,
        exponent: slope.value,
        low: slope.low,
        high: slope.high,
        intercept: intercept.value,
        last: Math.log(last / before) / Math.log(larger / smaller),
      },
    ];
  });
}

const scaling = "our scaling argument, docs/time-to-accuracy.md: an observation, no theorem";

export function claimsOf(summary: JsonObject, values: Values) {
  const exponents = (start: Start) => (summary.exponents as JsonObject)[start] as unknown as readonly Exponent[];
  const dimensions = values.dimensions.filter((dimension) => dimension >= values.fitFrom);
  // What sqrt(d log d) looks like to a fit over the same dimensions.
  const upper = numerics.fitPowerLaw(
    dimensions,
    dimensions.map((d) => Math.sqrt(d * Math.log(d))),
  ).slope.value;
  const range = `d = ${dimensions[0]} to ${dimensions[dimensions.length - 1]}`;
  return [
    ...exponents("one").map(({ accuracy, last }) =>
      claim.atMost({
        id: `one-${idOf(accuracy)}`,
        statement: `${startLabels.one}: the time to loss ${accuracy.toExponential()} settles as d grows; exponent between the two largest dimensions`,
        source: scaling,
        measured: last,
        bound: 0.1,
      }),
    ),
    ...exponents("inverse-root").map(({ accuracy, exponent, low, high }) =>
      claim.interval({
        id: `inverse-root-${idOf(accuracy)}`,
        statement: `${startLabels["inverse-root"]}: exponent of the time to loss ${accuracy.toExponential()} in d, fitted over ${range}, between 1/3 (the slow end) and that of sqrt(d log d) over the same dimensions`,
        source: scaling,
        measured: exponent,
        low,
        high,
        from: 0.3333,
        to: Number(upper.toFixed(4)),
      }),
    ),
    ...starts.flatMap((start) =>
      ((summary.networks as JsonObject)[start] as unknown as readonly NetworkTime[]).map(
        ({ dimension, width, limitTime, time, low, high }) =>
          claim.within({
            id: `network-${start}-d${dimension}`,
            statement: `${startLabels[start]}, d = ${dimension}: time of networks of ${width} neurons to loss ${values.networkAccuracy.toExponential()} over the limit's, ${values.replicas} starts`,
            source: "observation",
            measured: quotient(time, limitTime),
            low: quotient(low, limitTime),
            high: quotient(high, limitTime),
            expected: 1,
            tolerance: 0.05,
          }),
      ),
    ),
  ];
}

/** 0.001 as "1e-3". */
export function idOf(accuracy: number): string {
  return accuracy.toExponential().replace(".", "-").replace("+", "");
}

function quotient(numerator: number | null, denominator: number | null): number | null {
  return numerator === null || denominator === null ? null : numerator / denominator;
}
