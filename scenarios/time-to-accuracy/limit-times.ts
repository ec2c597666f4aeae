import { laws, limits, targets } from "meanfield";
import { initialAlpha, type Start, type Values } from "./parameters.ts";

export function problemIn(dimension: number, { radiusCutoff }: Pick<Values, "radiusCutoff">) {
  return { law: laws.heavyTailed({ dimension, radiusCutoff }), target: targets.hinge() };
}

/** Times past which a loss is taken never to fall to the accuracy asked for. */
const patience = 1e6;

/** The times at which the limit's loss falls to each accuracy along its exact flow; null where it does not within a million units of time. */
export function limitTimes(
  values: Values,
  dimension: number,
  start: Start,
  accuracies: readonly number[],
): readonly (number | null)[] {
  const { law, target } = problemIn(dimension, values);
  const limit = limits.createBottleneckLimit({
    law: laws.buildLaw(law),
    target: targets.buildTarget(target),
    secondLayerWidth: 1,
  });
  const flow = limits.createLimitFlow(limit);
  const state = flow.start(
    limits.bottleneckState({ alpha: initialAlpha(start, dimension), v: [values.initialV], b: [values.initialB] }),
  );
  // The loss never rises along the flow: from the coarsest accuracy on, each crossing lies between two times of a geometric grid.
  const times: (number | null)[] = [];
  for (const accuracy of [...accuracies].reverse()) {
    let before = structuredClone(state);
    while (limit.loss(state.y) > accuracy && state.time < patience) {
      before = structuredClone(state);
      flow.advanceTo(state, Math.max(0.01, 1.1 * state.time));
    }
    times.unshift(limit.loss(state.y) > accuracy ? null : crossing(accuracy, before.time, state.time));
    // Bisection between the two, from a copy of the earlier state.
    function crossing(level: number, earliest: number, latest: number): number {
      let [low, high] = [earliest, latest];
      while (high - low > 1e-9 * high) {
        const middle = (low + high) / 2;
        const copy = structuredClone(before);
        flow.advanceTo(copy, middle);
        if (limit.loss(copy.y) > level) low = middle;
        else high = middle;
      }
      return (low + high) / 2;
    }
  }
  return times;
}
