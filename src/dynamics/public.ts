/** What users see as `dynamics`. */
export { type AdamMoments, type AdamOptions, adam } from "./adam.ts";
export {
  type DynamicsSpec,
  type ExpectationSpec,
  flow,
  type GradientDescentOptions,
  gradientDescent,
  type LayerSpeeds,
  population,
  radialExact,
  type StepSizeSchedule,
  sgd,
} from "./dynamics.ts";
