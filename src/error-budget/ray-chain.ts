import type { RadialDistribution, RadialRule } from "../laws/law.ts";
import { createPieceBuffer, type RayBundle, type RayPieces, valuesOfPieces } from "../networks/ray.ts";
import type { LinearPieces } from "../targets/target.ts";
import { createExactProducts, pieceMoments, productCount, quadratureProducts } from "./bracket-products.ts";
import type { EvaluationSet } from "./evaluation-set.ts";
import { createGroupMeans, type GroupMeans } from "./group-mean.ts";

/** A function of r alone: the target, a limit, a spherical mean. */
export interface RadialFunction {
  value(radius: number): number;
  /** The values at ascending positive radii at once, where that is faster than one by one. */
  valuesAt?(radii: Float64Array): Float64Array;
  /** Null where it is not piecewise linear; then a quadrature rule serves. */
  readonly pieces: LinearPieces | null;
}

/** How radial integrals are taken: exactly where everything is piecewise linear, else by this rule. */
export interface RadialMeasure {
  readonly radius: RadialDistribution;
  rule(): RadialRule;
}

/** A chain f, g_1, ..., g_n: f along the rays, the network or its centred form, and g_i functions of r. */
export interface Chain {
  /** `pieces` or `centredPieces` of the bundle; null for a network that has none. */
  readonly network: RayPieces | null;
  readonly functions: readonly RadialFunction[];
}

/**
 * Bracket products of several chains over the rays of an evaluation set, each ray looked at once for all of them. All products of a chain are taken
 * on the same points, so sums of them are identities up to rounding.
 *
 * @returns the means of each chain's products
 */
export function chainMeans(
  bundle: RayBundle,
  chains: readonly Chain[],
  measure: RadialMeasure,
  evaluation: EvaluationSet,
): readonly GroupMeans[] {
  const results = new Map<Chain, GroupMeans>();
  for (const network of new Set(chains.map((chain) => chain.network))) {
    const own = chains.filter((chain) => chain.network === network);
    const exact = network === null ? [] : own.filter((chain) => piecesOf(chain) !== null);
    const ruled = own.filter((chain) => !exact.includes(chain));
    if (network !== null && exact.length > 0)
      measureExactly(bundle, network, exact, measure.radius, evaluation, results);
    if (ruled.length > 0) measureByRule(bundle, network, ruled, measure.rule(), evaluation, results);
  }
  return chains.map((chain) => results.get(chain) as GroupMeans);
}

/** The linear pieces of a chain's functions of r; null where one of them has none, and only a rule serves. */
function piecesOf({ functions }: Chain): readonly LinearPieces[] | null {
  const pieces = functions.map((item) => item.pieces).filter((item) => item !== null);
  return pieces.length === functions.length ? pieces : null;
}

function measureExactly(
  bundle: RayBundle,
  rayPieces: RayPieces,
  chains: readonly Chain[],
  radius: RadialDistribution,
  evaluation: EvaluationSet,
  results: Map<Chain, GroupMeans>,
): void {
  const network = createPieceBuffer(bundle.capacity);
  const moments = new Float64Array(3 * bundle.capacity);
  const jobs = chains.map((chain) => ({
    ...resultOf(chain, evaluation, results),
    exact: createExactProducts(radius, piecesOf(chain) ?? []),
  }));
  for (let ray = 0; ray < bundle.count; ray += 1) {
    rayPieces(ray, network);
    pieceMoments(radius, network, moments);
    for (const { exact, products, means } of jobs) {
      exact.measure(network, moments, products);
      means.add(products);
    }
  }
}

function measureByRule(
  bundle: RayBundle,
  rayPieces: RayPieces | null,
  chains: readonly Chain[],
  rule: RadialRule,
  evaluation: EvaluationSet,
  results: Map<Chain, GroupMeans>,
): void {
  const { nodes } = rule;
  const values = new Float64Array(nodes.length);
  const jobs = chains.map((chain) => ({
    ...resultOf(chain, evaluation, results),
    functions: [
      values,
      ...chain.functions.map((item) => item.valuesAt?.(nodes) ?? nodes.map((node) => item.value(node))),
    ],
  }));
  const isWhole = rayPieces === null || rayPieces === bundle.pieces;
  const read = isWhole ? bundle.valuesAt(nodes) : valuesOfPieces(bundle, rayPieces, nodes);
  for (let ray = 0; ray < bundle.count; ray += 1) {
    read(ray, values);
    for (const { functions, products, means } of jobs) {
      quadratureProducts(rule, functions, products);
      means.add(products);
    }
  }
}

function resultOf(chain: Chain, evaluation: EvaluationSet, results: Map<Chain, GroupMeans>) {
  const products = new Float64Array(productCount(chain.functions.length + 1));
  const means = createGroupMeans(products.length, evaluation.groupSize);
  results.set(chain, means);
  return { products, means };
}
