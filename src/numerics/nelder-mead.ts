import { invalidValue } from "../errors.ts";

export interface NelderMeadOptions {
  /** Where to begin. The first simplex has each coordinate once longer by 5 %, by 0.00025 where it is 0. */
  readonly start: readonly number[];
  /** @default 1000 */
  readonly iterations?: number;
  /** Ends where the simplex is smaller than this in every coordinate and its values differ by less. @default 1e-4 */
  readonly tolerance?: number;
}

export interface NelderMeadResult {
  readonly point: readonly number[];
  readonly value: number;
  readonly iterations: number;
  /** False where the iterations ran out. */
  readonly converged: boolean;
}

/**
 * Looks for a local minimum without derivatives: the simplex method of Nelder and Mead (1965) with reflection 1, expansion 2, contraction 1/2 and shrinkage 1/2, with the
 * first simplex and the end of common implementations (Lagarias et al. 1998). Values that are NaN count as infinite. Deterministic; a minimum is not promised.
 *
 * @throws MeanfieldError `invalid-value`
 */
export function nelderMead(f: (point: readonly number[]) => number, options: NelderMeadOptions): NelderMeadResult {
  const { start, iterations = 1000, tolerance = 1e-4 } = options;
  if (start.length < 1 || !start.every(Number.isFinite))
    throw invalidValue("start", "at least one finite number", start);
  if (!(Number.isInteger(iterations) && iterations >= 0))
    throw invalidValue("iterations", "an integer >= 0", iterations);
  if (!(tolerance > 0)) throw invalidValue("tolerance", "a positive number", tolerance);
  const vertexAt = (point: readonly number[]): Vertex => {
    const value = f(point);
    return { point, value: Number.isNaN(value) ? Infinity : value };
  };
  const ascending = (vertices: readonly Vertex[]) => [...vertices].sort((left, right) => left.value - right.value);
  let simplex = ascending([
    vertexAt(start),
    ...start.map((entry, axis) => vertexAt(start.with(axis, entry === 0 ? 0.00025 : 1.05 * entry))),
  ]);
  for (let iteration = 0; ; iteration += 1) {
    const best = simplex[0];
    const converged = simplex.every(
      ({ point, value }) =>
        Math.abs(value - best.value) <= tolerance &&
        point.every((entry, axis) => Math.abs(entry - best.point[axis]) <= tolerance),
    );
    if (converged || iteration >= iterations) return Object.freeze({ ...best, iterations: iteration, converged });
    simplex = ascending(nextSimplex(simplex, vertexAt));
  }
}

interface Vertex {
  readonly point: readonly number[];
  readonly value: number;
}

function nextSimplex(simplex: readonly Vertex[], vertexAt: (point: readonly number[]) => Vertex): readonly Vertex[] {
  const worst = simplex[simplex.length - 1];
  const others = simplex.slice(0, -1);
  const [best, second] = [simplex[0], others[others.length - 1]];
  const centre = worst.point.map((_, axis) => others.reduce((sum, { point }) => sum + point[axis], 0) / others.length);
  /** From the worst vertex through the centre: 1 is its mirror image. */
  const beyond = (by: number) => vertexAt(centre.map((entry, axis) => entry + by * (entry - worst.point[axis])));
  const mirrored = beyond(1);
  if (mirrored.value < best.value) {
    const further = beyond(2);
    return [...others, further.value < mirrored.value ? further : mirrored];
  }
  if (mirrored.value < second.value) return [...others, mirrored];
  const isOutside = mirrored.value < worst.value;
  const contracted = beyond(isOutside ? 0.5 : -0.5);
  if (contracted.value < (isOutside ? mirrored.value : worst.value)) return [...others, contracted];
  return [
    best,
    ...simplex.slice(1).map(({ point }) => vertexAt(point.map((entry, axis) => (entry + best.point[axis]) / 2))),
  ];
}
