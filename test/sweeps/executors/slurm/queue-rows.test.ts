import { describe, expect, it } from "vitest";
import { statesOf } from "../../../../src/sweeps/executors/slurm/arrays.ts";
import { isUsualReason, lifeOf, readQueueRows } from "../../../../src/sweeps/executors/slurm/queue-rows.ts";
import type { Submission } from "../../../../src/sweeps/executors/slurm/submission.ts";

const submission = { jobName: "waves.a", chunks: [["p"], ["q"], ["r"], ["s"]] } as unknown as Submission;

describe("what squeue prints", () => {
  it("is read line by line, whatever form the tasks have", () => {
    const text = [
      "waves.a|17|2|RUNNING|None",
      "waves.a|17|[0,4-6]|PENDING|None",
      "waves.a|17|8-9%2|PENDING|None",
      "waves.a|17|[10-14:2%3]|PENDING|None",
      "waves.a|17|N/A|CANCELLED|None",
      "odd|name|18|3|COMPLETED|None  ",
      "CLUSTER: main",
      "",
    ].join("\n");
    expect(readQueueRows(text).map(({ jobName, job, tasks, state }) => [jobName, job, tasks, state])).toEqual([
      ["waves.a", "17", [2], "RUNNING"],
      ["waves.a", "17", [0, 4, 5, 6], "PENDING"],
      ["waves.a", "17", [8, 9], "PENDING"],
      ["waves.a", "17", [10, 12, 14], "PENDING"],
      ["waves.a", "17", null, "CANCELLED"],
      ["odd|name", "18", [3], "COMPLETED"],
    ]);
  });

  it("says of a list of tasks that was cut off that it is not known which they are", () => {
    expect(readQueueRows("w|17|[1,3,5,...]|PENDING|None")[0].tasks).toBe(null);
    expect(readQueueRows("w|17|0-99999999999|PENDING|None")[0].tasks).toBe(null);
  });

  it("tells states of tasks: unknown tasks that wait may be any that no other line is about, cancelled ones are none", () => {
    const rows = readQueueRows("waves.a|17|1|FAILED|None\nwaves.a|17|N/A|PENDING|None\nwaves.b|18|0|RUNNING|None");
    expect([...statesOf(submission, rows)].sort()).toEqual([
      [0, "PENDING"],
      [1, "FAILED"],
      [2, "PENDING"],
      [3, "PENDING"],
    ]);
    expect(statesOf(submission, readQueueRows("waves.a|17|N/A|CANCELLED|None")).size).toBe(0);
  });

  it("tells reasons of waiting that time does away with from those that it does not", () => {
    const rows = readQueueRows(
      "w|17|0|PENDING|Priority\nw|17|1|PENDING|launch failed requeued held\nw|17|2|PENDING|PartitionTimeLimit",
    );
    expect(rows.map(({ reason }) => [reason, isUsualReason(reason)])).toEqual([
      ["Priority", true],
      ["launch failed requeued held", false],
      ["PartitionTimeLimit", false],
    ]);
  });

  it("leaves a task alive in every state from which it comes back, also in one that is not known", () => {
    expect(["PENDING", "REQUEUED", "CONFIGURING", "SPECIAL_EXIT", "INVENTED"].map(lifeOf)).toEqual(
      Array(5).fill("pending"),
    );
    expect(["RUNNING", "COMPLETING", "SUSPENDED"].map(lifeOf)).toEqual(Array(3).fill("running"));
    expect(["COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY"].map(lifeOf)).toEqual(
      Array(6).fill("ended"),
    );
  });
});
