/// <reference path="./webassembly.d.ts" />
import type { DrawKernels } from "../../numerics/random/index.ts";
import { compiledEngine } from "../compiled/compiled-engine.ts";
import type { KernelLibrary, Phase } from "../compiled/kernels.ts";
import type { Arithmetic, EngineOffer } from "../engine.ts";
import { isWasmCurrent } from "../kernel-sources.ts";
import type { MemoryBlock } from "../memory-block.ts";
import { createMemory, instantiate, largestMemory, loadModule, type WasmExports, type WasmFill } from "./module.ts";

const offers = new Map<Arithmetic, EngineOffer>();

/** The engine in WebAssembly SIMD, or why it does not work here in this arithmetic. */
export function wasmEngine(arithmetic: Arithmetic): EngineOffer {
  let offer = offers.get(arithmetic);
  if (offer === undefined) {
    offer = makeOffer(arithmetic);
    offers.set(arithmetic, offer);
  }
  return offer;
}

function makeOffer(arithmetic: Arithmetic): EngineOffer {
  let module: WebAssembly.Module;
  try {
    if (!isWasmCurrent()) {
      return { reason: "its modules were built from other sources (npm run build:wasm builds them again)" };
    }
    module = loadModule(arithmetic);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) {
      return { reason: `its module could not be read: ${error instanceof Error ? error.message : String(error)}` };
    }
    return {
      reason:
        arithmetic === "fused"
          ? "this Node.js has no relaxed SIMD (version 22 and later have it)"
          : "this Node.js has no WebAssembly SIMD",
    };
  }
  const probe = instantiate(module, createMemory(0));
  // A runtime may round relaxed multiply-adds once or twice, as its processor likes.
  if (arithmetic === "fused" && probe.isFused(1 + 2 ** -12) !== 1) {
    return { reason: "this processor has no fused multiply-add" };
  }
  const description = { name: "wasm", arithmetic, instructions: "SIMD128", largestMemory } as const;
  return { engine: compiledEngine(description, wasmLibrary(module)) };
}

/** Stack of one thread. Kernels keep only small arrays on it. */
const stackBytes = 2 ** 16;
const alignment = 64;

/** The module's kernels. */
export function wasmLibrary(module: WebAssembly.Module): KernelLibrary {
  const own = createMemory(0);
  const library = instantiate(module, own);
  const stacks = alignment * Math.ceil(Number(library.__heap_base.value) / alignment);
  const handleOf = (memory: WebAssembly.Memory, parts: number): WasmHandle => ({ memory, parts });
  const blockOf = (handle: WasmHandle): MemoryBlock => ({
    buffer: handle.memory.buffer,
    handle,
    start: stacks + handle.parts * stackBytes,
  });
  return {
    scratchBytes(record) {
      new Float64Array(own.buffer, stacks, record.length).set(record);
      return library.scratchBytes(stacks);
    },
    allocate: (bytes, parts) => blockOf(handleOf(createMemory(stacks + parts * stackBytes + bytes), parts)),
    attach: (handle) => blockOf(checkedHandle(handle)),
    bind(block) {
      const instance = instantiate(module, checkedHandle(block.handle).memory);
      // The phases of a part run on its own stack, which is empty between calls.
      const enter = (part: number): void => {
        instance.__stack_pointer.value = stacks + (part + 1) * stackBytes;
      };
      const phase =
        (run: Phase): Phase =>
        (...call) => {
          enter(call[6]);
          run(...call);
        };
      return {
        chunkCount: instance.chunkCount,
        forward: phase(instance.forward),
        residual: phase(instance.residual),
        backward: phase(instance.backward),
        move(problem, particles, part, parts, stepSize) {
          enter(part);
          instance.move(problem, particles, part, parts, stepSize);
        },
        measure(job) {
          enter(0);
          instance.measure(job);
        },
        matrix(job, part) {
          enter(part);
          instance.matrix(job);
        },
        deep(job) {
          enter(0);
          instance.deep(job);
        },
      };
    },
    draws: wasmDraws(library, own, stacks),
  };
}

/** What another thread needs in order to attach. */
interface WasmHandle {
  readonly memory: WebAssembly.Memory;
  readonly parts: number;
}

function checkedHandle(handle: unknown): WasmHandle {
  if (typeof handle === "object" && handle !== null && "memory" in handle && "parts" in handle) {
    return handle as WasmHandle;
  }
  throw new Error("a block of memory was sent that is no memory of WebAssembly");
}

/** Draws, made in the module's memory and copied out. */
function wasmDraws(library: WasmExports, memory: WebAssembly.Memory, start: number): DrawKernels {
  const room = new Float64Array(memory.buffer, start, 32768);
  const copying =
    (fill: WasmFill): DrawKernels["fillNormal"] =>
    (out, offset, count, position, attempt, step, replica, keyLow, keyHigh) => {
      for (let done = 0; done < count; done += room.length) {
        const length = Math.min(room.length, count - done);
        fill(start, length, position + done, attempt, step, replica, keyLow, keyHigh);
        out.set(length === room.length ? room : room.subarray(0, length), offset + done);
      }
    };
  return { fillNormal: copying(library.fillNormal), fillUniform: copying(library.fillUniform) };
}
