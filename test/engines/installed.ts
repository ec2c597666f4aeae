import v8 from "node:v8";
import { compiledEngine } from "../../src/engines/compiled/compiled-engine.ts";
import { type Arithmetic, arithmetics, type Engine } from "../../src/engines/engine.ts";
import { loadAddon } from "../../src/engines/native/addon.ts";
import { nativeLibrary } from "../../src/engines/native/index.ts";
import { wasmEngine } from "../../src/engines/wasm/index.ts";

export interface NamedEngine {
  /** Such as "native AVX2" or "wasm SIMD128". */
  readonly title: string;
  readonly arithmetic: Arithmetic;
  readonly engine: Engine;
}

// Node 20 has relaxed SIMD behind a flag; with it the fused module can be tested there too.
if (Number(process.versions.node.split(".")[0]) < 22) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");

/** Every compiled engine that works on this machine: each of the addon's instruction sets, and WebAssembly. */
export function compiledEngines(): readonly NamedEngine[] {
  const found: NamedEngine[] = [];
  const addon = loadAddon();
  if (!("reason" in addon)) {
    for (const [table, variant] of addon.variants().entries()) {
      if (variant === null) continue;
      const [instructions, arithmetic] = variant.split("_") as [string, Arithmetic];
      const engine = compiledEngine({ name: "native", arithmetic, instructions }, nativeLibrary(addon, table));
      found.push({ title: `native ${instructions}`, arithmetic, engine });
    }
  }
  for (const arithmetic of arithmetics) {
    const offer = wasmEngine(arithmetic);
    if ("engine" in offer) found.push({ title: `wasm ${offer.engine.instructions}`, arithmetic, engine: offer.engine });
  }
  return found;
}
