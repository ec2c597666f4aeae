/// <reference path="./webassembly.d.ts" />
import { readFileSync } from "node:fs";
import type { Phase } from "../compiled/kernels.ts";
import type { Arithmetic } from "../engine.ts";
import { kernelSources } from "../kernel-sources.ts";

/** What kernels/kernels.cpp exports to WebAssembly; addresses are offsets into the imported memory. */
export interface WasmExports {
  scratchBytes(problem: number): number;
  chunkCount(problem: number): number;
  forward: Phase;
  residual: Phase;
  backward: Phase;
  move(problem: number, particles: number, part: number, parts: number, stepSize: number): void;
  measure(job: number): void;
  matrix(job: number): void;
  deep(job: number): void;
  fillNormal: WasmFill;
  fillUniform: WasmFill;
  multiplyAdd(realBytes: number, rounds: number): number;
  isFused(value: number): number;
  readonly __stack_pointer: WebAssembly.Global;
  readonly __heap_base: WebAssembly.Global;
}

export type WasmFill = (
  out: number,
  count: number,
  position: number,
  attempt: number,
  step: number,
  replica: number,
  keyLow: number,
  keyHigh: number,
) => void;

/** 65536 pages of 64 KiB: what 32-bit addresses reach. */
export const largestMemory = 2 ** 32;
export const pageBytes = 2 ** 16;

/** Memory of at least `bytes` bytes that threads can share. Throws `RangeError` where it cannot be had. */
export function createMemory(bytes: number): WebAssembly.Memory {
  // The module asks for 16 pages at least.
  const pages = Math.max(16, Math.ceil(bytes / pageBytes));
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

const modules = new Map<Arithmetic, WebAssembly.Module>();

/** The committed module of one arithmetic, compiled once a thread. Throws `WebAssembly.CompileError` where the runtime lacks its instructions. */
export function loadModule(arithmetic: Arithmetic): WebAssembly.Module {
  let module = modules.get(arithmetic);
  if (module === undefined) {
    module = new WebAssembly.Module(readFileSync(kernelSources().wasmFile(arithmetic)));
    modules.set(arithmetic, module);
  }
  return module;
}

/** An instance on `memory`, for the calling thread. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): WasmExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as WasmExports;
}
