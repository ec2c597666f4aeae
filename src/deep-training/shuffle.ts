import { fillUniform, type StreamKey } from "../numerics/random/index.ts";

/**
 * Puts 0 ... count - 1 into `order`, shuffled (Fisher-Yates) by the uniforms 0 ... count - 1 of the stream `key` at `step`: epoch t's order can be made
 * without those before.
 *
 * @param draws room for `count` numbers
 */
export function shuffle(order: Uint32Array, draws: Float64Array, key: StreamKey, step: number): void {
  const count = order.length;
  fillUniform(draws, 0, count, 0, key, 0, step, 0);
  for (let index = 0; index < count; index += 1) order[index] = index;
  for (let index = count - 1; index > 0; index -= 1) {
    const other = Math.floor(draws[index] * (index + 1));
    const kept = order[index];
    order[index] = order[other];
    order[other] = kept;
  }
}
