import { chebyshevInterpolant } from "../../numerics/chebyshev.ts";

const size = 13;
const mostPanels = 512;

/** Two functions of the angle between inputs, NNGP and NTK at equal variances, as polynomials on panels. */
export interface AngleTable {
  /** Largest error found between the nodes, absolute, for each function. */
  readonly errors: readonly [number, number];
  /** Writes factors[i] times the functions at cosines[i], which lie in [-1, 1]; either output may be null, and may be the array of cosines. */
  fill(
    cosines: Float64Array,
    factors: Float64Array | null,
    first: Float64Array | null,
    second: Float64Array | null,
  ): void;
}

/**
 * Tabulates two functions of the half-angle. The kernels are smooth in s = sin(theta/2) = sqrt((1 - c)/2) up to theta = pi/2, and in cos(theta/2)
 * from there on, with their square-root singularities in c at the ends straightened: so each half is cut into equal panels in that variable with
 * polynomials of degree 12, doubled in number until the error between the nodes is below `tolerance` of the largest value.
 *
 * @param evaluate writes both functions at (sin, cos) of half the angle to out[0], out[1]; NaN where one does not exist
 * @param tolerance relative to the largest value of each function
 * @returns null where 512 panels do not reach the tolerance (deep step kernels, whose singularity is none of a square root)
 */
export function buildAngleTable(
  evaluate: (halfSine: number, halfCosine: number, out: Float64Array) => void,
  tolerance: number,
): AngleTable | null {
  for (let panels = 4; panels <= mostPanels; panels *= 2) {
    const near = tabulate((s, out) => evaluate(s, Math.sqrt(1 - s * s), out), panels, tolerance);
    if (near === null) continue;
    const far = tabulate((s, out) => evaluate(Math.sqrt(1 - s * s), s, out), panels, tolerance);
    if (far !== null) return tableOf(near, far, panels);
  }
  return null;
}

interface Half {
  /** For each panel the coefficients of the first function, then those of the second. */
  readonly coefficients: Float64Array;
  readonly errors: readonly [number, number];
}

const end = Math.SQRT1_2;

function tabulate(evaluate: (s: number, out: Float64Array) => void, panels: number, tolerance: number): Half | null {
  const coefficients = new Float64Array(panels * 2 * size);
  const out = new Float64Array(2);
  const errors: [number, number] = [0, 0];
  const largest = [0, 0];
  for (let panel = 0; panel < panels; panel += 1) {
    const place = (y: number): number => (end * (panel + (1 + y) / 2)) / panels;
    /** Both functions at once, since each is asked for at the same places. */
    const known = new Map<number, readonly [number, number]>();
    const both = (y: number): readonly [number, number] => {
      const found = known.get(y);
      if (found !== undefined) return found;
      evaluate(place(y), out);
      const made = [out[0], out[1]] as const;
      known.set(y, made);
      return made;
    };
    for (const which of [0, 1] as const) {
      const values = (y: number): number => both(y)[which];
      const made = chebyshevInterpolant(values, size);
      coefficients.set(made, (2 * panel + which) * size);
      for (const y of [-1, -0.97, -0.61, 0.03, 0.58, 0.975, 1]) {
        const exact = values(y);
        if (Number.isNaN(exact)) continue;
        largest[which] = Math.max(largest[which], Math.abs(exact));
        errors[which] = Math.max(errors[which], Math.abs(horner(made, 0, y) - exact));
      }
    }
  }
  if (errors.some((error, which) => error > tolerance * largest[which])) return null;
  return { coefficients, errors };
}

function tableOf(near: Half, far: Half, panels: number): AngleTable {
  const scale = panels / end;
  const nearCoefficients = near.coefficients;
  const farCoefficients = far.coefficients;
  return Object.freeze({
    errors: [Math.max(near.errors[0], far.errors[0]), Math.max(near.errors[1], far.errors[1])] as const,
    fill(cosines: Float64Array, factors: Float64Array | null, first: Float64Array | null, second: Float64Array | null) {
      for (let index = 0; index < cosines.length; index += 1) {
        const c = cosines[index];
        const table = c >= 0 ? nearCoefficients : farCoefficients;
        const place = scale * Math.sqrt((1 - Math.abs(c)) / 2);
        const panel = Math.min(panels - 1, Math.floor(place));
        const y = 2 * (place - panel) - 1;
        const factor = factors === null ? 1 : factors[index];
        if (first !== null) first[index] = factor * horner(table, 2 * panel * size, y);
        if (second !== null) second[index] = factor * horner(table, (2 * panel + 1) * size, y);
      }
    },
  });
}

/** Degree 12 in two interleaved chains. */
function horner(c: Float64Array, at: number, y: number): number {
  const z = y * y;
  const even =
    c[at] + z * (c[at + 2] + z * (c[at + 4] + z * (c[at + 6] + z * (c[at + 8] + z * (c[at + 10] + z * c[at + 12])))));
  const odd = c[at + 1] + z * (c[at + 3] + z * (c[at + 5] + z * (c[at + 7] + z * (c[at + 9] + z * c[at + 11]))));
  return even + y * odd;
}
