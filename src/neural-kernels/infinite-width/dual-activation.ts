/**
 * The dual of an activation phi (Daniely, Frostig, Singer 2016): what a layer of infinitely many neurons makes of two inputs. (z1, z2) is Gaussian
 * with mean 0, variances q1, q2 and correlation cos(theta). The angle comes and goes as sine and cosine of its half, since these keep their
 * digits at both ends: 1 - cos(theta) = 2 sin^2(theta/2), 1 + cos(theta) = 2 cos^2(theta/2).
 */
export interface DualActivation {
  /** E phi(sqrt(q) z)^2. */
  secondMoment(variance: number): number;
  /** E phi'(sqrt(q) z)^2; null where phi has no derivative to speak of (it jumps, or none was given). */
  readonly derivativeMoment: ((variance: number) => number) | null;
  /**
   * Writes to out[0] and out[1] 1 - chat and 1 + chat, chat = E phi(z1) phi(z2) / sqrt(E phi(z1)^2 E phi(z2)^2), each with its own digits where the
   * activation's kernel has a singularity there; to out[2] E phi'(z1) phi'(z2), NaN without a derivative.
   */
  pair(firstVariance: number, secondVariance: number, halfSine: number, halfCosine: number, out: Float64Array): void;
  /** Bound of the absolute error of chat, of E phi' phi' relative to its diagonal. */
  readonly error: number;
}
