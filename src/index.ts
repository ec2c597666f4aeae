export * as dynamics from "./dynamics/index.ts";
export { type ErrorCode, errorCodes, MeanfieldError } from "./errors.ts";
export * as laws from "./laws/index.ts";
export * as limits from "./limits/index.ts";
export * as networks from "./networks/index.ts";
export * as numerics from "./numerics/index.ts";
export { decodeNpy, encodeNpy, type RunOutcome, readRun, runScenario } from "./runs/index.ts";
export {
  type Axis,
  type Claim,
  claim,
  defineScenario,
  type Figure,
  type JsonObject,
  type Member,
  type MemberResults,
  type ParameterValues,
  type ProfileCurve,
  parameter,
  problemOf,
  problemParameters,
  type RunContext,
  type Scenario,
  type Series,
  type Source,
  standardFigures,
} from "./scenario/index.ts";
export * from "./simulation/index.ts";
export * as targets from "./targets/index.ts";
