import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { benchFile } from "./repository.ts";

/** GFLOP/s of one core in fused multiply-adds, by precision. */
export interface Peak {
  readonly f32: number;
  readonly f64: number;
}

/** Compiles bench/peak.cc with the first compiler that works and runs it; null without one. */
export function measurePeak(): Peak | null {
  const folder = mkdtempSync(join(tmpdir(), "meanfield-peak-"));
  try {
    const program = join(folder, "peak");
    for (const compiler of [process.env.CXX, "c++", "g++", "clang++"]) {
      if (compiler === undefined) continue;
      const options = ["-O3", "-march=native", "-ffp-contract=fast", benchFile("peak.cc"), "-o", program];
      if (spawnSync(compiler, options).status !== 0) continue;
      const { status, stdout } = spawnSync(program, { encoding: "utf8" });
      if (status === 0) return JSON.parse(stdout) as Peak;
    }
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
