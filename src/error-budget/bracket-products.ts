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

/** Linear pieces of one function of the chain. */
export type ChainPieces = LinearPieces | PieceBuffer;

/** Exact products: between the breaks of all functions every bracket is linear, and the law's partial moments do the rest. */
export interface ExactProducts {
  /** Writes the products of the chain to `out`. */
  measure(chain: readonly ChainPieces[], out: Float64Array): void;
}

/** Exact bracket products under the law of one radius; see `ExactProducts`. */
export function createExactProducts(radius: RadialDistribution): ExactProducts {
  const moments = new Float64Array(3);
  const { upper } = radius;
  return {
    measure(chain, out) {
      const brackets = chain.length - 1;
      const at = new Uint32Array(chain.length);
      const slopes = new Float64Array(brackets);
      const intercepts = new Float64Array(brackets);
      out.fill(0);
      let last0 = 0;
      let last1 = 0;
      let last2 = 0;
      for (;;) {
        let end = upper;
        for (let index = 0; index < chain.length; index += 1) {
          const next = at[index] + 1;
          if (next < pieceCount(chain[index]) && chain[index].starts[next] < end) end = chain[index].starts[next];
        }
        for (let index = 0; index < brackets; index += 1) {
          slopes[index] = chain[index].slopes[at[index]] - chain[index + 1].slopes[at[index + 1]];
          intercepts[index] = chain[index].intercepts[at[index]] - chain[index + 1].intercepts[at[index + 1]];
        }
        radius.moments(end, moments, 0);
        // About the interval's mean radius the products of brackets lose nothing where two long lines nearly meet; far out, where the mean
        // radius is infinite, the origin serves, and factors that vanish are left out: there they would meet infinite moments.
        const mass = moments[0] - last0;
        const first = moments[1] - last1;
        const centre = mass > 0 && first < Infinity ? first / mass : 0;
        const offset = first - centre * mass;
        const spread = moments[2] - last2 - (centre === 0 ? 0 : centre * first);
        let product = 0;
        for (let i = 0; i < brackets; i += 1) {
          const left = intercepts[i] + slopes[i] * centre;
          for (let j = i; j < brackets; j += 1) {
            const right = intercepts[j] + slopes[j] * centre;
            const square = slopes[i] * slopes[j];
            const linear = slopes[i] * right + slopes[j] * left;
            const constant = left * right;
            if (constant !== 0) out[product] += constant * mass;
            if (square !== 0) out[product] += square * spread;
            // Where the second moment is infinite it decides: the first, infinite too, might have the other sign.
            if (linear !== 0 && (square === 0 || moments[2] < Infinity)) out[product] += linear * offset;
            product += 1;
          }
        }
        if (end >= upper) return;
        last0 = moments[0];
        last1 = moments[1];
        last2 = moments[2];
        for (let index = 0; index < chain.length; index += 1) {
          const next = at[index] + 1;
          if (next < pieceCount(chain[index]) && chain[index].starts[next] <= end) at[index] = next;
        }
      }
    },
  };
}

function pieceCount(pieces: ChainPieces): number {
  return "count" in pieces ? pieces.count : pieces.starts.length;
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

/** Values slope r + intercept of linear pieces at ascending nodes r >= 0; `out` receives one value a node. */
export function valuesAt(pieces: ChainPieces, nodes: Float64Array, out: Float64Array): void {
  const count = pieceCount(pieces);
  let at = 0;
  for (let node = 0; node < nodes.length; node += 1) {
    while (at + 1 < count && pieces.starts[at + 1] <= nodes[node]) at += 1;
    out[node] = pieces.slopes[at] * nodes[node] + pieces.intercepts[at];
  }
}
