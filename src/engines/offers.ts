import type { Arithmetic, EngineName, EngineOffer } from "./engine.ts";
import { nativeEngine } from "./native/index.ts";
import { referenceEngine } from "./reference/index.ts";
import { wasmEngine } from "./wasm/index.ts";

/** Where engines come from: what each of them offers in each arithmetic. */
export type EngineOffers = (name: EngineName, arithmetic: Arithmetic) => EngineOffer;

/** The engines of this installation on this machine. */
export const installedOffers: EngineOffers = (name, arithmetic) => {
  switch (name) {
    case "native":
      return nativeEngine(arithmetic);
    case "wasm":
      return wasmEngine(arithmetic);
    case "reference":
      return arithmetic === "plain"
        ? { engine: referenceEngine }
        : { reason: "it computes in plain arithmetic, since JavaScript has no fused multiply-add" };
  }
};
