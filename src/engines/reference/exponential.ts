/** Coefficients and splits of kernels/activation-coefficients.h and kernels/activations.h, float64; a test compares. */
export const exponentialCoefficients = [
  0.5000000000000006, 0.16666666666666685, 0.04166666666657258, 0.008333333333315752, 0.0013888888932701035,
  0.00019841269900324293, 2.480150406557279e-5, 2.7557230463058455e-6, 2.7626477633353847e-7, 2.511366109935309e-8,
] as const;
const lnTwo = 0.6931471805598903;
const lnTwoRest = 5.497923018708371e-14;
/** 1.5 * 2^52: a sum with it is rounded to an integer. */
const rounder = 6755399441055744;
const lowest = -708;

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);

/** e^y for y <= 0, with the operations of kernels/activations.h in plain arithmetic: 0 below -708. */
export function exponential(y: number): number {
  const isZero = y < lowest;
  const bounded = isZero ? lowest : y;
  const n = bounded * Math.LOG2E + rounder - rounder;
  let r = n * -lnTwo + bounded;
  r = n * -lnTwoRest + r + 0;
  const c = exponentialCoefficients;
  let sum: number = c[9];
  for (let power = 8; power >= 0; power -= 1) sum = sum * r + c[power];
  const lessOne = r * r * sum + r;
  // 2^n by its bits; the low word stays 0.
  words[0] = 0;
  words[1] = (n + 1023) << 20;
  const scale = number[0];
  return isZero ? 0 : scale * lessOne + scale;
}
