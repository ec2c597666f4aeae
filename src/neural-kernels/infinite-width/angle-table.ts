import { chebyshevInterpolant } from "../../numerics/chebyshev.ts";

/** Coefficients of a panel's polynomials. */
const size = 13;
/** Each half is at most cut into so many panels; a panel is a whole number of cells. */
const cells = 4096;
const end = Math.SQRT1_2;

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
 * from there on, with their square-root singularities in c at the ends straightened: so each half is cut into panels in that variable with
 * polynomials of degree 12, which are halved until the error between the nodes is below `tolerance` of the function's value at theta = 0.
 *
 * @param evaluate writes both functions at (sin, cos) of half the angle to out[0], out[1]; NaN where one does not exist
 * @param tolerance relative to the value at theta = 0 of each function
 * @returns null where panels of a 4096th do not reach the tolerance (deep step kernels, whose singularity is none of a square root)
 */
export function buildAngleTable(
  evaluate: (halfSine: number, halfCosine: number, out: Float64Array) => void,
  tolerance: number,
): AngleTable | null {
  const top = new Float64Array(2);
  evaluate(0, 1, top);
  const bounds = top.map((value) => tolerance * Math.abs(value));
  const near = tabulate((s, out) => evaluate(s, Math.sqrt(1 - s * s), out), bounds);
  if (near === null) return null;
  const far = tabulate((s, out) => evaluate(Math.sqrt(1 - s * s), s, out), bounds);
  return far === null ? null : tableOf(near, far);
}

interface Half {
  /** The panel of each cell. */
  readonly panelOfCell: Uint16Array;
  /** For each panel: middle and inverse half-width in s, then the coefficients of the first function, then those of the second. */
  readonly panels: Float64Array;
  readonly errors: readonly [number, number];
}

const stride = 2 + 2 * size;

function tabulate(evaluate: (s: number, out: Float64Array) => void, bounds: Float64Array): Half | null {
  const panelOfCell = new Uint16Array(cells);
  const panels: number[] = [];
  const errors: [number, number] = [0, 0];
  const out = new Float64Array(2);

  const cover = (from: number, count: number): boolean => {
    const middle = (end * (from + count / 2)) / cells;
    const half = (end * count) / (2 * cells);
    // Both functions at once, since each is asked for at the same places.
    const known = new Map<number, readonly [number, number]>();
    const both = (y: number): readonly [number, number] => {
      const found = known.get(y);
      if (found !== undefined) return found;
      evaluate(middle + half * y, out);
      const made = [out[0], out[1]] as const;
      known.set(y, made);
      return made;
    };
    const fits = ([0, 1] as const).map((which) => {
      const fit = chebyshevInterpolant((y) => both(y)[which], size);
      const worst = places.reduce((error, y) => Math.max(error, Math.abs(horner(fit, 0, y) - both(y)[which])), 0);
      return { fit, worst };
    });
    // NaN, for a function that does not exist, is no error.
    if (fits.some(({ worst }, which) => worst > bounds[which])) {
      return count > 1 && cover(from, count / 2) && cover(from + count / 2, count / 2);
    }
    panelOfCell.fill(panels.length / stride, from, from + count);
    panels.push(middle, 1 / half, ...fits[0].fit, ...fits[1].fit);
    fits.forEach(({ worst }, which) => {
      if (worst > errors[which]) errors[which] = worst;
    });
    return true;
  };
  return cover(0, cells) ? { panelOfCell, panels: Float64Array.from(panels), errors } : null;
}

/** Between the nodes, and at the ends of a panel. */
const places = [-1, -0.97, -0.61, 0.03, 0.58, 0.975, 1];

function tableOf(near: Half, far: Half): AngleTable {
  const scale = cells / end;
  return Object.freeze({
    errors: [Math.max(near.errors[0], far.errors[0]), Math.max(near.errors[1], far.errors[1])] as const,
    fill(cosines: Float64Array, factors: Float64Array | null, first: Float64Array | null, second: Float64Array | null) {
      for (let index = 0; index < cosines.length; index += 1) {
        const c = cosines[index];
        const half = c >= 0 ? near : far;
        const { panels } = half;
        const s = Math.sqrt((1 - Math.abs(c)) / 2);
        const cell = Math.min(cells - 1, Math.floor(scale * s));
        const at = half.panelOfCell[cell] * stride;
        const y = (s - panels[at]) * panels[at + 1];
        const factor = factors === null ? 1 : factors[index];
        if (first !== null) first[index] = factor * horner(panels, at + 2, y);
        if (second !== null) second[index] = factor * horner(panels, at + 2 + size, y);
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
