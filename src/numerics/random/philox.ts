/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011): a bijection of 128-bit counters under a 64-bit key that passes BigCrush.
 * The counter's words are (position, attempt, step, replica): any draw can be made again without those before it.
 */

const multiplierA = 0xd2511f53;
const multiplierB = 0xcd9e8d57;
const weylA = 0x9e3779b9;
const weylB = 0xbb67ae85;
const rounds = 10;

/** High 32 bits of the 64-bit product of two unsigned 32-bit numbers, as a signed word. */
function highWord(left: number, right: number): number {
  const leftLow = left & 0xffff;
  const leftHigh = left >>> 16;
  const rightLow = right & 0xffff;
  const rightHigh = right >>> 16;
  const low = leftLow * rightLow;
  const middle = leftHigh * rightLow + (low >>> 16);
  const carry = leftLow * rightHigh + (middle % 0x10000);
  return (leftHigh * rightHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) | 0;
}

/**
 * Writes the four words of counter (c0, c1, c2, c3) under key (k0, k1) to out[offset], out[offset + stride], ... (unsigned 32-bit).
 */
export function philox(
  out: Uint32Array,
  offset: number,
  stride: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = c2 | 0;
  let x3 = c3 | 0;
  let key0 = k0 | 0;
  let key1 = k1 | 0;
  for (let round = 0; round < rounds; round += 1) {
    const high0 = highWord(x0 >>> 0, multiplierA);
    const low0 = Math.imul(x0, multiplierA);
    const high1 = highWord(x2 >>> 0, multiplierB);
    const low1 = Math.imul(x2, multiplierB);
    x0 = high1 ^ x1 ^ key0;
    x1 = low1;
    x2 = high0 ^ x3 ^ key1;
    x3 = low0;
    key0 = (key0 + weylA) | 0;
    key1 = (key1 + weylB) | 0;
  }
  out[offset] = x0;
  out[offset + stride] = x1;
  out[offset + 2 * stride] = x2;
  out[offset + 3 * stride] = x3;
}
