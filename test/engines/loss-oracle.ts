import type { BuiltPlan } from "../../src/dynamics/plan.ts";
import type { Reals } from "../../src/engines/index.ts";
import type { RadialDistribution } from "../../src/laws/index.ts";
import { createPieceBuffer, linearPiecesOf, type PieceBuffer, particlesOn } from "../../src/networks/index.ts";
import { gaussLegendre } from "../../src/numerics/index.ts";
import type { LinearPieces } from "../../src/targets/index.ts";

/** The loss of one batch, computed with nothing of the engine: the function whose gradient the velocity must be. */
export function batchLoss(built: BuiltPlan, particles: Float64Array, batchPoints: Reals, targets: Reals): number {
  const { network, problem, law } = built;
  const view = particlesOn(network.layout, particles);
  const count = problem.batch;
  const points = Float64Array.from(batchPoints);
  if (problem.expectation.kind === "sampled") {
    const out = new Float64Array(count);
    network.evaluate(view, points, count, out);
    let sum = 0;
    for (let s = 0; s < count; s += 1) sum += (out[s] - targets[s]) ** 2;
    return sum / (2 * count);
  }
  const { target } = problem.expectation;
  if (law.radius === null) throw new Error("the oracle needs a radial law");
  const bundle = network.along(view, points, count);
  const buffer = createPieceBuffer(bundle.capacity);
  let loss = 0;
  for (let ray = 0; ray < count; ray += 1) {
    linearPiecesOf(bundle)(ray, buffer);
    loss +=
      law.spec.kind === "sphere" ? squareAt(law.radius.mean, buffer, target) : meanSquare(law.radius, buffer, target);
  }
  return loss / (2 * count);
}

function squareAt(radius: number, pieces: PieceBuffer, target: LinearPieces): number {
  return (
    (valueOn(pieces.starts.subarray(0, pieces.count), pieces, radius) - valueOn(target.starts, target, radius)) ** 2
  );
}

function valueOn(starts: Float64Array, pieces: PieceBuffer | LinearPieces, radius: number): number {
  const piece = starts.findLastIndex((start) => start <= radius);
  return pieces.slopes[piece] * radius + pieces.intercepts[piece];
}

const rule = gaussLegendre(12);
const densities = new WeakMap<RadialDistribution, Map<number, number>>();

/** Integral of p (f - f*)^2 by Gauss rules between all kinks and 24 even cuts. */
function meanSquare(radius: RadialDistribution, buffer: PieceBuffer, target: LinearPieces): number {
  const kinks = [...buffer.starts.subarray(0, buffer.count), ...target.starts];
  const end = Number.isFinite(radius.upper) ? radius.upper : unboundedEnd(radius, kinks, buffer);
  for (let panel = 1; panel <= 24; panel += 1) kinks.push((end * panel) / 24);
  const breaks = [...new Set(kinks)].filter((cut) => cut <= end).sort((left, right) => left - right);
  // Most nodes are asked for again and again while one particle is moved.
  const known = densities.get(radius) ?? new Map<number, number>();
  densities.set(radius, known);
  if (known.size > 1e6) known.clear();
  let piece = 0;
  let targetPiece = 0;
  let loss = 0;
  for (let index = 0; index + 1 < breaks.length; index += 1) {
    const [from, to] = [breaks[index], breaks[index + 1]];
    const middle = (from + to) / 2;
    while (piece + 1 < buffer.count && buffer.starts[piece + 1] <= middle) piece += 1;
    while (targetPiece + 1 < target.starts.length && target.starts[targetPiece + 1] <= middle) targetPiece += 1;
    const slope = buffer.slopes[piece] - target.slopes[targetPiece];
    const intercept = buffer.intercepts[piece] - target.intercepts[targetPiece];
    for (let node = 0; node < rule.nodes.length; node += 1) {
      const r = middle + ((to - from) / 2) * rule.nodes[node];
      let density = known.get(r);
      if (density === undefined) {
        density = radius.pdf(r);
        known.set(r, density);
      }
      loss += ((rule.weights[node] * (to - from)) / 2) * density * (slope * r + intercept) ** 2;
    }
  }
  return loss;
}

/** Beyond it nothing is left: no mass, or, under a law without moments, no error. */
function unboundedEnd(radius: RadialDistribution, kinks: readonly number[], buffer: PieceBuffer): number {
  if (Number.isFinite(radius.secondMoment)) return radius.quantile(1 - 1e-13);
  const last = buffer.count - 1;
  if (buffer.slopes[last] !== 0 || buffer.intercepts[last] !== 0) throw new Error("the loss is infinite");
  return Math.max(...kinks);
}
