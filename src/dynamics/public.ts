/** What users see as `dynamics`. */
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
