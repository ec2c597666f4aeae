export { type ErrorCode, errorCodes, MeanfieldError } from "./errors.ts";
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
  parameter,
  type RunContext,
  type Scenario,
  type Series,
  type Source,
} from "./scenario/index.ts";
