import { readFileSync } from "node:fs";

/** Names of vector instructions by their flag in Linux's /proc/cpuinfo, the widest first. */
const namesOfFlags = { avx512f: "AVX-512", avx2: "AVX2", fma: "FMA", avx: "AVX", sse2: "SSE2", asimd: "NEON" } as const;

/** The vector instructions that the processor says it has, the widest first; null where the system does not tell (other than Linux). */
export function vectorInstructions(): readonly string[] | null {
  let text: string;
  try {
    text = readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return null;
  }
  return namedInstructions(text);
}

/** The vector instructions that a text like /proc/cpuinfo lists; null if it lists none of those known here. */
export function namedInstructions(text: string): readonly string[] | null {
  const flags = new Set(/^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1].trim().split(/\s+/));
  const names = Object.entries(namesOfFlags).flatMap(([flag, name]) => (flags.has(flag) ? [name] : []));
  return names.length === 0 ? null : names;
}
