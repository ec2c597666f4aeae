import type { Arithmetic, EngineOffer } from "../engine.ts";

/** The engine in machine code, as a Node-API addon, or why it does not work here in this arithmetic. */
export function nativeEngine(_arithmetic: Arithmetic): EngineOffer {
  return { reason: "not built" };
}
