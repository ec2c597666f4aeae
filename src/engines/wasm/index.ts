import type { Arithmetic, EngineOffer } from "../engine.ts";

/** The engine in WebAssembly with SIMD, or why it does not work here in this arithmetic. */
export function wasmEngine(_arithmetic: Arithmetic): EngineOffer {
  return { reason: "not built" };
}
