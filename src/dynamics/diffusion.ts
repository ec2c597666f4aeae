import type { OwnedRange } from "../engines/engine.ts";
import type { Reals } from "../engines/reals.ts";
import { fillNormal } from "../numerics/random/distributions.ts";
import type { StreamKey } from "../numerics/random/key.ts";
import type { BuiltPlan } from "./plan.ts";

/** Noise and decay of one step, on a part's own particles. */
export interface Diffusion {
  /** theta <- (1 - eta s lambda) theta + sqrt(2 eta s tau) xi(step), in place; allocates nothing. */
  apply(particles: Reals, step: number, stepSize: number): void;
}

/** Consecutive entries of one array, or of one row of it, with the place of their draws. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly speed: number;
  readonly key: StreamKey | null;
  /** The counter's position of the first entry, and its second word. */
  readonly position: number;
  readonly row: number;
}

/** Normals drawn at once: a multiple of the generator's blocks, small enough to stay in the cache. */
const drawnAtOnce = 2048;

/**
 * The stochastic half of the Euler-Maruyama step; null where the dynamics has neither noise nor decay.
 *
 * The normal of an entry is a function of (seed, array, place, step, replica) alone: its stream belongs to the array, its position is the place in
 * the array, and in the dense network's matrix the row stands in the counter's second word, so that U_ji meets the same noise in a wider network.
 *
 * @param owned the entries that this part moves
 */
export function createDiffusion(built: BuiltPlan, owned: readonly OwnedRange[]): Diffusion | null {
  const { dynamics, replica } = built.plan;
  const { temperature, weightDecay } = dynamics;
  if (temperature === 0 && weightDecay === 0) return null;
  const segments = segmentsOf(built, owned);
  const normals = new Float64Array(temperature > 0 ? drawnAtOnce : 0);
  return {
    apply(particles, step, stepSize) {
      for (const { start, end, speed, key, position, row } of segments) {
        const keep = 1 - stepSize * speed * weightDecay;
        if (key === null) {
          for (let index = start; index < end; index += 1) particles[index] *= keep;
          continue;
        }
        const scale = Math.sqrt(2 * stepSize * speed * temperature);
        for (let first = start; first < end; ) {
          const from = position + first - start;
          // Up to the next multiple of the buffer's length, so that later draws begin with a whole block of the generator.
          const count = Math.min(drawnAtOnce - (from % drawnAtOnce), end - first);
          fillNormal(normals, 0, count, from, key, row, step, replica);
          for (let at = 0; at < count; at += 1) {
            particles[first + at] = keep * particles[first + at] + scale * normals[at];
          }
          first += count;
        }
      }
    },
  };
}

/** What of each owned range lies in one row of one array that moves. */
function segmentsOf({ plan, network, speeds }: BuiltPlan, owned: readonly OwnedRange[]): readonly Segment[] {
  const segments: Segment[] = [];
  for (const { name, shape, offset, length } of network.layout.arrays) {
    const speed = speeds[name];
    if (speed === 0) continue;
    const isMatrix = plan.network.kind === "dense" && name === "u";
    const rowLength = isMatrix ? shape[1] : length;
    for (const [from, to] of owned) {
      let start = Math.max(from, offset);
      const last = Math.min(to, offset + length);
      while (start < last) {
        const row = Math.floor((start - offset) / rowLength);
        const end = Math.min(last, offset + (row + 1) * rowLength);
        const position = start - offset - row * rowLength;
        segments.push({ start, end, speed, key: noiseKey(plan, name), position, row });
        start = end;
      }
    }
  }
  return segments;
}

function noiseKey({ dynamics, keys }: BuiltPlan["plan"], array: string): StreamKey | null {
  if (dynamics.temperature === 0) return null;
  const key = keys.noise?.[array];
  if (key === undefined) throw new Error(`noise was planned without a key for ${array}`);
  return key;
}
