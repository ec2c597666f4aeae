import { invalidValue } from "../errors.ts";
import { checkedScale } from "./feature-scale.ts";
import type { GlobalProductSpec, LocalProductSpec, Target } from "./target.ts";

export interface LocalProductOptions {
  /** The coordinates i_1 ... i_k, different integers from 0 on. */
  readonly indices: readonly number[];
  /** s > 0; null: sqrt(d), with which the coordinates of N(0, I/d) have variance 1. On the hypercube 1 is right. @default null */
  readonly scale?: number | null;
}

export interface GlobalProductOptions {
  /** i_1 ... i_k, different integers from 0 on. */
  readonly offsets: readonly number[];
  /** As for `localProduct`. @default null */
  readonly scale?: number | null;
}

/**
 * The k-local function of Mori and Ueda 2020: f*(x) = prod_i s x_i over k coordinates, the others being irrelevant. Its sign (`signLabels`) is the k-local label; on the
 * hypercube it is the parity of k bits.
 *
 * @throws MeanfieldError `invalid-value`
 */
export function localProduct(options: LocalProductOptions): LocalProductSpec {
  return Object.freeze({
    kind: "local-product",
    indices: checkedPlaces("indices", options.indices),
    scale: checkedScale(options.scale),
  });
}

/**
 * The k-global function of Mori and Ueda 2020: f*(x) = d^(-1/2) sum_j prod_i s x_(j + i) over k offsets i and all d places j, indices modulo d. Every coordinate counts.
 * The factor d^(-1/2) is ours: with it f* has variance 1 as the local one has, under independent coordinates s x_i of variance 1 (k < d, and no two terms alike).
 *
 * @throws MeanfieldError `invalid-value`
 */
export function globalProduct(options: GlobalProductOptions): GlobalProductSpec {
  return Object.freeze({
    kind: "global-product",
    offsets: checkedPlaces("offsets", options.offsets),
    scale: checkedScale(options.scale),
  });
}

/** Builds the k-local function; indices are checked against the points they meet. */
export function buildLocalProduct(spec: LocalProductSpec): Target {
  return Object.freeze({
    spec,
    radial: null,
    value(points: Float64Array, offset: number, dimension: number): number {
      const scale = spec.scale ?? Math.sqrt(dimension);
      let product = 1;
      for (const index of spec.indices) {
        if (index >= dimension) throw tooLarge("indices", index, dimension);
        product *= scale * points[offset + index];
      }
      return product;
    },
  });
}

/** Builds the k-global function. */
export function buildGlobalProduct(spec: GlobalProductSpec): Target {
  return Object.freeze({
    spec,
    radial: null,
    value(points: Float64Array, offset: number, dimension: number): number {
      const scale = spec.scale ?? Math.sqrt(dimension);
      let sum = 0;
      for (let place = 0; place < dimension; place += 1) {
        let product = 1;
        for (const index of spec.offsets) {
          if (index >= dimension) throw tooLarge("offsets", index, dimension);
          product *= scale * points[offset + ((place + index) % dimension)];
        }
        sum += product;
      }
      return sum / Math.sqrt(dimension);
    },
  });
}

function checkedPlaces(path: string, places: readonly number[]): readonly number[] {
  const isGood =
    Array.isArray(places) &&
    places.length >= 1 &&
    places.length <= 100 &&
    places.every((place) => Number.isInteger(place) && place >= 0) &&
    new Set(places).size === places.length;
  if (!isGood) throw invalidValue(path, "1 to 100 different integers >= 0", places);
  return Object.freeze([...places]);
}

function tooLarge(path: string, place: number, dimension: number) {
  return invalidValue(path, `integers below the dimension ${dimension}`, place);
}
