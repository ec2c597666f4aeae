/** What users see as `deepNetworks`. */
export {
  type DeepLayer,
  type DeepParameters,
  type DeepStart,
  deepStarts,
  type FullyConnectedOptions,
  type FullyConnectedSpec,
  fullyConnected,
  startParameters,
} from "../deep-networks/index.ts";
export {
  type ChosenRate,
  type CrossValidationOptions,
  chooseLearningRate,
  type RateResult,
} from "./cross-validation.ts";
export type { ClassExamples, DeepExamples, ValueExamples } from "./examples.ts";
export { type FitOptions, type FitOutcome, fitExamples } from "./fit.ts";
export { signLabels, type TargetExampleOptions, targetValues } from "./labelled-inputs.ts";
export { errorRate } from "./mistakes.ts";
export { coordinateSensitivity, type Sensitivity } from "./sensitivity.ts";
export { createDeepTraining, type DeepTraining, type DeepTrainingOptions } from "./training.ts";
