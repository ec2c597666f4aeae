import type { RadialTable } from "./law.ts";

/**
 * Partial moments M_k(r) = integral_0^r t^k p(t) dt, k = 0, 1, 2, of a smooth density p, tabulated on a uniform grid and read by quintic
 * Hermite interpolation.
 *
 * Values, first and second derivatives at the nodes follow from p and p'; the values are summed from node to node by the two-point rule
 * h (f0 + f1)/2 + h^2 (f0' - f1')/10 + h^3 (f0'' + f1'')/120. Both have errors of order h^6 p^(5): for a grid of 32 nodes per unit on which
 * p varies, about 1e-13.
 */
export interface MomentTable {
  /** The nodes as data, in the form of `RadialTable`. */
  readonly nodes: Float64Array;
  readonly step: number;
  readonly cellCount: number;
  /** The last node; beyond it the table knows nothing. */
  readonly upper: number;
  /** What the density was multiplied by: 1, or the factor that makes the mass of the table 1. */
  readonly densityFactor: number;
  /** Writes M_0, M_1, M_2 at radius >= 0 (the last node's beyond it) to out[offset...]: no allocation, no checks. */
  moments(radius: number, out: Float64Array, offset: number): void;
  mass(radius: number): number;
  /** The radius in [0, upper] where M_0 reaches `mass`; `upper` if the table's mass is less. */
  radiusOfMass(mass: number): number;
}

export interface MomentTableOptions {
  readonly step: number;
  readonly cellCount: number;
  /** Writes p, p', p'' at radius = node * step to out[0..2]. */
  readonly density: (radius: number, out: Float64Array, node: number) => void;
  /** Whether p is only known up to a factor and the table is to have mass 1. */
  readonly normalize: boolean;
}

/**
 * Numbers per node: M_0, M_1, M_2, h p, h^2 p'. The derivatives of M_1 and M_2 follow from these: M_1' = r p, M_1'' = p + r p',
 * M_2' = r^2 p, M_2'' = 2 r p + r^2 p'.
 */
const stride = 5;

/** Tabulates the moments in one pass over the nodes. */
export function buildMomentTable({ step, cellCount, density, normalize }: MomentTableOptions): MomentTable {
  const nodes = new Float64Array(stride * (cellCount + 1));
  const densityFactor = fillNodes(nodes, step, cellCount, density, normalize);
  const inverseStep = 1 / step;
  const upper = cellCount * step;
  const lastCell = stride * cellCount;

  function moments(radius: number, out: Float64Array, offset: number): void {
    const x = radius * inverseStep;
    if (!(x < cellCount)) {
      out[offset] = nodes[lastCell];
      out[offset + 1] = nodes[lastCell + 1];
      out[offset + 2] = nodes[lastCell + 2];
      return;
    }
    const cell = Math.floor(x);
    const t = x - cell;
    const u = 1 - t;
    const cube = t * t * t;
    const mirroredCube = u * u * u;
    const at = stride * cell;
    const left = cell * step;
    const right = left + step;
    const leftDensity = nodes[at + 3];
    const rightDensity = nodes[at + 8];
    // Quintic Hermite basis: values blend by `blend`; first and second derivatives of M_0 add `leftPart` and `rightPart`, those of M_1 and M_2
    // the same times r and r^2, and what the product rule adds.
    const blend = cube * (10 + t * (6 * t - 15));
    const leftCurve = 0.5 * t * t * mirroredCube;
    const rightCurve = 0.5 * cube * u * u;
    const leftPart = t * mirroredCube * (1 + 3 * t) * leftDensity + leftCurve * nodes[at + 4];
    const rightPart = rightCurve * nodes[at + 9] - cube * u * (4 - 3 * t) * rightDensity;
    const leftExtra = step * leftCurve * leftDensity;
    const rightExtra = step * rightCurve * rightDensity;
    const mass = nodes[at];
    const first = nodes[at + 1];
    const second = nodes[at + 2];
    out[offset] = mass + (blend * (nodes[at + 5] - mass) + leftPart + rightPart);
    out[offset + 1] =
      first + (blend * (nodes[at + 6] - first) + left * leftPart + leftExtra + right * rightPart + rightExtra);
    out[offset + 2] =
      second +
      (blend * (nodes[at + 7] - second) +
        left * (left * leftPart + 2 * leftExtra) +
        right * (right * rightPart + 2 * rightExtra));
  }

  function massInCell(at: number, t: number): number {
    const u = 1 - t;
    const cube = t * t * t;
    const mirroredCube = u * u * u;
    const blend = cube * (10 + t * (6 * t - 15));
    const leftPart = t * mirroredCube * (1 + 3 * t) * nodes[at + 3] + 0.5 * t * t * mirroredCube * nodes[at + 4];
    const rightPart = 0.5 * cube * u * u * nodes[at + 9] - cube * u * (4 - 3 * t) * nodes[at + 8];
    // The same operations as in `moments`, so that both give the same bits.
    return nodes[at] + (blend * (nodes[at + 5] - nodes[at]) + leftPart + rightPart);
  }

  function mass(radius: number): number {
    const x = radius * inverseStep;
    if (!(x < cellCount)) return nodes[lastCell];
    const cell = Math.floor(x);
    return massInCell(stride * cell, x - cell);
  }

  function radiusOfMass(wanted: number): number {
    if (!(wanted <= nodes[lastCell])) return upper;
    if (wanted <= 0) return 0;
    let low = 0;
    let high = cellCount;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (nodes[stride * middle] < wanted) low = middle;
      else high = middle;
    }
    return step * (low + placeInCell(stride * low, wanted));
  }

  /** The t in [0, 1] where the cell's polynomial reaches `wanted`, by Newton's method inside a bracket. */
  function placeInCell(at: number, wanted: number): number {
    let low = 0;
    let high = 1;
    const rise = nodes[at + 5] - nodes[at];
    let t = rise > 0 ? (wanted - nodes[at]) / rise : 0.5;
    for (let round = 0; round < 100; round += 1) {
      const excess = massInCell(at, t) - wanted;
      if (excess === 0) return t;
      if (excess > 0) high = t;
      else low = t;
      if (!(high - low > 1e-16)) return high;
      const newton = t - excess / slopeInCell(at, t);
      const next = newton > low && newton < high ? newton : 0.5 * (low + high);
      if (Math.abs(next - t) <= 1e-16) return next;
      t = next;
    }
    return high;
  }

  function slopeInCell(at: number, t: number): number {
    const u = 1 - t;
    const bump = t * t * u * u;
    return (
      30 * bump * (nodes[at + 5] - nodes[at]) +
      t * t * (-12 + t * (28 - 15 * t)) * nodes[at + 8] +
      0.5 * t * t * u * (3 - 5 * t) * nodes[at + 9] +
      u * u * (1 + t * (2 - 15 * t)) * nodes[at + 3] +
      0.5 * t * u * u * (2 - 5 * t) * nodes[at + 4]
    );
  }

  return { nodes, step, cellCount, upper, densityFactor, moments, mass, radiusOfMass };
}

/** A table as plain data, with the moments from `upper` on. */
export function tableAsData(
  { nodes, step, cellCount }: MomentTable,
  upper: number,
  beyond: RadialTable["beyond"],
): RadialTable {
  return { nodes, step, cellCount, factor: 1, upper, beyond };
}

function fillNodes(
  nodes: Float64Array,
  step: number,
  cellCount: number,
  density: MomentTableOptions["density"],
  normalize: boolean,
): number {
  const local = new Float64Array(3);
  // (f, f', f'') of t^k p(t), k = 0, 1, 2, at the node before and at this one
  let before = new Float64Array(9);
  let here = new Float64Array(9);
  const sums = new Float64Array(3);
  const carries = new Float64Array(3);
  for (let node = 0; node <= cellCount; node += 1) {
    const radius = node * step;
    density(radius, local, node);
    const [p, slope, curve] = local;
    here[0] = p;
    here[1] = slope;
    here[2] = curve;
    here[3] = radius * p;
    here[4] = p + radius * slope;
    here[5] = 2 * slope + radius * curve;
    here[6] = radius * radius * p;
    here[7] = 2 * radius * p + radius * radius * slope;
    here[8] = 2 * p + 4 * radius * slope + radius * radius * curve;
    for (let order = 0; order < 3; order += 1) {
      const at = 3 * order;
      if (node > 0) {
        const increment =
          step *
          (0.5 * (before[at] + here[at]) +
            (step / 10) * (before[at + 1] - here[at + 1]) +
            ((step * step) / 120) * (before[at + 2] + here[at + 2]));
        // Compensated: the sum runs over up to a million nodes.
        const corrected = increment - carries[order];
        const sum = sums[order] + corrected;
        carries[order] = sum - sums[order] - corrected;
        sums[order] = sum;
      }
      nodes[stride * node + order] = sums[order];
    }
    nodes[stride * node + 3] = step * p;
    nodes[stride * node + 4] = step * step * slope;
    [before, here] = [here, before];
  }
  if (!normalize) return 1;
  const factor = 1 / sums[0];
  for (let index = 0; index < nodes.length; index += 1) nodes[index] *= factor;
  return factor;
}
