import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";

/** Where the figures were measured. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly instructions: "AVX-512" | "AVX2" | "other";
  readonly node: string;
  readonly platform: string;
}

/** Describes this machine; the instruction set is read from /proc/cpuinfo, and "other" where there is none. */
export function describeMachine(): Machine {
  const flags = cpuFlags();
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    instructions: flags.has("avx512f") ? "AVX-512" : flags.has("avx2") ? "AVX2" : "other",
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
  };
}

function cpuFlags(): Set<string> {
  try {
    return new Set(/^flags\s*:\s*(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1].split(" "));
  } catch {
    return new Set();
  }
}
