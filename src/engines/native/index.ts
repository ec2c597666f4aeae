import { compiledEngine } from "../compiled/compiled-engine.ts";
import type { KernelLibrary } from "../compiled/kernels.ts";
import type { Arithmetic, EngineOffer } from "../engine.ts";
import type { MemoryBlock } from "../memory-block.ts";
import { attachBlock } from "../memory-block.ts";
import { type Addon, loadAddon } from "./addon.ts";

export { loadAddon } from "./addon.ts";

const instructionNames: Readonly<Record<string, string>> = { avx512: "AVX-512", avx2: "AVX2", sse2: "SSE2" };

/** The engine in machine code, as a Node-API addon, or why it does not work here in this arithmetic. */
export function nativeEngine(arithmetic: Arithmetic): EngineOffer {
  const addon = loadAddon();
  if ("reason" in addon) return addon;
  const variants = addon.variants();
  // Named in the order of their speed.
  const table = variants.findIndex((name) => name?.endsWith(`_${arithmetic}`));
  if (table < 0) return { reason: `this processor has no instructions for ${arithmetic} arithmetic` };
  const [instructions] = (variants[table] ?? "").split("_");
  const description = { name: "native", arithmetic, instructions: instructionNames[instructions] } as const;
  return { engine: compiledEngine(description, nativeLibrary(addon, table)) };
}

/** The addon's kernels of one variant. */
export function nativeLibrary(addon: Addon, table: number): KernelLibrary {
  /** Blocks begin at a multiple of 64 in memory, which decides how many cache lines a vector touches. */
  const aligned = (block: MemoryBlock): MemoryBlock => ({
    ...block,
    start: (64 - addon.misalignment(new Uint8Array(block.buffer))) % 64,
  });
  return {
    scratchBytes: (record) => addon.scratchBytes(table, new Uint8Array(record.buffer), 0),
    allocate(bytes, parts) {
      const block = attachBlock(parts > 1 ? new SharedArrayBuffer(bytes + 64) : new ArrayBuffer(bytes + 64));
      addon.preferLargePages(new Uint8Array(block.buffer));
      return aligned(block);
    },
    attach: (handle) => aligned(attachBlock(handle)),
    bind({ buffer }) {
      const bytes = new Uint8Array(buffer);
      return {
        chunkCount: (problem) => addon.chunkCount(table, bytes, problem),
        forward: (...rest) => addon.forward(table, bytes, ...rest),
        residual: (...rest) => addon.residual(table, bytes, ...rest),
        backward: (...rest) => addon.backward(table, bytes, ...rest),
        move: (...rest) => addon.move(table, bytes, ...rest),
        measure: (job) => addon.measure(table, bytes, job),
        matrix: (job) => addon.matrix(table, bytes, job),
        deep: (job) => addon.deep(table, bytes, job),
      };
    },
    draws: {
      fillNormal: (...rest) => addon.fillNormal(table, ...rest),
      fillUniform: (...rest) => addon.fillUniform(table, ...rest),
    },
  };
}
