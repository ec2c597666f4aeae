import type { Arithmetic, Engine, EngineName, Precision } from "./engine.ts";
import { referenceEngine } from "./reference/index.ts";

/** Which engine a simulation asks for; `auto` takes the fastest that works here. */
export interface EngineRequest {
  readonly engine: EngineName | "auto";
  readonly arithmetic: Arithmetic | "auto";
  readonly precision: Precision;
}

/** An engine as data, to be found again on another thread. */
export interface EngineIdentity {
  readonly name: EngineName;
  readonly arithmetic: Arithmetic;
}

/** The engine that a request gets. Throws `unavailable-engine` where one is asked for by name and does not work here. */
export function chooseEngine(_request: EngineRequest): Engine {
  return referenceEngine;
}

/** The engine that another thread of this process has chosen. */
export function findEngine(_identity: EngineIdentity): Engine {
  return referenceEngine;
}
