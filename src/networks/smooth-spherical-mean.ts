import { invalidValue } from "../errors.ts";
import { gaussJacobi, gaussLegendre, type QuadratureRule } from "../numerics/quadrature.ts";
import type { Activation, SmoothActivationKind } from "./activation.ts";
import { meanReluOfCoordinate } from "./spherical-mean.ts";

/**
 * Gauss nodes that sigma(s t + b), -1 <= t <= 1, needs for each unit of s: sigma's singularities lie pi/(2 s) (tanh) and pi/s (softplus) off the
 * real axis, and erf grows there as exp((s Im t)^2). Together with `leastNodes` enough for 1e-13 in every dimension.
 */
const nodesPerUnit: Readonly<Record<SmoothActivationKind, number>> = { tanh: 10, erf: 5.5, softplus: 4.2 };
const leastNodes = 12;
/** Beyond so many nodes panels about the bend need fewer. */
const mostNodes = 1024;
const panelNodes = 24;

/**
 * phi(s, b) = E_u sigma(s u_1 + b), u uniform on the unit sphere of R^dimension: what a neuron's output is on average over rotations of its weights.
 *
 * The density of u_1 is K_d (1 - t^2)^((d-3)/2), so a Gauss-Gegenbauer rule serves, with as many nodes as s asks for. Where that would be more than
 * 1024, the integral is taken in theta = arccos t, in which the density sin^(d-2) is entire, by Gauss-Legendre rules on panels that grow from length
 * 1/s at the bend s cos(theta) + b = 0 outwards. Error below 1e-12 max(1, |phi|) for every s and b.
 */
export interface SmoothSphericalMean {
  /** phi(scale, offset), scale >= 0; throws `invalid-value` on a negative or NaN scale. */
  value(scale: number, offset: number): number;
}

/** The mean of a smooth activation. Throws `invalid-value` unless `dimension` is an integer >= 2. */
export function createSmoothSphericalMean(dimension: number, activation: Activation): SmoothSphericalMean {
  if (!(Number.isInteger(dimension) && dimension >= 2)) throw invalidValue("dimension", "an integer >= 2", dimension);
  const perUnit = nodesPerUnit[activation.kind as SmoothActivationKind];
  const rules = new Map<number, QuadratureRule>();
  const panels = createPanels(dimension);
  return Object.freeze({
    value(scale: number, offset: number): number {
      if (!(scale >= 0)) throw invalidValue("scale", "a number >= 0", scale);
      const wanted = leastNodes + perUnit * scale;
      if (wanted > mostNodes) return panels(activation, scale, offset);
      const count = ladderStep(wanted);
      let rule = rules.get(count);
      if (rule === undefined) {
        rule = gegenbauerRule(count, dimension);
        rules.set(count, rule);
      }
      const { nodes, weights } = rule;
      let sum = 0;
      for (let node = 0; node < count; node += 1) sum += weights[node] * activation.value(scale * nodes[node] + offset);
      return sum;
    },
  });
}

/** Few different counts, each at most half as much again as the one before: 12, 16, 24, 32, 48, ... */
function ladderStep(wanted: number): number {
  let count = leastNodes;
  while (count < wanted) count = count % 3 === 0 ? (count / 3) * 4 : (count / 2) * 3;
  return count;
}

function gegenbauerRule(count: number, dimension: number): QuadratureRule {
  const exponent = (dimension - 3) / 2;
  const { nodes, weights } = gaussJacobi(count, exponent, exponent);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { nodes, weights: weights.map((weight) => weight / total) };
}

/** phi by panels in theta, see `SmoothSphericalMean`. */
function createPanels(dimension: number): (activation: Activation, scale: number, offset: number) => number {
  const density = meanReluOfCoordinate(dimension) * (dimension - 1);
  // sin(theta)^(d-2) is below 1e-20 outside.
  const reach = dimension === 2 ? Math.PI / 2 : Math.acos(Math.min(1, 10 ** (-20 / (dimension - 2))));
  const longest = 4 / Math.sqrt(dimension);
  const { nodes, weights } = gaussLegendre(panelNodes);

  function panel(activation: Activation, scale: number, offset: number, from: number, to: number): number {
    const half = (to - from) / 2;
    let sum = 0;
    for (let node = 0; node < panelNodes; node += 1) {
      // The distance from pi/2, so that cos and sin are accurate where the mass is.
      const angle = from + half * (1 + nodes[node]);
      const z = offset - scale * Math.sin(angle);
      sum += weights[node] * Math.cos(angle) ** (dimension - 2) * activation.value(z);
    }
    return half * sum;
  }

  return (activation, scale, offset) => {
    const bend = Math.asin(Math.max(-1, Math.min(1, offset / scale)));
    let sum = 0;
    for (const direction of [-1, 1]) {
      // Outwards from the bend to the end of the mass, if that lies on this side at all.
      const end = direction * reach;
      let length = 1 / scale;
      let from = direction * Math.max(direction * bend, -reach);
      while (direction * (end - from) > 0) {
        const to = direction * Math.min(direction * (from + direction * length), direction * end);
        sum += direction * panel(activation, scale, offset, from, to);
        from = to;
        length = Math.min(2 * length, longest);
      }
    }
    return density * sum;
  };
}
