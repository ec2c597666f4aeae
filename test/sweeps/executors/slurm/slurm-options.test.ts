import { describe, expect, it } from "vitest";
import { resolveSlurmOptions, secondsOfLimit } from "../../../../src/sweeps/executors/slurm/slurm-options.ts";

describe("Slurm's options", () => {
  it("have defaults", () => {
    expect(resolveSlurmOptions()).toEqual({ cpus: 1, setup: [], sbatch: [], wait: true, pollMs: 10_000 });
  });

  it.each([
    [{ cpus: 0 }, "slurm.cpus: expected an integer in [1, 1024], got 0"],
    [{ arrayLimit: 1.5 }, "slurm.arrayLimit: expected an integer in [1, 1000000], got 1.5"],
    [{ chunkPoints: 0 }, "slurm.chunkPoints: expected an integer in [1, 1000000], got 0"],
    [{ partition: "a b" }, 'slurm.partition: expected one word, got "a b"'],
    [{ memory: "--x" }, 'slurm.memory: expected one word, got "--x"'],
    [{ pollMs: 50 }, "slurm.pollMs: expected milliseconds, at least 100, got 50"],
    [{ pollMs: Number.NaN }, "slurm.pollMs: expected milliseconds, at least 100, got NaN"],
  ])("%o are refused", (options, message) => {
    expect(() => resolveSlurmOptions(options)).toThrow(message);
  });

  it("take time limits in every form that sbatch takes", () => {
    const limits = ["90", "90:30", "1:30:00", "1-12", "1-12:30", "1-12:30:15", "UNLIMITED", "soon", "0", undefined];
    expect(limits.map(secondsOfLimit)).toEqual([5400, 5430, 5400, 129600, 131400, 131415, null, null, null, null]);
  });
});
