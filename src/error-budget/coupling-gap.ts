import type { RadialRule } from "../laws/law.ts";
import { createPieceBuffer, linearPiecesOf, type PieceBuffer, type RayBundle } from "../networks/ray.ts";
import { mean, standardError } from "../numerics/statistics.ts";
import type { LinearPieces } from "../targets/target.ts";
import { createExactProducts, pieceMoments, productCount, quadratureProducts } from "./bracket-products.ts";
import type { EvaluationSet } from "./evaluation-set.ts";
import { createGroupMeans, type GroupMeans } from "./group-mean.ts";
import type { RadialFunction, RadialMeasure } from "./ray-chain.ts";
import type { Measured } from "./terms.ts";

/** A network beside a wide reference of its own family: both functions differ from ray to ray. */
export interface CouplingTerms {
  /** 1/2 E(f - f_M)^2 */
  readonly gap: Measured;
  /** 1/2 E(f_M - f*)^2 */
  readonly referenceLoss: Measured;
}

/**
 * The squared distance of a network to a wide reference, and the reference's own loss, along the rays of an evaluation set.
 *
 * Where the records' other terms integrate the radius exactly this does so too, between the breaks of both networks; where they take the rule, the rule.
 *
 * @param isExact whether the radius is integrated piece by piece: for networks whose spherical mean is piecewise linear
 */
export function couplingTerms(
  network: RayBundle,
  reference: RayBundle,
  target: RadialFunction,
  measure: RadialMeasure,
  evaluation: EvaluationSet,
  isExact: boolean,
): CouplingTerms {
  const means = createGroupMeans(productCount(3), evaluation.groupSize);
  if (isExact && target.pieces !== null) addExactly(network, reference, target.pieces, measure, means);
  else addByRule(network, reference, target, measure.rule(), means);
  return { gap: means.result(0, 0.5), referenceLoss: means.result(2, 0.5) };
}

/** The same over samples: values of f, f_M and f* at independent points of the law. */
export function couplingOnSamples(
  network: Float64Array,
  reference: Float64Array,
  targets: Float64Array,
): CouplingTerms {
  return {
    gap: measured(network.map((value, sample) => 0.5 * (value - reference[sample]) ** 2)),
    referenceLoss: measured(reference.map((value, sample) => 0.5 * (value - targets[sample]) ** 2)),
  };
}

function measured(values: Float64Array): Measured {
  return { value: mean(values), error: standardError(values) };
}

function addExactly(
  network: RayBundle,
  reference: RayBundle,
  target: LinearPieces,
  { radius }: RadialMeasure,
  means: GroupMeans,
): void {
  const small = createPieceBuffer(network.capacity);
  const wide = createPieceBuffer(reference.capacity);
  const moments = new Float64Array(3 * network.capacity);
  const products = new Float64Array(productCount(3));
  const writeSmall = linearPiecesOf(network);
  const writeWide = linearPiecesOf(reference);
  for (let ray = 0; ray < network.count; ray += 1) {
    writeSmall(ray, small);
    writeWide(ray, wide);
    pieceMoments(radius, small, moments);
    createExactProducts(radius, [written(wide), target]).measure(small, moments, products);
    means.add(products);
  }
}

function addByRule(
  network: RayBundle,
  reference: RayBundle,
  target: RadialFunction,
  rule: RadialRule,
  means: GroupMeans,
): void {
  const { nodes } = rule;
  const readSmall = network.valuesAt(nodes);
  const readWide = reference.valuesAt(nodes);
  const small = new Float64Array(nodes.length);
  const wide = new Float64Array(nodes.length);
  const chain = [small, wide, target.valuesAt?.(nodes) ?? nodes.map((node) => target.value(node))];
  const products = new Float64Array(productCount(3));
  for (let ray = 0; ray < network.count; ray += 1) {
    readSmall(ray, small);
    readWide(ray, wide);
    quadratureProducts(rule, chain, products);
    means.add(products);
  }
}

function written({ count, starts, slopes, intercepts }: PieceBuffer): LinearPieces {
  return {
    starts: starts.subarray(0, count),
    slopes: slopes.subarray(0, count),
    intercepts: intercepts.subarray(0, count),
  };
}
