/**
 * A function of r >= 0 as linear pieces, in buffers that are used again for every ray: on [starts[i], starts[i+1]) it is
 * slopes[i] r + intercepts[i]; starts[0] = 0 and the last piece is unbounded.
 */
export interface PieceBuffer {
  count: number;
  readonly starts: Float64Array;
  readonly slopes: Float64Array;
  readonly intercepts: Float64Array;
}

/** Room for `capacity` pieces. */
export function createPieceBuffer(capacity: number): PieceBuffer {
  return {
    count: 0,
    starts: new Float64Array(capacity),
    slopes: new Float64Array(capacity),
    intercepts: new Float64Array(capacity),
  };
}

/**
 * A network seen along rays r u_k. Networks of ReLU and leaky ReLU are piecewise linear in r on every ray, so radial integrals of them are exact;
 * those of smooth activations have values only, and integrals are taken by a rule.
 */
export interface RayBundle {
  /** Number of rays. */
  readonly count: number;
  /** Most pieces that a ray can have; 0 where there are none. */
  readonly capacity: number;
  /** Writes the pieces of r -> f(r u_ray); null for a network that is not piecewise linear along rays. */
  readonly pieces: RayPieces | null;
  /** A reader of f(r u_ray) at the ascending radii `nodes`, one value a node; rays are best asked for in their order. */
  valuesAt(nodes: Float64Array): RayValues;
  /**
   * The same with the error of the directions' sample mean taken out of the layer below (the bottleneck's F(u) - alpha), where the network has such a mean;
   * null where it has none.
   */
  readonly centredPieces: RayPieces | null;
}

/** Writes the pieces of one ray. */
export type RayPieces = (ray: number, into: PieceBuffer) => void;

/** The pieces of a bundle that must have some. */
export function linearPiecesOf({ pieces }: RayBundle): RayPieces {
  if (pieces !== null) return pieces;
  throw new Error("pieces were asked for along the rays of a network that has none");
}

/** Writes the values of one ray at the nodes that the reader was made for. */
export type RayValues = (ray: number, out: Float64Array) => void;

/** The reader that goes through the pieces of each ray: for networks that have no shorter way. */
export function valuesOfPieces(
  { capacity }: Pick<RayBundle, "capacity">,
  pieces: RayPieces,
  nodes: Float64Array,
): RayValues {
  const buffer = createPieceBuffer(capacity);
  return (ray, out) => {
    pieces(ray, buffer);
    const { count, starts, slopes, intercepts } = buffer;
    let at = 0;
    for (let node = 0; node < nodes.length; node += 1) {
      while (at + 1 < count && starts[at + 1] <= nodes[node]) at += 1;
      out[node] = slopes[at] * nodes[node] + intercepts[at];
    }
  };
}
