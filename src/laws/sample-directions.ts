import { invalidValue } from "../errors.ts";
import { fillNormal } from "../numerics/random/distributions.ts";
import type { StreamKey } from "../numerics/random/key.ts";
import type { SampleRange } from "./law.ts";

/** A stream holds 2^33 positions: Philox has 2^32 counters of two draws each. */
const streamLength = 2 ** 33;

/**
 * Writes `range.count` independent unit vectors, uniform on the sphere of R^dimension, as rows to `out`: Gaussian rows divided by their norm.
 * Coordinate k of sample s is the normal at position s * dimension + k, so any split of a range gives the same bits.
 *
 * @throws MeanfieldError `invalid-value` where `out` is too short or the range leaves the stream
 */
export function sampleDirections(out: Float64Array, range: SampleRange, dimension: number, key: StreamKey): void {
  checkRange(range, dimension, out);
  fillNormal(out, 0, range.count * dimension, range.first * dimension, key, 0, range.step, range.replica);
  for (let row = 0; row < range.count; row += 1) {
    const start = row * dimension;
    let square = 0;
    for (let k = 0; k < dimension; k += 1) square += out[start + k] * out[start + k];
    const inverse = 1 / Math.sqrt(square);
    // All coordinates 0 has probability below 1e-30, but a NaN row would poison a whole batch.
    if (square > 0) for (let k = 0; k < dimension; k += 1) out[start + k] *= inverse;
    else out[start] = 1;
  }
}

/** Throws unless `range` lies inside a stream with `width` positions a sample and `out` holds its rows. */
export function checkRange(range: SampleRange, width: number, out: Float64Array): void {
  const { first, count, step, replica } = range;
  if (!(Number.isInteger(first) && first >= 0)) throw invalidValue("first", "an integer >= 0", first);
  const most = Math.floor(streamLength / width) - first;
  if (!(Number.isInteger(count) && count >= 0 && count <= most)) {
    throw invalidValue("count", `an integer in [0, ${Math.max(0, most)}]`, count, "take a new step or replica instead");
  }
  checkCounterWord("step", step);
  checkCounterWord("replica", replica);
  if (!(out.length >= count * width)) {
    throw invalidValue("out", `an array of at least ${count * width} numbers`, out.length);
  }
}

function checkCounterWord(path: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value < 2 ** 32)) {
    throw invalidValue(path, "an integer in [0, 4294967295]", value);
  }
}
