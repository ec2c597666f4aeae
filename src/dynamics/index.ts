export { type Clock, createClock } from "./clock.ts";
export {
  type DynamicsSpec,
  defaultDirections,
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
export { type BuiltPlan, batchSize, buildPlan, type StepPlan } from "./plan.ts";
export { createStepper, type Stepper, targetForThreads } from "./stepper.ts";
