/**
 * The bottleneck network's second layer at one velocity: h(s) = (1/m2) sum_j a_j relu(v_j s + b_j) with s = F(x).
 * The atoms' kinks s_j = -b_j/v_j are sorted once per velocity; on the ray through u they lie at r = s_j/F(u), in the same order for every u.
 */
export interface OuterAtoms {
  /** Atoms with a positive kink, by ascending kink. */
  readonly order: Uint32Array;
  readonly kinks: Float64Array;
  kinked: number;
  /** sum of a_j v_j and a_j b_j over the atoms that are on at s = 0+, and how many they are. */
  slopeAtZero: number;
  interceptAtZero: number;
  onAtZero: number;
}

/** Room for `count` atoms; `sortOuterAtoms` fills it. */
export function createOuterAtoms(count: number): OuterAtoms {
  return {
    order: new Uint32Array(count),
    kinks: new Float64Array(count),
    kinked: 0,
    slopeAtZero: 0,
    interceptAtZero: 0,
    onAtZero: 0,
  };
}

/** Whether atom (v, b) is on just above s = 0. */
export function isOnAtZero(v: number, b: number): boolean {
  return b > 0 || (b === 0 && v > 0);
}

/** Brings `atoms` up to date with (v, b, a); allocates nothing. */
export function sortOuterAtoms(atoms: OuterAtoms, v: Float64Array, b: Float64Array, a: Float64Array): void {
  const { order, kinks } = atoms;
  atoms.kinked = 0;
  atoms.slopeAtZero = 0;
  atoms.interceptAtZero = 0;
  atoms.onAtZero = 0;
  for (let j = 0; j < v.length; j += 1) {
    if (isOnAtZero(v[j], b[j])) {
      atoms.slopeAtZero += a[j] * v[j];
      atoms.interceptAtZero += a[j] * b[j];
      atoms.onAtZero += 1;
    }
    if (!(v[j] * b[j] < 0)) continue;
    const kink = -b[j] / v[j];
    kinks[j] = kink;
    // Insertion: atoms are few, and from step to step their order hardly changes.
    let at = atoms.kinked;
    while (at > 0 && kinks[order[at - 1]] > kink) {
      order[at] = order[at - 1];
      at -= 1;
    }
    order[at] = j;
    atoms.kinked += 1;
  }
}
