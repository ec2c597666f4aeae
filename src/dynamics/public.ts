/** What users see as `dynamics`. */
export { type AdamMoments, type AdamOptions, adam } from "./adam.ts";
export {
  type DynamicsPlan,
  type DynamicsSpec,
  type ExpectationSpec,
  flow,
  type GradientDescentOptions,
  gradientDescent,
  type LayerSpeeds,
  type MotionOptions,
  population,
  radialExact,
  sgd,
  type ToleranceOptions,
  type ToleranceSpec,
} from "./dynamics.ts";
export { type FixedSamplesSpec, fixedSamples } from "./fixed-samples.ts";
export type { GivenStepSize, StepSizeByTolerance, StepSizeSchedule } from "./step-size.ts";
