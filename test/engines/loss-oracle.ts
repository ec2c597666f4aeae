import type { BuiltPlan } from "../../src/dynamics/plan.ts";
import { createPieceBuffer, type PieceBuffer, particlesOn } from "../../src/networks/index.ts";
import { gaussLegendre } from "../../src/numerics/index.ts";

/** The loss of one batch, computed with nothing of the engine: the function whose gradient the velocity must be. */
export function batchLoss(
  built: BuiltPlan,
  particles: Float64Array,
  points: Float64Array,
  targets: Float64Array,
): number {
  const { network, problem, law } = built;
  const view = particlesOn(network.layout, particles);
  const count = problem.batch;
  if (problem.expectation.kind === "sampled") {
    const out = new Float64Array(count);
    network.evaluate(view, points, count, out);
    let sum = 0;
    for (let s = 0; s < count; s += 1) sum += (out[s] - targets[s]) ** 2;
    return sum / (2 * count);
  }
  const { target } = problem.expectation;
  const radius = law.radius;
  if (radius === null || !Number.isFinite(radius.upper)) throw new Error("the oracle needs a bounded radial law");
  const bundle = network.along(view, points, count);
  const buffer: PieceBuffer = createPieceBuffer(bundle.capacity);
  const rule = gaussLegendre(12);
  let loss = 0;
  for (let ray = 0; ray < count; ray += 1) {
    bundle.pieces(ray, buffer);
    const cuts = [0, radius.upper, ...buffer.starts.subarray(1, buffer.count), ...target.starts.subarray(1)];
    for (let panel = 1; panel < 40; panel += 1) cuts.push((radius.upper * panel) / 40);
    const breaks = [...new Set(cuts)].filter((cut) => cut <= radius.upper).sort((left, right) => left - right);
    let piece = 0;
    let targetPiece = 0;
    for (let index = 0; index + 1 < breaks.length; index += 1) {
      const [from, to] = [breaks[index], breaks[index + 1]];
      const middle = (from + to) / 2;
      while (piece + 1 < buffer.count && buffer.starts[piece + 1] <= middle) piece += 1;
      while (targetPiece + 1 < target.starts.length && target.starts[targetPiece + 1] <= middle) targetPiece += 1;
      for (let node = 0; node < rule.nodes.length; node += 1) {
        const r = middle + ((to - from) / 2) * rule.nodes[node];
        const error =
          buffer.slopes[piece] * r +
          buffer.intercepts[piece] -
          target.slopes[targetPiece] * r -
          target.intercepts[targetPiece];
        loss += ((rule.weights[node] * (to - from)) / 2) * radius.pdf(r) * error * error;
      }
    }
  }
  return loss / (2 * count);
}
