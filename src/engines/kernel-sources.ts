import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { installationRoot } from "../threads/index.ts";

interface KernelSources {
  readonly kernelFolder: string;
  readonly addonFile: string;
  readonly addonDigestFile: string;
  readonly addonFailureFile: string;
  readonly wasmDigestFile: string;
  wasmFile(arithmetic: string): string;
  sourceDigest(except?: readonly string[]): string;
}

let sources: KernelSources | null = null;

/** Where the kernels' builds lie, and the digest of what they must have been built from (kernels/sources.cjs). */
export function kernelSources(): KernelSources {
  sources ??= createRequire(import.meta.url)(join(installationRoot(), "kernels", "sources.cjs")) as KernelSources;
  return sources;
}

/** Whether the addon was built from the sources that stand there: kernels and TypeScript share the layout of their memory. */
export function isAddonCurrent(): boolean {
  const { addonDigestFile, sourceDigest } = kernelSources();
  return readFileSync(addonDigestFile, "utf8").trim() === sourceDigest();
}

/** The same for the WebAssembly modules. */
export function isWasmCurrent(): boolean {
  const { wasmDigestFile, sourceDigest } = kernelSources();
  const built: { readonly sources: string } = JSON.parse(readFileSync(wasmDigestFile, "utf8"));
  return built.sources === sourceDigest(["addon.cpp"]);
}
