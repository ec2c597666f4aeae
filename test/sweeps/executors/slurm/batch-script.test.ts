import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { batchScript, quoted, sbatchArguments, wordsOf } from "../../../../src/sweeps/executors/slurm/batch-script.ts";
import { resolveSlurmOptions } from "../../../../src/sweeps/executors/slurm/slurm-options.ts";

const place = { node: "/opt/no node/bin/node", bin: "/it's here/bin/meanfield.js", dir: "/a $b/c", submission: "s-1" };
const job = { jobName: "waves.s-1", folder: "/a/50% done", tasks: 7, arrayLimit: 3 };

describe("the batch script", () => {
  it("begins with the setup and ends by becoming node, with every path as one word", () => {
    const script = batchScript(place, resolveSlurmOptions({ setup: ["module load nodejs", "export A='b c'"] }));
    expect(script.split("\n").slice(0, 5)).toEqual([
      "#!/bin/bash",
      "# One task of a sweep: the points of its chunk in submission.json, beside this script.",
      "module load nodejs",
      "export A='b c'",
      "node='/opt/no node/bin/node'",
    ]);
    // The script itself, with a node on the PATH that tells its words, since the one of the path does not exist.
    const shell = `node() { :; }; export -f node; exec() { shift; printf '%s\\n' "$@"; }; module() { :; }; SLURM_ARRAY_TASK_ID=4; ${script}`;
    expect(execFileSync("bash", ["-c", shell], { encoding: "utf8" }).trimEnd().split("\n")).toEqual([
      "/it's here/bin/meanfield.js",
      "resume",
      "/a $b/c",
      "--task",
      "s-1/4",
    ]);
  });

  it("is submitted with our own options last, and a percent sign in a folder is no pattern", () => {
    const words = sbatchArguments(
      job,
      resolveSlurmOptions({
        partition: "long",
        time: "1-0",
        memory: "4G",
        cpus: 2,
        sbatch: ["--array=9", "--qos=high"],
      }),
    );
    expect(words).toEqual([
      "--array=9",
      "--qos=high",
      "--partition=long",
      "--time=1-0",
      "--mem=4G",
      "--parsable",
      "--job-name=waves.s-1",
      "--array=0-6%3",
      "--nodes=1",
      "--ntasks=1",
      "--cpus-per-task=2",
      "--requeue",
      "--signal=B:TERM@60",
      "--output=/a/50%% done/%a.out",
      "--open-mode=append",
      "/a/50% done/task.sh",
    ]);
  });

  it("asks for no limit of tasks where none is wanted, and for a shorter notice where a task has little time", () => {
    const words = (time: string) => sbatchArguments({ ...job, arrayLimit: null }, resolveSlurmOptions({ time }));
    expect(words("2")).toEqual(expect.arrayContaining(["--array=0-6", "--signal=B:TERM@30"]));
    expect(words("0:30")).toContain("--signal=B:TERM@7");
    expect(words("UNLIMITED")).toContain("--signal=B:TERM@60");
  });

  it("quotes what a shell would split or expand, and splits options as a shell does", () => {
    const texts = ["plain/word-1.txt", "two words", "it's", "$HOME", "", "a;b", "ü"];
    const echoed = execFileSync("bash", ["-c", `printf '%s\\n' ${texts.map(quoted).join(" ")}`], { encoding: "utf8" });
    expect(echoed.slice(0, -1).split("\n")).toEqual(texts);
    expect(wordsOf(` --account=x  --comment="two words" -C'a b'"c" '' `)).toEqual([
      "--account=x",
      "--comment=two words",
      "-Ca bc",
      "",
    ]);
    expect(() => wordsOf("--comment='open")).toThrow("closed quotes");
  });
});
