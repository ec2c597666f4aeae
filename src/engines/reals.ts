/** Precisions of particles and velocities. */
export const precisions = ["float64", "float32"] as const;
export type Precision = (typeof precisions)[number];

/** Numbers in the precision of a simulation. */
export type Reals = Float64Array | Float32Array;
