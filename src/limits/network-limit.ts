import { invalidValue, MeanfieldError } from "../errors.ts";
import type { Law } from "../laws/law.ts";
import { activationOf, activationText, isRelu } from "../networks/activation.ts";
import { bottleneckAlpha } from "../networks/bottleneck.ts";
import type { Network } from "../networks/network.ts";
import type { Particles } from "../networks/particles.ts";
import { rowNorms } from "../networks/row-norms.ts";
import type { Target } from "../targets/target.ts";
import { bottleneckState, createBottleneckLimit } from "./bottleneck.ts";
import type { LayerSpeeds, Limit } from "./limit.ts";
import { createTwoLayerLimit, twoLayerState } from "./two-layer.ts";
import type { WideCouplingSpec } from "./wide-coupling.ts";

/** Which reference is carried along with a simulation, as plain frozen data: the exact limit of its network, or a wider network. */
export type LimitSpec = NetworkLimitSpec | WideCouplingSpec;

/** A network's own limit: a closed system of equations. */
export type NetworkLimitSpec =
  | { readonly kind: "bottleneck"; readonly tolerance: number | null }
  | { readonly kind: "two-layer"; readonly tolerance: number | null; readonly nodesPerPanel: number };

/**
 * The bottleneck network's limit.
 *
 * `tolerance` of the adaptive solution beside the stepped one, in [1e-13, 1e-2]; null leaves it out, and with it the time-step term. @default 1e-10
 */
export function bottleneck(options: { readonly tolerance?: number | null } = {}): NetworkLimitSpec {
  const tolerance = options.tolerance === undefined ? 1e-10 : options.tolerance;
  checkTolerance(tolerance);
  return Object.freeze({ kind: "bottleneck", tolerance });
}

/**
 * The two-layer network's limit with the network's own atoms (a_i, |w_i|, b_i), each spread over all directions.
 *
 * `tolerance`: as for the bottleneck, @default null, since a system of 3 m equations costs about as much as the run.
 * `nodesPerPanel`: Gauss nodes in the radius between breaks of the target. @default 32
 */
export function twoLayer(
  options: { readonly tolerance?: number | null; readonly nodesPerPanel?: number } = {},
): NetworkLimitSpec {
  const tolerance = options.tolerance === undefined ? null : options.tolerance;
  checkTolerance(tolerance);
  return Object.freeze({ kind: "two-layer", tolerance, nodesPerPanel: options.nodesPerPanel ?? 32 });
}

/** A limit together with what ties it to one network. */
export interface NetworkLimit {
  readonly limit: Limit;
  /** The limit's state that belongs to the particles: their atoms, directions averaged out. */
  initial(particles: Particles): Float64Array;
  /** Means over atoms by name: alpha, v, b, a of the bottleneck; a, rho, b sizes of the two-layer network. */
  observe(y: Float64Array): Record<string, number>;
}

/** Builds the limit that `spec` describes for `network`. Throws `unsupported-combination` for a limit of another network, of the dense one, or of another activation than ReLU. */
export function buildNetworkLimit(
  spec: NetworkLimitSpec,
  network: Network,
  law: Law,
  target: Target,
  layerSpeeds: LayerSpeeds,
): NetworkLimit {
  if (network.spec.kind === "dense") {
    throw new MeanfieldError(
      "unsupported-combination",
      `limit: expected wide-coupling, since no limit of the dense network is built in, got ${spec.kind}; use limits.wideCoupling, or no limit`,
      { path: "limit", expected: "wide-coupling", got: spec.kind },
    );
  }
  if (spec.kind !== network.spec.kind) {
    throw new MeanfieldError(
      "unsupported-combination",
      `limit: expected the limit of the ${network.spec.kind} network, got ${spec.kind}`,
      { path: "limit", expected: network.spec.kind, got: spec.kind },
    );
  }
  const activation = activationOf(network.spec);
  if (!isRelu(activation)) {
    throw new MeanfieldError(
      "unsupported-combination",
      `limit: expected a network of the activation relu, the only one whose limit is built in, got ${activationText(activation)}; use limits.wideCoupling, or no limit`,
      { path: "limit", expected: "wide-coupling", got: spec.kind },
    );
  }
  if (network.spec.kind === "bottleneck") {
    const { dimension, secondLayerWidth, trainOuterWeights } = network.spec;
    const limit = createBottleneckLimit({ law, target, secondLayerWidth, layerSpeeds, trainOuterWeights });
    return {
      limit,
      initial: (particles) =>
        bottleneckState({
          alpha: bottleneckAlpha(particles, dimension),
          v: particles.arrays.v,
          b: particles.arrays.b,
          a: particles.arrays.a,
        }),
      observe: (y) => ({
        alpha: y[0],
        v: mean(y, 1, secondLayerWidth),
        b: mean(y, 1 + secondLayerWidth, secondLayerWidth),
        a: mean(y, 1 + 2 * secondLayerWidth, secondLayerWidth),
      }),
    };
  }
  const { dimension, width } = network.spec;
  const nodesPerPanel = spec.kind === "two-layer" ? spec.nodesPerPanel : 32;
  return {
    limit: createTwoLayerLimit({ law, target, width, layerSpeeds, nodesPerPanel }),
    initial: (particles) =>
      twoLayerState({ a: particles.arrays.a, rho: rowNorms(particles, dimension), b: particles.arrays.b }),
    observe: (y) => ({ weightNorm: Math.sqrt(meanSquare(y, width, width)), outerWeight: meanAbsolute(y, 0, width) }),
  };
}

function checkTolerance(tolerance: number | null): void {
  if (tolerance === null || (tolerance >= 1e-13 && tolerance <= 1e-2)) return;
  throw invalidValue("tolerance", "a number in [1e-13, 1e-2], or null", tolerance);
}

function mean(y: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let index = from; index < from + count; index += 1) sum += y[index];
  return sum / count;
}

function meanSquare(y: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let index = from; index < from + count; index += 1) sum += y[index] * y[index];
  return sum / count;
}

function meanAbsolute(y: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let index = from; index < from + count; index += 1) sum += Math.abs(y[index]);
  return sum / count;
}
