import type { RadialDistribution, RadialRule } from "../laws/law.ts";
import { createPieceBuffer, type PieceBuffer, type RayBundle } from "../networks/ray.ts";
import type { LinearPieces } from "../targets/target.ts";
import {
  type ChainPieces,
  createExactProducts,
  productCount,
  quadratureProducts,
  valuesAt,
} from "./bracket-products.ts";
import type { EvaluationSet } from "./evaluation-set.ts";
import { createGroupMeans, type GroupMeans } from "./group-mean.ts";

/** A function of r alone: the target, a limit, a spherical mean. */
export interface RadialFunction {
  value(radius: number): number;
  /** Null where it is not piecewise linear; then a quadrature rule serves. */
  readonly pieces: LinearPieces | null;
}

/** How radial integrals are taken: exactly where everything is piecewise linear, else by this rule. */
export interface RadialMeasure {
  readonly radius: RadialDistribution;
  rule(): RadialRule;
}

/** Pieces that `pieces` or `centredPieces` of a bundle write. */
type RayPieces = (ray: number, into: PieceBuffer) => void;

/**
 * Bracket products of the chain f, g_1, ..., g_n over the rays of an evaluation set, f the network (given by `rayPieces`) and g_i functions of r.
 * All products are taken on the same points, so sums of them are identities up to rounding.
 */
export function chainMeans(
  bundle: RayBundle,
  rayPieces: RayPieces,
  functions: readonly RadialFunction[],
  measure: RadialMeasure,
  evaluation: EvaluationSet,
): GroupMeans {
  const products = new Float64Array(productCount(functions.length + 1));
  const means = createGroupMeans(products.length, evaluation.groupSize);
  const network = createPieceBuffer(bundle.capacity);
  const pieces = functions.map((item) => item.pieces);
  if (pieces.every((item) => item !== null)) {
    const exact = createExactProducts(measure.radius);
    const chain: readonly ChainPieces[] = [network, ...pieces];
    for (let ray = 0; ray < bundle.count; ray += 1) {
      rayPieces(ray, network);
      exact.measure(chain, products);
      means.add(products);
    }
    return means;
  }
  const rule = measure.rule();
  const networkValues = new Float64Array(rule.nodes.length);
  const chain = [networkValues, ...functions.map((item) => rule.nodes.map((node) => item.value(node)))];
  for (let ray = 0; ray < bundle.count; ray += 1) {
    rayPieces(ray, network);
    valuesAt(network, rule.nodes, networkValues);
    quadratureProducts(rule, chain, products);
    means.add(products);
  }
  return means;
}
