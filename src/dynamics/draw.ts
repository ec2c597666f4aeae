import type { SampleRange } from "../laws/law.ts";
import { createDirectionScratch, defaultArrangement, fillDirectionGroup, groupSize } from "../numerics/directions.ts";
import type { BuiltPlan } from "./plan.ts";

/** Draws the batches of an expectation, part by part. */
export interface BatchDrawer {
  /** Writes this part's points (and, for samples, their targets) of step `step`. */
  draw(points: Float64Array, targets: Float64Array, step: number): void;
}

/** Units (samples, or groups of directions) are cut between parts as evenly as they allow; no draw depends on the cut. */
export function createBatchDrawer(built: BuiltPlan, part: number, parts: number): BatchDrawer {
  const { plan, law, target, problem } = built;
  const { expectation } = plan.dynamics;
  const { dimension } = law;
  const count = problem.batch;
  if (expectation.kind === "sgd") {
    if (target === null) throw new Error("samples were planned for a target that this thread does not have");
    const first = Math.floor((count * part) / parts);
    const last = Math.floor((count * (part + 1)) / parts);
    const range = { first, count: last - first, step: 0, replica: plan.replica } satisfies SampleRange;
    const views = new Map<Float64Array, Float64Array>();
    return {
      draw(points, targets, step) {
        let own = views.get(points);
        if (own === undefined) {
          own = points.subarray(first * dimension, last * dimension);
          views.set(points, own);
        }
        range.step = step;
        law.sample(own, range, plan.keys);
        for (let sample = first; sample < last; sample += 1) {
          targets[sample] = target.value(points, sample * dimension, dimension);
        }
      },
    };
  }
  const arrangement = expectation.arrangement ?? defaultArrangement(dimension);
  const size = groupSize(arrangement, dimension);
  const groups = Math.ceil(count / size);
  const firstGroup = Math.floor((groups * part) / parts);
  const lastGroup = Math.floor((groups * (part + 1)) / parts);
  const scratch = createDirectionScratch(dimension);
  const isFixed = expectation.kind === "population";
  return {
    draw(points, _targets, step) {
      for (let group = firstGroup; group < lastGroup; group += 1) {
        const first = group * size;
        const members = Math.min(size, count - first);
        const offset = first * dimension;
        fillDirectionGroup(
          points,
          offset,
          members,
          group,
          arrangement,
          dimension,
          plan.keys.directions,
          isFixed ? 0 : step,
          plan.replica,
          scratch,
        );
      }
    },
  };
}
