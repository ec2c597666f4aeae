import { invalidValue, MeanfieldError } from "../errors.ts";
import { buildNetwork } from "../networks/index.ts";
import type { Network, NetworkSpec } from "../networks/network.ts";
import type { Particles } from "../networks/particles.ts";
import type { RootSeed } from "../numerics/random/key.ts";

/** The widths of the reference network, by the names that the network's own have; one that is not named stays. */
export interface ReferenceWidths {
  /** M1 of the bottleneck and the dense network. */
  readonly firstLayerWidth?: number;
  /** M2 of the bottleneck and the dense network. */
  readonly secondLayerWidth?: number;
  /** M of the two-layer network, even. */
  readonly width?: number;
}

/** A wider network of the same family as the reference: one of `factor` and `widths` is given, the other null. */
export interface WideCouplingSpec {
  readonly kind: "wide-coupling";
  /** All widths times this. */
  readonly factor: number | null;
  readonly widths: ReferenceWidths | null;
}

/**
 * Wide coupling (propagation of chaos), for any network: a reference of width M >> m whose first m particles start as the small network's and which
 * sees the same samples at the same steps, stepped by the same dynamics. 1/2 E(f - f_M)^2 is the discretisation error of the trajectory; since the first
 * m particles are shared it is low by the factor 1 - m/M to leading order (docs/theory/wide-coupling.md). Both see the same samples, so the gap holds the
 * part of the width alone, not that of the sampling.
 *
 * @param options.factor all widths times this, an integer >= 1; at 1 the gap is 0 identically
 * @param options.widths instead: the reference's widths by name, each at least the network's
 * @throws MeanfieldError `invalid-value` unless exactly one of the two is given, and in range
 */
export function wideCoupling(
  options: { readonly factor: number } | { readonly widths: ReferenceWidths },
): WideCouplingSpec {
  const { factor = null, widths = null } = options as Partial<WideCouplingSpec>;
  if ((factor === null) === (widths === null)) {
    throw invalidValue("wideCoupling", "either factor or widths", options, "give one of them, for instance factor: 8");
  }
  if (factor !== null && !(Number.isInteger(factor) && factor >= 1)) {
    throw invalidValue("limit.factor", "an integer >= 1", factor);
  }
  return Object.freeze({
    kind: "wide-coupling",
    factor,
    widths: widths === null ? null : Object.freeze({ ...widths }),
  });
}

/**
 * The reference network that `spec` describes beside `network`.
 *
 * @throws MeanfieldError `invalid-value` for a width that the network does not have, that is no integer, or below the network's
 */
export function referenceNetwork({ factor, widths }: WideCouplingSpec, network: Network): Network {
  const own = widthsOf(network.spec);
  const wide: Record<string, number> = {};
  for (const [name, width] of Object.entries(own)) wide[name] = (factor ?? 1) * width;
  for (const [name, width] of Object.entries(widths ?? {})) {
    const least = own[name];
    if (least === undefined) {
      const names = Object.keys(own).join(", ");
      throw invalidValue(`limit.widths.${name}`, `one of ${names}, the ${network.spec.kind} network's widths`, name);
    }
    if (!(Number.isInteger(width) && width >= least)) {
      throw invalidValue(`limit.widths.${name}`, `an integer >= ${least}, the network's own`, width);
    }
    wide[name] = width;
  }
  return buildNetwork({ ...network.spec, ...wide } as NetworkSpec, network.spec.dimension);
}

/**
 * The start of the reference: its own, under the same seed and replica, with the small network's particles in the place of its first. In an array
 * of rows and columns, as the weights U_ji between two layers, the first m2 rows of the first m1 columns are shared. The two-layer network's neurons
 * come in pairs of opposite sign one after the other, and its widths are even, so that pairs stay whole and f_M = 0 too.
 */
export function coupledStart(small: Particles, reference: Network, seed: RootSeed, replica: number): Particles {
  const start = reference.start(seed, replica);
  for (const [index, { name, shape }] of reference.layout.arrays.entries()) {
    const [rows, columns = 1] = small.layout.arrays[index].shape;
    const [, stride = 1] = shape;
    const from = small.arrays[name];
    for (let row = 0; row < rows; row += 1) {
      start.arrays[name].set(from.subarray(row * columns, (row + 1) * columns), row * stride);
    }
  }
  return start;
}

/**
 * What the squared gap is to be divided by, to leading order, to have the gap to infinite width: 1 - m/M. A layer whose width is the same in both has no
 * part in the gap. Null where layers are widened by different factors, so that there is no one such number, and where no layer is.
 */
export function sharedCorrection(small: Network, reference: Network): number | null {
  const wide = widthsOf(reference.spec);
  const shares = Object.entries(widthsOf(small.spec)).map(([name, width]) => width / wide[name]);
  const widened = shares.filter((share) => share < 1);
  const [share] = widened;
  return widened.length > 0 && widened.every((other) => other === share) ? 1 - share : null;
}

/** Throws `unsupported-combination`: the reference's further particles need the law of the network's own start. */
export function refuseGivenStart(): never {
  throw new MeanfieldError(
    "unsupported-combination",
    "start: expected none beside limits.wideCoupling, whose further particles are drawn as the network draws its own start, got arrays; choose a start of the network, or another replica, or leave out the limit",
    { path: "start", expected: "none", got: "arrays" },
  );
}

function widthsOf(spec: NetworkSpec): Readonly<Record<string, number>> {
  if (spec.kind === "two-layer") return { width: spec.width };
  return { firstLayerWidth: spec.firstLayerWidth, secondLayerWidth: spec.secondLayerWidth };
}
