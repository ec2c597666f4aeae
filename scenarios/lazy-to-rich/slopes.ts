import { type MemberResults, numerics } from "meanfield";
import type { Values } from "./parameters.ts";
import type { ScaleCurve } from "./run-scales.ts";
import { type Setting, settings } from "./settings.ts";

export const quantities = ["movement", "kernelChange", "distance"] as const;
export type Quantity = (typeof quantities)[number];

/** A mean over replicas with its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Name of the member that runs one replica of a setting. */
export function memberName(setting: Setting, replica: number): string {
  return `${setting}-${replica}`;
}

/** The curves of a setting's replicas. */
export function curvesOf(results: MemberResults, setting: Setting, { replicas }: Values): readonly ScaleCurve[] {
  return Array.from(
    { length: replicas },
    (_, replica) => results[memberName(setting, replica)].result as unknown as ScaleCurve,
  );
}

/** Mean over replicas with its interval. */
export function meanOver(numbers: readonly number[]): Interval {
  const { value, low, high } = numerics.meanWithInterval(numbers);
  return { value, low, high };
}

/** Log-log slope against gamma over the scales from `fitFrom` on: fitted to each replica, mean over them. */
export function slopeOf(curves: readonly ScaleCurve[], quantity: Quantity, fitFrom: number): Interval {
  return meanOver(
    curves.map((curve) => {
      const chosen = curve.scales
        .map((scale, index) => [scale, curve[quantity][index]])
        .filter(([scale]) => scale >= fitFrom);
      const [x, y] = [chosen.map(([scale]) => scale), chosen.map(([, value]) => value)];
      return numerics.fitPowerLaw(x, y).slope.value;
    }),
  );
}

/** Loss at one scale index over loss at another, mean over replicas of the logarithm, taken back. */
export function lossRatio(curves: readonly ScaleCurve[], above: number, below: number): Interval {
  const { value, low, high } = meanOver(curves.map(({ testLoss }) => Math.log(testLoss[above] / testLoss[below])));
  return { value: Math.exp(value), low: Math.exp(low), high: Math.exp(high) };
}

/** The summary: slopes of all quantities, and the smallest scale's test loss over the largest's, by setting. */
export function summaryOf(results: MemberResults, values: Values) {
  const bySetting = (of: (curves: readonly ScaleCurve[]) => unknown) =>
    Object.fromEntries(settings.map((setting) => [setting, of(curvesOf(results, setting, values))]));
  return {
    slopes: bySetting((curves) =>
      Object.fromEntries(quantities.map((quantity) => [quantity, slopeOf(curves, quantity, values.fitFrom)])),
    ),
    testLossRatio: bySetting((curves) => lossRatio(curves, 0, values.scales.length - 1)),
    largestStability: bySetting((curves) => Math.max(...curves.map(({ stability }) => stability))),
    largestScale: bySetting((curves) => ({
      distance: meanOver(curves.map(({ distance }) => distance[distance.length - 1])),
      testLoss: meanOver(curves.map(({ testLoss }) => testLoss[testLoss.length - 1])),
      kernelTestLoss: meanOver(curves.map(({ kernelTestLoss }) => kernelTestLoss)),
    })),
    smallestScale: bySetting((curves) => ({
      movement: meanOver(curves.map(({ movement }) => movement[0])),
      testLoss: meanOver(curves.map(({ testLoss }) => testLoss[0])),
      trainingLoss: meanOver(curves.map(({ trainingLoss }) => trainingLoss[0])),
    })),
  };
}

export type Summary = ReturnType<typeof summaryOf> & {
  readonly slopes: Readonly<Record<Setting, Readonly<Record<Quantity, Interval>>>>;
  readonly testLossRatio: Readonly<Record<Setting, Interval>>;
};
