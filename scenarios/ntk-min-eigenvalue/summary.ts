import { type MemberResults, numerics } from "meanfield";
import type { Interval } from "../estimates/ratio.ts";
import { sharpConstant } from "./edge.ts";
import type { FeatureDraw } from "./features.ts";
import type { NetworkDraw } from "./finite-network.ts";
import { joined, type NetworkCell, networksOfMember } from "./networks.ts";
import type { Values } from "./parameters.ts";
import { drawsOfMember, type Rate, type RateDraws, type RateMedian, ratesOf } from "./rate.ts";
import { type Cell, formulas, type InputLaw } from "./sphere.ts";

/** A cell of infinitely wide networks without its single draws. */
export interface CellMean {
  readonly law: InputLaw;
  readonly dimension: number;
  readonly inputs: number;
  readonly weightLayers: number;
  /** The mean of lambda_min/d with its 95 % interval. */
  readonly mean: Interval;
  readonly smallest: number;
  readonly largest: number;
  readonly edge: number | null;
}

/** Networks of the same widths, over their draws. */
export interface NetworkMean extends Omit<NetworkCell, "draws"> {
  readonly draws: number;
  /** Mean ratio of smallest eigenvalues, refused ones counted as 0, with its 95 % interval. */
  readonly ratio: Interval;
  /** Largest ratio of the upper bounds. */
  readonly largest: number;
  /** Draws whose matrix was refused as singular, those of them with a layer off at an input, and all draws with one. */
  readonly singular: number;
  readonly singularDead: number;
  readonly drawsDead: number;
  /** Inputs per draw at which a layer is off. */
  readonly dead: { readonly value: number; readonly error: number };
}

/** Features of one width, over the draws. */
export interface FeatureMean {
  readonly width: number;
  /** sigma_min(F_1)^2/(n_1 d). */
  readonly value: Interval;
  /** Over its limit and over the edge at this width. */
  readonly overLimit: Interval;
  readonly overEdge: Interval;
  /** The mean of the edge over the limit. */
  readonly edge: number;
}

/** Everything that claims and figures read. */
export interface Summary {
  /** Largest relative distance of the means from the sharp constants, all depths and ratios N/d, at the largest dimension. */
  readonly largestGap: number;
  readonly formulas: ReturnType<typeof formulas>;
  readonly proportional: readonly CellMean[];
  readonly bounds: readonly CellMean[];
  readonly powers: readonly CellMean[];
  readonly fixed: readonly CellMean[];
  readonly rates: readonly Rate[];
  readonly medians: readonly RateMedian[];
  readonly twoLayer: readonly NetworkMean[];
  readonly deep: readonly NetworkMean[];
  readonly features: readonly FeatureMean[];
  readonly featureLimit: Interval;
  /** Largest width of all enclosures of infinitely wide networks' eigenvalues, over the kernel's diagonal. */
  readonly widestEnclosure: number;
}

/** Names of the members, in their groups. */
export function memberNames(values: Values) {
  const chunks = (draws: number, size: number) => Array.from({ length: Math.ceil(draws / size) }, (_, index) => index);
  return {
    proportional: values.dimensions.map((dimension) => `sphere-d${dimension}`),
    bounds: values.boundDimensions.map((dimension) => `bounds-d${dimension}`),
    powers: values.powerDimensions.map((dimension) => `power-d${dimension}`),
    fixed: values.fixedDimensions.map((dimension) => `fixed-d${dimension}`),
    rates: values.lowDimensions.flatMap((dimension) =>
      chunks(values.rateDraws, drawsOfMember).map((chunk) => `rate-d${dimension}-${chunk}`),
    ),
    twoLayer: values.networkDimensions.map((dimension) =>
      chunks(values.networkDraws, networksOfMember).map((chunk) => `two-layer-d${dimension}-${chunk}`),
    ),
    deep: chunks(values.networkDraws, networksOfMember).map((chunk) => `deep-${chunk}`),
  };
}

export function summaryOf(results: MemberResults, values: Values): Summary {
  const names = memberNames(values);
  const resultOf = <Result>(name: string) => results[name].result as unknown as Result;
  const cells = (group: readonly string[]) => group.flatMap((name) => resultOf<{ cells: readonly Cell[] }>(name).cells);
  const networks = (group: readonly string[]) =>
    joined(group.map((name) => resultOf<{ cells: readonly NetworkCell[] }>(name).cells)).map(networkMean);
  const infinite = [names.proportional, names.bounds, names.powers, names.fixed].map(cells);
  const [proportional, bounds, powers, fixed] = infinite.map((group) => group.map(cellMean));
  const rates = names.rates.map((name) => resultOf<RateDraws>(name));
  const { draws: features } = resultOf<{ draws: readonly FeatureDraw[] }>("features");
  const lastDimension = values.dimensions[values.dimensions.length - 1];
  const gaps = proportional
    .filter(({ dimension }) => dimension === lastDimension)
    .map(({ mean, inputs, dimension, weightLayers }) =>
      Math.abs(mean.value / sharpConstant(weightLayers, inputs / dimension) - 1),
    );
  return {
    largestGap: Math.max(...gaps),
    formulas: formulas(values.weightLayers, values.inputRatios),
    proportional,
    bounds,
    powers,
    fixed,
    ...ratesOf(rates, values),
    twoLayer: names.twoLayer.flatMap(networks),
    deep: networks(names.deep),
    features: values.featureWidths.map((width, index) => featureMean(width, index, features)),
    featureLimit: intervalOf(features.map(({ limit }) => limit)),
    widestEnclosure: Math.max(...infinite.flat().map(({ width }) => width), ...rates.map(({ width }) => width)),
  };
}

function intervalOf(values: readonly number[]): Interval {
  const { value, low, high } = numerics.meanWithInterval(values);
  return { value, low, high };
}

function cellMean({ values, width, ...rest }: Cell): CellMean {
  return { ...rest, mean: intervalOf(values), smallest: Math.min(...values), largest: Math.max(...values) };
}

function networkMean({ draws, ...rest }: NetworkCell): NetworkMean {
  const count = (is: (draw: NetworkDraw) => boolean) => draws.filter(is).length;
  return {
    ...rest,
    draws: draws.length,
    ratio: intervalOf(draws.map(({ ratio }) => ratio)),
    largest: Math.max(...draws.map(({ high }) => high)),
    singular: count(({ isSingular }) => isSingular),
    singularDead: count(({ isSingular, deadInputs }) => isSingular && deadInputs > 0),
    drawsDead: count(({ deadInputs }) => deadInputs > 0),
    dead: {
      value: numerics.mean(draws.map(({ deadInputs }) => deadInputs)),
      error: numerics.standardError(draws.map(({ deadInputs }) => deadInputs)),
    },
  };
}

function featureMean(width: number, index: number, draws: readonly FeatureDraw[]): FeatureMean {
  return {
    width,
    value: intervalOf(draws.map(({ values }) => values[index])),
    overLimit: intervalOf(draws.map(({ values, limit }) => values[index] / limit)),
    overEdge: intervalOf(draws.map(({ values, edges }) => values[index] / edges[index])),
    edge: numerics.mean(draws.map(({ edges, limit }) => edges[index] / limit)),
  };
}
