import type { DynamicsPlan, DynamicsSpec, ExpectationSpec, ToleranceSpec } from "../dynamics/index.ts";
import { withSteps } from "../dynamics/index.ts";
import { MeanfieldError } from "../errors.ts";
import type { Law } from "../laws/law.ts";
import type { NetworkLimit } from "../limits/index.ts";
import type { Particles } from "../networks/index.ts";
import type { Target } from "../targets/target.ts";
import { radialMeasure } from "./evaluation-points.ts";
import type { LimitTrack } from "./limit-track.ts";
import type { SimulateOptions } from "./options.ts";
import type { RecordTimes } from "./record-times.ts";
import { chooseStep, type StepChoice } from "./step-choice.ts";

/** Tolerance of the exact limit by which a step size is chosen where the limit's own options leave it out. */
const defaultExactTolerance = 1e-10;

/** The tolerance of the exact limit that a simulation of `asked` carries along; null where it is not solved. */
export function exactToleranceOf(asked: DynamicsPlan, tolerance: number | null): number | null {
  return tolerance ?? (asked.stepSize === null ? defaultExactTolerance : null);
}

/** Dynamics for what is made before the step size is chosen, and does not depend on it: the whole time as one step, until then. */
export function beforeChoice(
  plan: DynamicsPlan,
  expectation: ExpectationSpec,
): DynamicsSpec & { readonly expectation: ExpectationSpec } {
  return { ...(plan.stepSize === null ? withSteps(plan, plan.time, 1) : plan), expectation };
}

/** In place of a search too long for a check: the whole time as one step, which nobody takes. Null where the search is short. */
export function uncheckedChoice({ dynamics, limit }: SimulateOptions): StepChoice | null {
  if (dynamics.stepSize !== null || limit?.kind !== "two-layer") return null;
  const { tolerance, time } = dynamics;
  return { tolerance, time, stepSize: time, steps: 1, timeStepError: Number.NaN, trials: 0 };
}

/** The step size that a tolerance leads to. Throws `unsupported-combination` where there is no limit to choose it from, and what `chooseStep` throws. */
export function stepFromLimit(
  asked: ToleranceSpec,
  { radius }: Law,
  { radial }: Target,
  networkLimit: (NetworkLimit & { readonly tolerance: number | null }) | null,
  track: LimitTrack | null,
  initial: Particles,
  recordTimes: RecordTimes,
): StepChoice {
  const exactTolerance = exactToleranceOf(asked, networkLimit?.tolerance ?? null);
  if (networkLimit === null || track === null || exactTolerance === null || radius === null || radial === null) {
    const suggestion = "give the network's limit (limits.bottleneck() or limits.twoLayer()), or a stepSize";
    throw new MeanfieldError(
      "unsupported-combination",
      `tolerance: expected an infinite-width limit, on which the error of a step size is measured, got none; ${suggestion}`,
      { path: "tolerance", expected: "an infinite-width limit", got: "none", suggestion },
    );
  }
  return chooseStep(asked, {
    track,
    initial: networkLimit.initial(initial),
    target: radial,
    measure: radialMeasure(radius, radial.breaks),
    recordTimes,
    exactTolerance,
  });
}
