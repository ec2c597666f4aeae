import type { LinearPieces } from "../targets/target.ts";
import { exactInnerProducts, productCount, quadratureProducts } from "./bracket-products.ts";
import type { RadialFunction, RadialMeasure } from "./ray-chain.ts";

/**
 * For a chain of functions g_0, ..., g_n of r alone, the expectations E_r[e_i e_j] of the brackets e_i = g_i - g_(i+1), i <= j, row by row: what
 * `measureSplits` takes along rays, without a network. Exact where all functions are piecewise linear, else by the measure's rule.
 */
export function radialProducts(functions: readonly RadialFunction[], measure: RadialMeasure): Float64Array {
  const pieces = functions.map((item) => item.pieces);
  if (pieces.every((item): item is LinearPieces => item !== null)) return exactInnerProducts(measure.radius, pieces);
  const rule = measure.rule();
  const { nodes } = rule;
  const values = functions.map((item) => item.valuesAt?.(nodes) ?? nodes.map((node) => item.value(node)));
  const products = new Float64Array(productCount(functions.length));
  quadratureProducts(rule, values, products);
  return products;
}
