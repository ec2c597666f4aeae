/**
 * Sorts the positions of positive numbers without allocating: three passes of a radix sort on the upper 33 bits of the doubles, whose order as
 * integers is their order as numbers, then an insertion pass for what agrees in all of them.
 */

const radixBits = 11;
const buckets = 1 << radixBits;

export interface PositiveSorter {
  /** Writes to order[0..count) the indices 0..count-1 by ascending values[index]; all values are positive and finite. */
  sort(values: Float64Array, count: number, order: Uint32Array): void;
}

/** A sorter with scratch for up to `capacity` numbers. */
export function createPositiveSorter(capacity: number): PositiveSorter {
  const keys = new Uint32Array(capacity);
  const otherKeys = new Uint32Array(capacity);
  const otherOrder = new Uint32Array(capacity);
  const counts = new Uint32Array(3 * buckets);
  const value = new Float64Array(1);
  const words = new Uint32Array(value.buffer);

  function scatter(
    pass: number,
    count: number,
    fromKeys: Uint32Array,
    fromOrder: Uint32Array,
    toKeys: Uint32Array,
    toOrder: Uint32Array,
  ): void {
    const base = pass * buckets;
    const shift = pass * radixBits;
    for (let at = 0; at < count; at += 1) {
      const key = fromKeys[at];
      const bucket = base + ((key >>> shift) & (buckets - 1));
      const to = counts[bucket];
      counts[bucket] = to + 1;
      toKeys[to] = key;
      toOrder[to] = fromOrder[at];
    }
  }

  return {
    sort(values, count, order) {
      counts.fill(0);
      for (let at = 0; at < count; at += 1) {
        value[0] = values[at];
        // Sign bit gone (values are positive) and one bit of the lower word in: 32 bits of exponent and mantissa.
        const key = ((words[1] << 1) | (words[0] >>> 31)) >>> 0;
        keys[at] = key;
        order[at] = at;
        counts[key & (buckets - 1)] += 1;
        counts[buckets + ((key >>> radixBits) & (buckets - 1))] += 1;
        counts[2 * buckets + (key >>> (2 * radixBits))] += 1;
      }
      for (let pass = 0; pass < 3; pass += 1) {
        let sum = 0;
        for (let bucket = pass * buckets; bucket < (pass + 1) * buckets; bucket += 1) {
          const size = counts[bucket];
          counts[bucket] = sum;
          sum += size;
        }
      }
      scatter(0, count, keys, order, otherKeys, otherOrder);
      scatter(1, count, otherKeys, otherOrder, keys, order);
      scatter(2, count, keys, order, otherKeys, otherOrder);
      for (let at = 0; at < count; at += 1) {
        const index = otherOrder[at];
        const number = values[index];
        let to = at;
        while (to > 0 && values[order[to - 1]] > number) {
          order[to] = order[to - 1];
          to -= 1;
        }
        order[to] = index;
      }
    },
  };
}
