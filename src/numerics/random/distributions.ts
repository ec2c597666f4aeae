import { activeDrawKernels } from "./draw-kernels.ts";
import type { StreamKey } from "./key.ts";
import { philox } from "./philox.ts";

/**
 * Uniform and normal draws in double precision. The value at position p of a stream is a function of (key, p, attempt, step, replica).
 *
 * Layout, chosen so that vector units can fill whole registers: positions come in blocks of 32. Block q uses the 16 counters
 * 16 q ... 16 q + 15; lane l of the block's first half is made of words 0 and 1 of counter 16 q + l, the second half of words 2 and 3.
 * A normal pair takes its radius from words 0 and 1 and its angle from words 2 and 3: the cosine goes to the first half, the sine to the second.
 *
 * Logarithm, sine and cosine are polynomials in plain IEEE additions, multiplications and divisions (no fused multiply-add), so every
 * language and machine gives the same bits.
 */

/** Fewer draws than this take less time here than a call out of JavaScript. */
const worthACall = 16;

const blockSize = 32;
const lanes = 16;
const words = new Uint32Array(64);
const block = new Float64Array(blockSize);
const doubleView = new Float64Array(1);
const wordView = new Uint32Array(doubleView.buffer);
// Every platform that Node runs on is little-endian; the word order below relies on it.
const lowIndex = 0;
const highIndex = 1;

/**
 * Writes the uniforms in [0, 1) (multiples of 2^-52) at positions `position` ... `position + count - 1` to out[offset...].
 * Positions lie below 2^33, where the counters of a stream end. The counter's other words: `attempt` (0 unless draws can be rejected),
 * `step`, `replica`. Allocates nothing.
 */
export function fillUniform(
  out: Float64Array,
  offset: number,
  count: number,
  position: number,
  key: StreamKey,
  attempt: number,
  step: number,
  replica: number,
): void {
  const kernels = count < worthACall ? null : activeDrawKernels();
  if (kernels === null) fill(out, offset, count, position, key, attempt, step, replica, uniformBlock);
  else kernels.fillUniform(out, offset, count, position, attempt, step, replica, key.low, key.high);
}

/** Writes the standard normals at positions `position` ... `position + count - 1` to out[offset...] (Box-Muller); see `fillUniform`. */
export function fillNormal(
  out: Float64Array,
  offset: number,
  count: number,
  position: number,
  key: StreamKey,
  attempt: number,
  step: number,
  replica: number,
): void {
  const kernels = count < worthACall ? null : activeDrawKernels();
  if (kernels === null) fill(out, offset, count, position, key, attempt, step, replica, normalBlock);
  else kernels.fillNormal(out, offset, count, position, attempt, step, replica, key.low, key.high);
}

/** The uniform in [0, 1) at one position: the same bits as `fillUniform` gives there, for draws that may need a second attempt. */
export function uniformAt(position: number, key: StreamKey, attempt: number, step: number, replica: number): number {
  const lane = position % lanes;
  const counter = Math.floor(position / blockSize) * lanes + lane;
  philox(words, 0, 1, counter, attempt, step, replica, key.low, key.high);
  return position % blockSize < lanes ? toUnit(words[0], words[1]) : toUnit(words[2], words[3]);
}

function fill(
  out: Float64Array,
  offset: number,
  count: number,
  position: number,
  key: StreamKey,
  attempt: number,
  step: number,
  replica: number,
  makeBlock: (into: Float64Array, offset: number) => void,
): void {
  const end = position + count;
  for (let number = Math.floor(position / blockSize); number * blockSize < end; number += 1) {
    const start = number * blockSize;
    for (let lane = 0; lane < lanes; lane += 1) {
      philox(words, lane, lanes, number * lanes + lane, attempt, step, replica, key.low, key.high);
    }
    if (start >= position && start + blockSize <= end) {
      makeBlock(out, offset + start - position);
      continue;
    }
    makeBlock(block, 0);
    const first = Math.max(start, position);
    const last = Math.min(start + blockSize, end);
    for (let at = first; at < last; at += 1) out[offset + at - position] = block[at - start];
  }
}

/** (high 2^32 + low) / 2^64 cut to 52 bits: exact in double precision. */
function toUnit(low: number, high: number): number {
  return high * 2 ** -32 + (low >>> 12) * 2 ** -52;
}

function uniformBlock(out: Float64Array, offset: number): void {
  for (let lane = 0; lane < lanes; lane += 1) {
    out[offset + lane] = toUnit(words[lane], words[lanes + lane]);
    out[offset + lanes + lane] = toUnit(words[2 * lanes + lane], words[3 * lanes + lane]);
  }
}

function normalBlock(out: Float64Array, offset: number): void {
  for (let lane = 0; lane < lanes; lane += 1) {
    // 1 - u lies in (0, 1], so the logarithm is finite.
    const radius = Math.sqrt(-2 * naturalLogarithm(1 - toUnit(words[lane], words[lanes + lane])));
    const low = words[2 * lanes + lane];
    const high = words[3 * lanes + lane];
    // The two top bits choose the quadrant, the rest an angle in [-pi/4, pi/4) about its middle.
    const quadrant = high >>> 30;
    const angle = (toUnit(low << 2, ((high << 2) | (low >>> 30)) >>> 0) - 0.5) * 1.5707963267948966;
    const cosine = cosineKernel(angle);
    const sine = sineKernel(angle);
    const swap = (quadrant & 1) === 1;
    const first = swap ? sine : cosine;
    const second = swap ? cosine : sine;
    out[offset + lane] = radius * (quadrant === 1 || quadrant === 2 ? -first : first);
    out[offset + lanes + lane] = radius * (quadrant >= 2 ? -second : second);
  }
}

/**
 * ln x for positive normal x, error below 1 ulp: x = 2^k (1 + f) with sqrt(1/2) < 1 + f < sqrt(2), s = f/(2 + f),
 * ln(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)); the coefficients of R are those of fdlibm's e_log.c (Sun Microsystems, 1993).
 */
export function naturalLogarithm(x: number): number {
  doubleView[0] = x;
  const shifted = (wordView[highIndex] + (0x3ff00000 - 0x3fe6a09e)) >>> 0;
  const exponent = (shifted >>> 20) - 1023;
  wordView[highIndex] = (shifted & 0x000fffff) + 0x3fe6a09e;
  const f = doubleView[0] - 1;
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  return (
    s * (halfSquare + (even + odd)) + exponent * 1.9082149292705877e-10 - halfSquare + f + exponent * 0.6931471803691238
  );
}

/** sin x for |x| <= pi/4 (fdlibm's k_sin.c coefficients). */
function sineKernel(x: number): number {
  const z = x * x;
  return (
    x +
    x *
      z *
      (-0.16666666666666632 +
        z *
          (0.00833333333332249 +
            z *
              (-0.0001984126982985795 +
                z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))))
  );
}

/** cos x for |x| <= pi/4 (fdlibm's k_cos.c coefficients). */
function cosineKernel(x: number): number {
  const z = x * x;
  return (
    1 -
    (0.5 * z -
      z *
        z *
        (0.0416666666666666 +
          z *
            (-0.001388888888887411 +
              z *
                (2.480158728947673e-5 +
                  z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11))))))
  );
}

/** The word order that the bit tricks above need; false only on a big-endian machine. */
export const isLittleEndian = ((): boolean => {
  doubleView[0] = 1;
  return wordView[highIndex] === 0x3ff00000 && wordView[lowIndex] === 0;
})();
