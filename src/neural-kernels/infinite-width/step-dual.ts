import { angleShare } from "../../networks/index.ts";
import type { DualActivation } from "./dual-activation.ts";

/** The unit step: E phi phi = k0(c)/2 = (1 - theta/pi)/2, whatever the variances. */
export function stepDual(): DualActivation {
  return Object.freeze({
    secondMoment: () => 0.5,
    derivativeMoment: null,
    pair(_first: number, _second: number, halfSine: number, halfCosine: number, out: Float64Array) {
      out[0] = shareOfAngle(halfSine, halfCosine);
      out[1] = 2 - out[0];
      out[2] = Number.NaN;
    },
    error: 4e-15,
  });
}

/** The sign: E phi phi = (2/pi) arcsin c = 1 - 2 theta/pi. */
export function signDual(): DualActivation {
  return Object.freeze({
    secondMoment: () => 1,
    derivativeMoment: null,
    pair(_first: number, _second: number, halfSine: number, halfCosine: number, out: Float64Array) {
      out[0] = 2 * shareOfAngle(halfSine, halfCosine);
      out[1] = 2 * shareOfAngle(halfCosine, halfSine);
      out[2] = Number.NaN;
    },
    error: 4e-15,
  });
}

/** theta/pi. */
function shareOfAngle(halfSine: number, halfCosine: number): number {
  return halfSine <= halfCosine ? angleShare(2 * halfSine * halfSine) : 1 - angleShare(2 * halfCosine * halfCosine);
}
