import type { Particles } from "./particles.ts";

/** |w_i| for each of the m neurons, from w (m x dimension); a new array of length m. */
export function rowNorms(particles: Particles, dimension: number): Float64Array {
  const { w } = particles.arrays;
  const norms = new Float64Array(w.length / dimension);
  for (let i = 0; i < norms.length; i += 1) {
    let square = 0;
    for (let k = i * dimension; k < (i + 1) * dimension; k += 1) square += w[k] * w[k];
    norms[i] = Math.sqrt(square);
  }
  return norms;
}
