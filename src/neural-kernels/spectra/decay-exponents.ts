import { invalidValue } from "../../errors.ts";
import { fitPowerLaw, type LineFit } from "../../numerics/index.ts";
import type { SphereSpectrum } from "./sphere-spectrum.ts";

export interface DecayOptions {
  /** First degree of the fit, >= 1. @default 20 */
  readonly from?: number;
  /** Last degree. @default the last one above the floor */
  readonly to?: number;
}

/** Fits log|mu_k| = intercept + slope log(k + (d-2)/2). Null where fewer than three degrees of that kind stand above the floor. */
export interface DecayExponents {
  readonly even: LineFit | null;
  readonly odd: LineFit | null;
  /** Geometric means of mu_k and mu_(k+1), at even k: for kernels whose two parities draw near to each other slowly (steps). */
  readonly pairs: LineFit | null;
}

/**
 * How fast eigenvalues decay, even and odd degrees each for themselves. The shift (d-2)/2 takes out the correction of order 1/k: mu_k[(1-t)^nu] is
 * C Gamma(k - nu)/Gamma(k + nu + d - 1), a power of k + (d-2)/2 but for O(1/k^2). The intervals say how far the points are from a line; they are not noise.
 *
 * @throws MeanfieldError `invalid-value` on a range that is none
 */
export function decayExponents(spectrum: SphereSpectrum, options: DecayOptions = {}): DecayExponents {
  const { eigenvalues, dimension } = spectrum;
  const { from = 20, to = eigenvalues.length - 1 } = options;
  if (!(Number.isInteger(from) && from >= 1)) throw invalidValue("from", "an integer >= 1", from);
  if (!(Number.isInteger(to) && to > from && to < eigenvalues.length)) {
    throw invalidValue("to", `an integer in (${from}, ${eigenvalues.length - 1}]`, to);
  }
  const place = (k: number): number => k + (dimension - 2) / 2;
  const at = (k: number): number | null => {
    const value = k <= to ? eigenvalues[k] : null;
    return value === null ? null : Math.abs(value);
  };
  const fitOf = (parity: 0 | 1, value: (k: number) => number | null, shift: number): LineFit | null => {
    const places: number[] = [];
    const values: number[] = [];
    for (let k = from + ((from + parity) % 2); k <= to; k += 2) {
      const found = value(k);
      if (found === null) continue;
      places.push(place(k) + shift);
      values.push(found);
    }
    return places.length < 3 ? null : fitPowerLaw(places, values);
  };
  return Object.freeze({
    even: fitOf(0, at, 0),
    odd: fitOf(1, at, 0),
    pairs: fitOf(
      0,
      (k) => {
        const [here, next] = [at(k), at(k + 1)];
        return here === null || next === null ? null : Math.sqrt(here * next);
      },
      0.5,
    ),
  });
}
