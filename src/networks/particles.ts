/**
 * The particles of a network: all its neurons in one flat buffer, so that a copy, a checkpoint, a Runge-Kutta stage or a shared-memory
 * gang needs to know nothing about the network.
 */

/** One named array inside the buffer. */
export interface ParticleArray {
  /** The symbol of the theory notes: w, v, b, a. */
  readonly name: string;
  /** Rows and columns, such as [m1, d], or [m2]. */
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

export interface ParticleLayout {
  readonly arrays: readonly ParticleArray[];
  /** Length of the whole buffer. */
  readonly length: number;
}

/** A buffer with the layout's arrays as views into it. */
export interface Particles {
  readonly layout: ParticleLayout;
  readonly buffer: Float64Array;
  readonly arrays: Readonly<Record<string, Float64Array>>;
}

/** A layout from names and shapes, in that order, without gaps. */
export function particleLayout(shapes: Readonly<Record<string, readonly number[]>>): ParticleLayout {
  const arrays: ParticleArray[] = [];
  let offset = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const length = shape.reduce((product, extent) => product * extent, 1);
    arrays.push(Object.freeze({ name, shape: Object.freeze([...shape]), offset, length }));
    offset += length;
  }
  return Object.freeze({ arrays: Object.freeze(arrays), length: offset });
}

/** Views of `buffer` (by default a new one, all zero) in the layout's shape. */
export function particlesOn(layout: ParticleLayout, buffer: Float64Array = new Float64Array(layout.length)): Particles {
  const arrays: Record<string, Float64Array> = {};
  for (const array of layout.arrays) arrays[array.name] = buffer.subarray(array.offset, array.offset + array.length);
  return { layout, buffer, arrays };
}
