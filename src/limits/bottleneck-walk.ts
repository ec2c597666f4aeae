import { MeanfieldError } from "../errors.ts";
import type { RadialDistribution } from "../laws/law.ts";
import type { LinearPieces } from "../targets/target.ts";

/** Where an atom a relu(slope r + b) is active on r > 0. */
const inactive = 0;
const alwaysActive = 1;
const activeBeyondKink = 2;
const activeBeforeKink = 3;

/**
 * The exact radial integrals of the bottleneck network's limit: fbar(r) = mean_j a_j relu(v_j alpha r + b_j) and f* are linear between the
 * merged kinks and breaks, so every expectation is a sum over intervals of the law's partial moments M_0, M_1, M_2.
 */
export interface BottleneckWalk {
  /** Walks the state's intervals; then the arrays below hold its integrals. Allocates nothing. */
  integrate(y: Float64Array): void;
  /** Q_j = E_r[e r 1(v_j alpha r + b_j > 0)], e = fbar - f*. */
  readonly byRadius: Float64Array;
  /** P_j = E_r[e 1(v_j alpha r + b_j > 0)]. */
  readonly byOne: Float64Array;
  /** 1/2 E_r e^2; Infinity where e grows linearly and the law has no second moment. */
  loss(y: Float64Array): number;
  /** fbar as linear pieces, freshly allocated. */
  pieces(y: Float64Array): LinearPieces;
}

/**
 * The walk for `atoms` outer neurons, y = [alpha, v..., b..., a...]. O(atoms + pieces) a call once the kinks are in order, which they mostly are.
 *
 * Slopes on an interval are sums over the atoms active there, taken from the left for atoms that switch on and from the right for those that
 * switch off: where none is active the sum is exactly 0, and 0 times an infinite moment can be left out.
 *
 * @throws `unsupported-combination` if the target has no linear pieces
 */
export function createBottleneckWalk(
  radius: RadialDistribution,
  target: LinearPieces | null,
  atoms: number,
): BottleneckWalk {
  if (target === null) {
    throw new MeanfieldError(
      "unsupported-combination",
      "target: expected a radial profile with linear pieces, which the exact integrals need; give it as a piecewise-linear or radial-function target",
      { path: "target" },
    );
  }
  const targetStarts = target.starts;
  const targetPieces = targetStarts.length;
  const intervals = atoms + targetPieces;
  // Moments at the target's own breaks never change.
  const targetMoments = new Float64Array(3 * targetPieces);
  for (let piece = 1; piece < targetPieces; piece += 1) radius.moments(targetStarts[piece], targetMoments, 3 * piece);
  const finalMoments = new Float64Array(3);
  radius.moments(Infinity, finalMoments, 0);

  const activity = new Uint8Array(atoms);
  const kinks = new Float64Array(atoms);
  const order = Int32Array.from({ length: atoms }, (_, atom) => atom);
  /** Index of the interval that starts at an atom's kink. */
  const kinkInterval = new Int32Array(atoms);
  const moments = new Float64Array(3 * (intervals + 1));
  const starts = new Float64Array(intervals);
  /** The atom whose kink opens the interval; -1 for a break of the target. */
  const opener = new Int32Array(intervals);
  const slopes = new Float64Array(intervals);
  const intercepts = new Float64Array(intervals);
  /** Integrals of e p and e r p over each interval. */
  const plain = new Float64Array(intervals);
  const weighted = new Float64Array(intervals);
  const byRadius = new Float64Array(atoms);
  const byOne = new Float64Array(atoms);
  let used = 0;

  const classify = (y: Float64Array): void => {
    const alpha = y[0];
    for (let atom = 0; atom < atoms; atom += 1) {
      const slope = y[1 + atom] * alpha;
      const offset = y[1 + atoms + atom];
      const kink = -offset / slope;
      const hasKink = kink > 0 && kink < Infinity;
      kinks[atom] = hasKink ? kink : Infinity;
      if (hasKink) activity[atom] = slope > 0 ? activeBeyondKink : activeBeforeKink;
      // Written so that NaN counts as active and reaches the results.
      else activity[atom] = (slope <= 0 && offset <= 0) || (slope > 0 && offset < 0) ? inactive : alwaysActive;
    }
  };

  /** Insertion sort by (kink, index): a unique order, so that the sums below do not depend on earlier calls. */
  const sort = (): void => {
    for (let place = 1; place < atoms; place += 1) {
      const atom = order[place];
      const kink = kinks[atom];
      let hole = place;
      while (hole > 0) {
        const other = order[hole - 1];
        if (kinks[other] < kink || (kinks[other] === kink && other < atom)) break;
        order[hole] = other;
        hole -= 1;
      }
      order[hole] = atom;
    }
  };

  /** Merges kinks and breaks into intervals and writes the target's part, negated, into slopes and intercepts. */
  const merge = (isTargetIncluded: boolean): void => {
    let piece = 0;
    let place = 0;
    used = 0;
    for (;;) {
      const nextKink = place < atoms ? kinks[order[place]] : Infinity;
      const nextBreak = piece + 1 < targetPieces && isTargetIncluded ? targetStarts[piece + 1] : Infinity;
      if (used === 0) {
        starts[0] = 0;
        opener[0] = -1;
        moments.fill(0, 0, 3);
      } else if (nextKink === Infinity && nextBreak === Infinity) {
        break;
      } else if (nextKink <= nextBreak) {
        const atom = order[place];
        place += 1;
        starts[used] = nextKink;
        opener[used] = atom;
        kinkInterval[atom] = used;
        radius.moments(nextKink, moments, 3 * used);
      } else {
        piece += 1;
        starts[used] = nextBreak;
        opener[used] = -1;
        for (let power = 0; power < 3; power += 1) moments[3 * used + power] = targetMoments[3 * piece + power];
      }
      slopes[used] = isTargetIncluded ? -target.slopes[piece] : 0;
      intercepts[used] = isTargetIncluded ? -target.intercepts[piece] : 0;
      used += 1;
    }
    for (let power = 0; power < 3; power += 1) moments[3 * used + power] = finalMoments[power];
  };

  const addAtoms = (y: Float64Array): void => {
    const alpha = y[0];
    let slope = 0;
    let intercept = 0;
    for (let atom = 0; atom < atoms; atom += 1) {
      if (activity[atom] !== alwaysActive) continue;
      const outer = y[1 + 2 * atoms + atom] / atoms;
      slope += outer * y[1 + atom] * alpha;
      intercept += outer * y[1 + atoms + atom];
    }
    for (let interval = 0; interval < used; interval += 1) {
      const atom = opener[interval];
      if (atom >= 0 && activity[atom] === activeBeyondKink) {
        const outer = y[1 + 2 * atoms + atom] / atoms;
        slope += outer * y[1 + atom] * alpha;
        intercept += outer * y[1 + atoms + atom];
      }
      slopes[interval] += slope;
      intercepts[interval] += intercept;
    }
    slope = 0;
    intercept = 0;
    for (let interval = used - 1; interval >= 0; interval -= 1) {
      slopes[interval] += slope;
      intercepts[interval] += intercept;
      const atom = opener[interval];
      if (atom >= 0 && activity[atom] === activeBeforeKink) {
        const outer = y[1 + 2 * atoms + atom] / atoms;
        slope += outer * y[1 + atom] * alpha;
        intercept += outer * y[1 + atoms + atom];
      }
    }
  };

  const walk = (y: Float64Array, isTargetIncluded: boolean): void => {
    classify(y);
    sort();
    merge(isTargetIncluded);
    addAtoms(y);
  };

  const integrate = (y: Float64Array): void => {
    walk(y, true);
    for (let interval = 0; interval < used; interval += 1) {
      const at = 3 * interval;
      const mass = moments[at + 3] - moments[at];
      const first = moments[at + 4] - moments[at + 1];
      const slope = slopes[interval];
      const intercept = intercepts[interval];
      // A factor 0 must win against an infinite moment.
      plain[interval] = (slope === 0 ? 0 : slope * first) + intercept * mass;
      weighted[interval] =
        (slope === 0 ? 0 : slope * (moments[at + 5] - moments[at + 2])) + (intercept === 0 ? 0 : intercept * first);
    }
    let one = 0;
    let linear = 0;
    for (let interval = 0; interval < used; interval += 1) {
      const atom = opener[interval];
      if (atom >= 0 && activity[atom] === activeBeforeKink) {
        byOne[atom] = one;
        byRadius[atom] = linear;
      }
      one += plain[interval];
      linear += weighted[interval];
    }
    for (let atom = 0; atom < atoms; atom += 1) {
      if (activity[atom] === inactive || activity[atom] === alwaysActive) {
        byOne[atom] = activity[atom] === inactive ? 0 : one;
        byRadius[atom] = activity[atom] === inactive ? 0 : linear;
      }
    }
    one = 0;
    linear = 0;
    for (let interval = used - 1; interval >= 0; interval -= 1) {
      one += plain[interval];
      linear += weighted[interval];
      const atom = opener[interval];
      if (atom >= 0 && activity[atom] === activeBeyondKink) {
        byOne[atom] = one;
        byRadius[atom] = linear;
      }
    }
  };

  const loss = (y: Float64Array): number => {
    walk(y, true);
    let sum = 0;
    for (let interval = 0; interval < used; interval += 1) {
      const at = 3 * interval;
      const slope = slopes[interval];
      const intercept = intercepts[interval];
      sum += intercept * intercept * (moments[at + 3] - moments[at]);
      if (slope === 0) continue;
      const second = moments[at + 5] - moments[at + 2];
      if (second === Infinity) return Infinity;
      sum += slope * slope * second + 2 * slope * intercept * (moments[at + 4] - moments[at + 1]);
    }
    return sum / 2;
  };

  const pieces = (y: Float64Array): LinearPieces => {
    walk(y, false);
    return Object.freeze({
      starts: starts.slice(0, used),
      slopes: slopes.slice(0, used),
      intercepts: intercepts.slice(0, used),
    });
  };

  return Object.freeze({ integrate, byRadius, byOne, loss, pieces });
}
