export type {
  Batch,
  Engine,
  OwnedRange,
  RadialExpectation,
  SampledExpectation,
  ScratchSize,
  VelocityKernel,
  VelocityMemory,
  VelocityProblem,
} from "./engine.ts";
export { referenceEngine } from "./reference/index.ts";
