import { setTimeout as pause } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createQueue } from "../../src/sweeps/queue.ts";

describe("the queue of a sweep", () => {
  it("works on everything once, in order, and never starts an item while the capacity is used up", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 4 }),
        async (sizes, capacity) => {
          const items = sizes.map((tasks, name) => ({ tasks, name }));
          const queue = createQueue(items, { capacity, tasksOf: ({ tasks }) => tasks, laterMs: 1 });
          const begun: number[] = [];
          let held = 0;
          let isWithinCapacity = true;
          await queue.work(async ({ tasks, name }, lease) => {
            isWithinCapacity &&= held < capacity;
            held += tasks;
            begun.push(name);
            for (let task = 1; task < tasks; task += 1) {
              await Promise.resolve();
              held -= 1;
              lease.giveBack();
            }
            held -= 1;
            return "done";
          });
          expect(begun).toEqual(items.map(({ name }) => name));
          expect(isWithinCapacity).toBe(true);
        },
      ),
    );
  });

  it("keeps all threads busy while an item of many tasks ends", async () => {
    const queue = createQueue([3, 1, 1], { capacity: 2, tasksOf: (tasks) => tasks, laterMs: 1 });
    const log: string[] = [];
    await queue.work(async (tasks, lease) => {
      log.push(`begin ${tasks}`);
      if (tasks === 3) {
        lease.giveBack();
        lease.giveBack();
        await pause(20);
      }
      log.push(`end ${tasks}`);
      return "done";
    });
    expect(log.slice(0, 2)).toEqual(["begin 3", "begin 1"]);
    expect(log.at(-1)).toBe("end 3");
  });

  it("tries again later what another has, after all else", async () => {
    const tries = new Map<string, number>();
    const queue = createQueue(["a", "b"], { capacity: 1, tasksOf: () => 1, laterMs: 5 });
    await queue.work(async (item) => {
      tries.set(item, (tries.get(item) ?? 0) + 1);
      return item === "a" && (tries.get(item) ?? 0) < 3 ? "later" : "done";
    });
    expect([...tries]).toEqual([
      ["a", 3],
      ["b", 1],
    ]);
  });

  it("starts nothing after it was stopped, and waits for what runs", async () => {
    const queue = createQueue([1, 2, 3, 4], { capacity: 2, tasksOf: () => 1, laterMs: 5 });
    const ended: number[] = [];
    await queue.work(async (item) => {
      if (item === 1) queue.stop();
      await pause(10);
      ended.push(item);
      return "done";
    });
    expect(ended).toEqual([1]);
    expect(queue.waiting()).toEqual([2, 3, 4]);
  });

  it("throws what a handler throws, once the others have come back", async () => {
    const queue = createQueue([1, 2, 3], { capacity: 2, tasksOf: () => 1, laterMs: 5 });
    const ended: number[] = [];
    const work = queue.work(async (item) => {
      if (item === 1) {
        await pause(1);
        throw new RangeError("disk full");
      }
      await pause(20);
      ended.push(item);
      return "done";
    });
    await expect(work).rejects.toThrow("disk full");
    expect(ended).toEqual([2]);
  });
});
