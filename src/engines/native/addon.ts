import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isAddonCurrent, kernelSources } from "../kernel-sources.ts";

/** What kernels/addon.cpp exports. `table` is the number of a variant in `variants()`; `block` the bytes of a simulation's memory. */
export interface Addon {
  /** Names such as "avx512_fused"; null where this processor lacks the instructions. */
  variants(): readonly (string | null)[];
  scratchBytes(table: number, block: Uint8Array, problem: number): number;
  chunkCount(table: number, block: Uint8Array, problem: number): number;
  forward: AddonPhase;
  residual: AddonPhase;
  backward: AddonPhase;
  move(
    table: number,
    block: Uint8Array,
    problem: number,
    particles: number,
    part: number,
    parts: number,
    stepSize: number,
  ): void;
  measure(table: number, block: Uint8Array, job: number): void;
  matrix(table: number, block: Uint8Array, job: number): void;
  deep(table: number, block: Uint8Array, job: number): void;
  fillNormal: AddonFill;
  fillUniform: AddonFill;
  /** Does `rounds` rounds of independent multiply-adds in registers; returns the floating-point operations done. */
  multiplyAdd(table: number, realBytes: number, rounds: number): number;
  /** Bytes by which the block's first byte lies behind a multiple of 64. */
  misalignment(block: Uint8Array): number;
  /** Asks the system for pages of 2 MB where the block fills them. */
  preferLargePages(block: Uint8Array): void;
  /** CPU time of the calling thread in milliseconds. */
  threadTime(): number;
}

type AddonPhase = (
  table: number,
  block: Uint8Array,
  problem: number,
  particles: number,
  points: number,
  targets: number,
  weights: number,
  chunk: number,
  part: number,
  parts: number,
) => void;

type AddonFill = (
  table: number,
  out: Float64Array,
  offset: number,
  count: number,
  position: number,
  attempt: number,
  step: number,
  replica: number,
  keyLow: number,
  keyHigh: number,
) => void;

let loaded: Addon | { readonly reason: string } | null = null;

/** The addon, or why there is none: a clause for people. */
export function loadAddon(): Addon | { readonly reason: string } {
  loaded ??= findAddon();
  return loaded;
}

function findAddon(): Addon | { readonly reason: string } {
  if (process.arch !== "x64") return { reason: `its kernels are for x64, and this processor is ${process.arch}` };
  const { addonFile, addonFailureFile } = kernelSources();
  if (!existsSync(addonFile)) {
    if (!existsSync(addonFailureFile)) {
      return { reason: "it was not built (npm run build:native builds it; it needs a C++ compiler)" };
    }
    const why = readFileSync(addonFailureFile, "utf8").trim();
    return { reason: `it was not built: ${why} (npm run build:native tries again)` };
  }
  try {
    if (!isAddonCurrent()) {
      return { reason: "it was built from other sources (npm run build:native builds it again)" };
    }
    return createRequire(import.meta.url)(addonFile);
  } catch (error) {
    return { reason: `it could not be loaded: ${error instanceof Error ? error.message : String(error)}` };
  }
}
