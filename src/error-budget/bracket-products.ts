import type { RadialDistribution, RadialRule } from "../laws/law.ts";
import type { PieceBuffer } from "../networks/ray.ts";
import type { LinearPieces } from "../targets/target.ts";

/**
 * For a chain of functions g_0, g_1, ..., g_n of r on one ray, the expectations E_r[e_i e_j] of the brackets e_i = g_i - g_{i+1}, i <= j, row by row:
 * (0,0), (0,1), ..., (0,n-1), (1,1), ... Every split of a loss is a sum of these; taking differences before products keeps small terms accurate.
 */

/** Number of products of a chain of `functions` functions. */
export function productCount(functions: number): number {
  const brackets = functions - 1;
  return (brackets * (brackets + 1)) / 2;
}

/** Exact products of a chain f, g_1, ..., g_n whose functions g_i of r are the same on every ray: between the breaks of all every bracket is linear. */
export interface ExactProducts {
  /**
   * Writes the products of the chain to `out`.
   *
   * @param moments the law's partial moments at the starts of f's pieces, as `pieceMoments` writes them
   */
  measure(network: PieceBuffer, moments: Float64Array, out: Float64Array): void;
}

/** Writes the law's partial moments of order 0, 1, 2 at the starts of a ray's pieces inside the support: once a ray, for all chains that begin with it. */
export function pieceMoments(radius: RadialDistribution, network: PieceBuffer, out: Float64Array): void {
  for (let piece = 1; piece < network.count && network.starts[piece] < radius.upper; piece += 1) {
    radius.moments(network.starts[piece], out, 3 * piece);
  }
}

/**
 * Exact bracket products under the law of one radius; see `ExactProducts`. What no ray changes is found once: the breaks of the g_i with the
 * moments there, and the products of the brackets between them.
 */
export function createExactProducts(radius: RadialDistribution, functions: readonly LinearPieces[]): ExactProducts {
  const { ends, moments, first, brackets } = commonSegments(radius, functions);
  const inner = functions.length - 1;
  const fixed = innerProducts(moments, brackets, inner);
  const hasAllMoments = moments[moments.length - 1] < Infinity;
  return {
    measure(network, networkMoments, out) {
      if (hasAllMoments && inner <= 2) {
        measureFinite(network, networkMoments, ends, moments, first, brackets, inner, out);
        out.set(fixed, inner + 1);
        return;
      }
      out.fill(0, 0, inner + 1);
      out.set(fixed, inner + 1);
      let piece = 0;
      let segment = 0;
      let last0 = 0;
      let last1 = 0;
      let last2 = 0;
      for (;;) {
        const next = piece + 1 < network.count ? network.starts[piece + 1] : Infinity;
        const end = ends[segment];
        const isNetwork = next < end;
        const from = isNetwork ? networkMoments : moments;
        const at = isNetwork ? 3 * (piece + 1) : 3 * segment;
        const moment0 = from[at];
        const moment1 = from[at + 1];
        const moment2 = from[at + 2];
        const mass = moment0 - last0;
        const centre = centreOf(mass, moment1 - last1);
        const offset = moment1 - last1 - centre * mass;
        const spread = spreadOf(moment2 - last2, moment1 - last1, centre);
        const hasMoments = moment2 < Infinity;
        const slope = network.slopes[piece] - first[2 * segment];
        const value = network.intercepts[piece] - first[2 * segment + 1] + slope * centre;
        out[0] += productOver(mass, offset, spread, hasMoments, slope, value, slope, value);
        for (let j = 0; j < inner; j += 1) {
          const bracket = 2 * (segment * inner + j);
          const other = brackets[bracket];
          const otherValue = brackets[bracket + 1] + other * centre;
          out[1 + j] += productOver(mass, offset, spread, hasMoments, slope, value, other, otherValue);
        }
        if (isNetwork) piece += 1;
        else {
          segment += 1;
          if (segment === ends.length) return;
          if (next <= end) piece += 1;
        }
        last0 = moment0;
        last1 = moment1;
        last2 = moment2;
      }
    },
  };
}

/**
 * The products with the first bracket where all moments are finite and at most three functions follow the first: the same operations without asking
 * which factors are 0, with the sums in registers. A function of the module: in a closure the loop takes twice as long.
 */
function measureFinite(
  { count, starts, slopes, intercepts }: PieceBuffer,
  networkMoments: Float64Array,
  ends: Float64Array,
  moments: Float64Array,
  first: Float64Array,
  brackets: Float64Array,
  inner: number,
  out: Float64Array,
): void {
  let piece = 0;
  let segment = 0;
  let last0 = 0;
  let last1 = 0;
  let last2 = 0;
  let squares = 0;
  let products = 0;
  let secondProducts = 0;
  for (;;) {
    const next = piece + 1 < count ? starts[piece + 1] : Infinity;
    const end = ends[segment];
    const isNetwork = next < end;
    const from = isNetwork ? networkMoments : moments;
    const at = isNetwork ? 3 * (piece + 1) : 3 * segment;
    const mass = from[at] - last0;
    const linear = from[at + 1] - last1;
    const quadratic = from[at + 2] - last2;
    last0 = from[at];
    last1 = from[at + 1];
    last2 = from[at + 2];
    // An interval without mass adds nothing; written so that NaN comes out.
    if (!(mass <= 0)) {
      const centre = linear / mass;
      const offset = linear - centre * mass;
      const spread = quadratic - centre * linear;
      const slope = slopes[piece] - first[2 * segment];
      const value = intercepts[piece] - first[2 * segment + 1] + slope * centre;
      squares += value * value * mass + slope * slope * spread + 2 * slope * value * offset;
      if (inner > 0) {
        const bracket = 2 * inner * segment;
        const other = brackets[bracket];
        const otherValue = brackets[bracket + 1] + other * centre;
        products += value * otherValue * mass + slope * other * spread + (slope * otherValue + other * value) * offset;
      }
      if (inner > 1) {
        const bracket = 2 * (inner * segment + 1);
        const other = brackets[bracket];
        const otherValue = brackets[bracket + 1] + other * centre;
        secondProducts +=
          value * otherValue * mass + slope * other * spread + (slope * otherValue + other * value) * offset;
      }
    }
    if (isNetwork) piece += 1;
    else {
      segment += 1;
      if (segment === ends.length) break;
      if (next <= end) piece += 1;
    }
  }
  out[0] = squares;
  if (inner > 0) out[1] = products;
  if (inner > 1) out[2] = secondProducts;
}

/**
 * The integral over an interval of two lines, given by their slopes and their values at its centre. Factors that vanish are left out: far out they
 * would meet infinite moments.
 */
function productOver(
  mass: number,
  offset: number,
  spread: number,
  hasMoments: boolean,
  leftSlope: number,
  left: number,
  rightSlope: number,
  right: number,
): number {
  const square = leftSlope * rightSlope;
  const linear = leftSlope * right + rightSlope * left;
  const constant = left * right;
  let sum = 0;
  if (constant !== 0) sum += constant * mass;
  if (square !== 0) sum += square * spread;
  // Where the second moment is infinite it decides: the first, infinite too, might have the other sign.
  if (linear !== 0 && (square === 0 || hasMoments)) sum += linear * offset;
  return sum;
}

/** About an interval's mean radius the products of brackets lose nothing where two long lines nearly meet; where that radius is infinite, 0 serves. */
function centreOf(mass: number, first: number): number {
  return mass > 0 && first < Infinity ? first / mass : 0;
}

function spreadOf(second: number, first: number, centre: number): number {
  return second - (centre === 0 ? 0 : centre * first);
}

/** The intervals between the breaks of all functions: their ends (the last is the law's `upper`) with the moments there, and the lines on each. */
function commonSegments(radius: RadialDistribution, functions: readonly LinearPieces[]) {
  const inside = functions.flatMap(({ starts }) =>
    Array.from(starts).filter((start) => start > 0 && start < radius.upper),
  );
  const ends = Float64Array.from(new Set([...inside.sort((left, right) => left - right), radius.upper]));
  const inner = functions.length - 1;
  const moments = new Float64Array(3 * ends.length);
  const first = new Float64Array(2 * ends.length);
  const brackets = new Float64Array(2 * inner * ends.length);
  for (let segment = 0; segment < ends.length; segment += 1) {
    radius.moments(ends[segment], moments, 3 * segment);
    const start = segment === 0 ? 0 : ends[segment - 1];
    const lines = functions.map(({ starts, slopes, intercepts }) => {
      let piece = 0;
      while (piece + 1 < starts.length && starts[piece + 1] <= start) piece += 1;
      return [slopes[piece], intercepts[piece]] as const;
    });
    first.set(lines[0], 2 * segment);
    for (let j = 0; j < inner; j += 1) {
      const [[slope, intercept], [nextSlope, nextIntercept]] = [lines[j], lines[j + 1]];
      brackets.set([slope - nextSlope, intercept - nextIntercept], 2 * (segment * inner + j));
    }
  }
  return { ends, moments, first, brackets };
}

/** The bracket products of a chain of functions of r alone, exact. */
export function exactInnerProducts(radius: RadialDistribution, functions: readonly LinearPieces[]): Float64Array {
  const { moments, brackets } = commonSegments(radius, functions);
  return innerProducts(moments, brackets, functions.length - 1);
}

/** The products of the brackets g_i - g_(i+1), row by row: the same on every ray. */
function innerProducts(moments: Float64Array, brackets: Float64Array, inner: number): Float64Array {
  const out = new Float64Array((inner * (inner + 1)) / 2);
  for (let segment = 0; 3 * segment < moments.length; segment += 1) {
    const [moment0, moment1, moment2] = moments.subarray(3 * segment, 3 * segment + 3);
    const [last0, last1, last2] = segment === 0 ? [0, 0, 0] : moments.subarray(3 * segment - 3, 3 * segment);
    const mass = moment0 - last0;
    const centre = centreOf(mass, moment1 - last1);
    const offset = moment1 - last1 - centre * mass;
    const spread = spreadOf(moment2 - last2, moment1 - last1, centre);
    let product = 0;
    for (let i = 0; i < inner; i += 1) {
      const left = 2 * (segment * inner + i);
      const leftValue = brackets[left + 1] + brackets[left] * centre;
      for (let j = i; j < inner; j += 1) {
        const right = 2 * (segment * inner + j);
        const rightValue = brackets[right + 1] + brackets[right] * centre;
        const hasMoments = moment2 < Infinity;
        out[product] += productOver(
          mass,
          offset,
          spread,
          hasMoments,
          brackets[left],
          leftValue,
          brackets[right],
          rightValue,
        );
        product += 1;
      }
    }
  }
  return out;
}

/** The products by a radial rule, for chains with a function that has no linear pieces; `chain` holds the functions' values at the rule's nodes. */
export function quadratureProducts(rule: RadialRule, chain: readonly Float64Array[], out: Float64Array): void {
  const brackets = chain.length - 1;
  const { weights } = rule;
  let product = 0;
  for (let i = 0; i < brackets; i += 1) {
    for (let j = i; j < brackets; j += 1) {
      let sum = 0;
      for (let node = 0; node < weights.length; node += 1) {
        sum += weights[node] * (chain[i][node] - chain[i + 1][node]) * (chain[j][node] - chain[j + 1][node]);
      }
      out[product] = sum;
      product += 1;
    }
  }
}
