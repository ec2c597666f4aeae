/** What users see as `dynamics`. */
export { type AdamOptions, adam } from "./adam.ts";
export type { AdamMoments } from "./adam-step.ts";
export {
  type DecayOptions,
  type DynamicsPlan,
  type DynamicsSpec,
  flow,
  type GradientDescentOptions,
  gradientDescent,
  type LayerSpeeds,
  type MotionOptions,
  type ToleranceOptions,
  type ToleranceSpec,
} from "./dynamics.ts";
export { type ExpectationSpec, type FixedSamplesSpec, population, radialExact, sgd } from "./expectation.ts";
export { fixedSamples } from "./fixed-samples.ts";
export { type LangevinOptions, langevin } from "./langevin.ts";
export type { GivenStepSize, StepSizeByTolerance, StepSizeSchedule } from "./step-size.ts";
