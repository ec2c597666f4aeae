export { availableMemory, bytesText } from "./available-memory.ts";
export { chooseEngine, type EngineIdentity, type EngineRequest, findEngine, type Obstacle } from "./choose.ts";
export {
  type DeepKernels,
  type DeepLoss,
  type DeepMemory,
  type DeepProblem,
  deepLosses,
  layDeepMemory,
} from "./deep.ts";
export {
  type Arithmetic,
  arithmetics,
  type Batch,
  type Engine,
  type EngineName,
  type EngineOffer,
  engineNames,
  type OwnedRange,
  type RadialExpectation,
  type SampledExpectation,
  type VelocityKernel,
  type VelocityMemory,
  type VelocityProblem,
} from "./engine.ts";
export { kernelSources } from "./kernel-sources.ts";
export { largestDiagonalBlock, type MatrixKernels, matrixRecordLength, packedLength, packedRows } from "./matrices.ts";
export type { MemoryBlock } from "./memory-block.ts";
export { type EngineUse, engineText, engineUse, type Numerics, numericsOf } from "./numerics.ts";
export { type EngineOffers, installedOffers } from "./offers.ts";
export { type EnginePreference, resolvePreference, withEnginePreference } from "./preference.ts";
export { vectorInstructions } from "./processor.ts";
export { type Precision, precisions, type Reals } from "./reals.ts";
export { referenceEngine } from "./reference/index.ts";
export { automaticChoices, type EngineState, surveyEngines } from "./survey.ts";
