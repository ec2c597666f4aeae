import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addExecutorOptions, type ExecutorFlags, executorOf } from "../../src/cli/slurm-options.ts";

/** What the words of a command line say of the executor. */
const read = (...words: readonly string[]) => {
  const command = addExecutorOptions(new Command("sweep"))
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  return executorOf(command.parse(words, { from: "user" }).opts<ExecutorFlags>());
};

describe("the options of the executor", () => {
  it("are the pool's unless Slurm is asked for", () => {
    expect(read()).toEqual({});
    expect(read("--executor", "pool")).toEqual({});
    expect(executorOf({ jobs: 3 })).toEqual({ jobs: 3 });
    expect(read("--executor", "slurm")).toEqual({ executor: "slurm", slurm: {} });
  });

  it("become what the library takes, those that may be repeated in their order", () => {
    const words =
      "--executor slurm --partition long --time 1-0 --mem 4G --cpus 2 --array-limit 9 --chunk-points 3 --poll 1m";
    const repeated = [
      "--setup",
      "module load a",
      "--setup",
      "b",
      "--sbatch",
      "--qos=x --account=y",
      "--sbatch",
      "-C 'p q'",
    ];
    expect(read(...words.split(" "), ...repeated, "--no-wait").slurm).toEqual({
      partition: "long",
      time: "1-0",
      memory: "4G",
      cpus: 2,
      arrayLimit: 9,
      chunkPoints: 3,
      pollMs: 60_000,
      setup: ["module load a", "b"],
      sbatch: ["--qos=x", "--account=y", "-C", "p q"],
      wait: false,
    });
  });

  it.each([
    ["--partition", "long"],
    ["--time", "10"],
    ["--mem", "4G"],
    ["--cpus", "2"],
    ["--array-limit", "2"],
    ["--chunk-points", "2"],
    ["--setup", "true"],
    ["--sbatch", "--hold"],
    ["--poll", "5s"],
    ["--no-wait"],
  ])("%s without Slurm is refused, since it would be without effect", (...words) => {
    expect(() => read(...words)).toThrow(`${words[0]}: expected --executor slurm beside ${words[0]}, got "pool"`);
  });

  it("have no threads of the pool beside Slurm", () => {
    expect(() => executorOf({ executor: "slurm", jobs: 2 })).toThrow(
      "jobs: expected no --jobs with --executor slurm, got 2",
    );
  });

  it.each([
    ["--executor", "cluster", "Allowed choices are pool, slurm"],
    ["--cpus", "0", "Expected an integer in [1, 999999]"],
    ["--chunk-points", "1.5", "Expected an integer in [1, 999999]"],
    ["--partition", "a b", "Expected one word"],
    ["--mem", "--cpus", "Expected one word"],
    ["--sbatch", "--comment='x", "closed quotes"],
  ])("%s %s is refused", (option, text, message) => {
    expect(() => read(option, text)).toThrow(message);
  });
});
