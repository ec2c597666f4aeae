export { chooseEngine, type EngineIdentity, type EngineRequest, findEngine } from "./choose.ts";
export type {
  Arithmetic,
  Batch,
  Engine,
  EngineName,
  EngineOffer,
  MemoryBlock,
  OwnedRange,
  Precision,
  RadialExpectation,
  Reals,
  SampledExpectation,
  VelocityKernel,
  VelocityMemory,
  VelocityProblem,
} from "./engine.ts";
export { referenceEngine } from "./reference/index.ts";
