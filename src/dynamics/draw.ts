import type { Reals } from "../engines/reals.ts";
import type { SampleRange } from "../laws/law.ts";
import { createDirectionScratch, defaultArrangement, fillDirectionGroup, groupSize } from "../numerics/directions.ts";
import { hasFixedPoints, isSampled } from "./fixed-samples.ts";
import type { BuiltPlan } from "./plan.ts";

/** Draws the batches of an expectation, part by part. */
export interface BatchDrawer {
  /** Writes this part's points (and, for samples, their targets) of step `step`. */
  draw(points: Reals, targets: Reals, step: number): void;
}

/** Units (samples, or groups of directions) are cut between parts as evenly as they allow; no draw depends on the cut. */
export function createBatchDrawer(built: BuiltPlan, part: number, parts: number): BatchDrawer {
  const { plan, law, target, problem } = built;
  const { expectation } = plan.dynamics;
  const { dimension } = law;
  const count = problem.batch;
  const isFixed = hasFixedPoints(expectation);
  if (isSampled(expectation)) {
    if (target === null) throw new Error("samples were planned for a target that this thread does not have");
    const first = Math.floor((count * part) / parts);
    const last = Math.floor((count * (part + 1)) / parts);
    const range = { first, count: last - first, step: 0, replica: plan.replica } satisfies SampleRange;
    const samples = new Float64Array((last - first) * dimension);
    return {
      draw(points, targets, step) {
        range.step = isFixed ? 0 : step;
        law.sample(samples, range, plan.keys);
        points.set(samples, first * dimension);
        for (let sample = first; sample < last; sample += 1) {
          targets[sample] = target.value(samples, (sample - first) * dimension, dimension);
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
  const group = new Float64Array(Math.min(size, count) * dimension);
  return {
    draw(points, _targets, step) {
      for (let number = firstGroup; number < lastGroup; number += 1) {
        const first = number * size;
        const members = Math.min(size, count - first);
        fillDirectionGroup(
          group,
          0,
          members,
          number,
          arrangement,
          dimension,
          plan.keys.directions,
          isFixed ? 0 : step,
          plan.replica,
          scratch,
        );
        const end = members * dimension;
        for (let at = 0; at < end; at += 1) points[first * dimension + at] = group[at];
      }
    },
  };
}
