import type { OwnedRange } from "../engines/engine.ts";
import type { Reals } from "../engines/reals.ts";

/** Coefficients of Adam's two running moments. */
export interface AdamMoments {
  /** Decay rate of the mean of the gradients, in [0, 1). */
  readonly beta1: number;
  /** Decay rate of the mean of their squares, in [0, 1). */
  readonly beta2: number;
  /** Added to the root of the mean square, in (0, 1e6]: in the scale of the mean-field gradient m dL/dtheta, which is O(1) at any width. */
  readonly epsilon: number;
}

/** Moves one part's particles by Adam's rule; allocates nothing. */
export type AdamStep = (step: number, stepSize: number) => void;

/** The arrays that Adam works on, all in the particles' layout; both moments start at 0. */
export interface AdamArrays {
  readonly particles: Reals;
  /** -g. */
  readonly velocity: Reals;
  readonly mean: Reals;
  readonly meanSquare: Reals;
}

/** Entries of one layer, with the factor on its step size. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly speed: number;
}

/**
 * Adam on the entries in `owned`. In float32 particles and moments are stored in it, and each step is computed in doubles.
 *
 * @param arrays of the particle layout, with the speeds of their layers; what has speed 0 is not touched
 */
export function createAdamStep(
  { beta1, beta2, epsilon }: AdamMoments,
  { particles, velocity, mean, meanSquare }: AdamArrays,
  arrays: readonly { readonly offset: number; readonly length: number; readonly speed: number }[],
  owned: readonly OwnedRange[],
): AdamStep {
  const stretches: Stretch[] = arrays
    .flatMap(({ offset, length, speed }) =>
      owned.map(([start, end]) => ({
        start: Math.max(start, offset),
        end: Math.min(end, offset + length),
        speed,
      })),
    )
    .filter(({ start, end, speed }) => end > start && speed > 0);
  return (step, stepSize) => {
    // The same products on every machine, which Math.pow does not promise.
    const meanScale = 1 / (1 - integerPower(beta1, step + 1));
    const squareScale = 1 / (1 - integerPower(beta2, step + 1));
    for (const { start, end, speed } of stretches) {
      const scale = stepSize * speed * meanScale;
      for (let index = start; index < end; index += 1) {
        const forward = velocity[index];
        const first = beta1 * mean[index] + (1 - beta1) * forward;
        const second = beta2 * meanSquare[index] + (1 - beta2) * forward * forward;
        mean[index] = first;
        meanSquare[index] = second;
        particles[index] += (scale * first) / (Math.sqrt(second * squareScale) + epsilon);
      }
    }
  };
}

/** base^exponent for an integer exponent >= 0, by repeated squaring. */
function integerPower(base: number, exponent: number): number {
  let power = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power *= square;
    square *= square;
  }
  return power;
}
