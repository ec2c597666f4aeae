import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutIntoChunks } from "../../../../src/sweeps/executors/slurm/chunks.ts";
import { limitOf, partsOf } from "../../../../src/sweeps/executors/slurm/division.ts";
import type { PlannedPoint } from "../../../../src/sweeps/files.ts";

const points = (costs: readonly number[], members = 1): readonly PlannedPoint[] =>
  [...costs]
    .sort((left, right) => right - left)
    .map((cost, index) => ({ id: `p${index}`, values: {}, seed: 0, cost, members }));
const usual = { cpus: 1, isInSeconds: true, limit: null, mostPoints: null };
const costs = (chunks: readonly (readonly PlannedPoint[])[]) =>
  chunks.map((chunk) => chunk.reduce((sum, { cost }) => sum + cost, 0));

describe("the chunks of a sweep", () => {
  it("hold every point once, in the order of costs, and at most as many as was asked for", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.record({
          cpus: fc.integer({ min: 1, max: 9 }),
          isInSeconds: fc.boolean(),
          limit: fc.option(fc.integer({ min: 1, max: 1e5 })),
          mostPoints: fc.option(fc.integer({ min: 1, max: 70 })),
        }),
        (all, options) => {
          const due = points(all);
          const chunks = cutIntoChunks(due, options);
          expect(chunks.flat().sort(byPlace)).toEqual(due);
          expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
          for (const chunk of chunks) expect([...chunk].sort(byPlace)).toEqual(chunk);
          if (options.mostPoints !== null) {
            expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(options.mostPoints);
            expect(chunks).toHaveLength(Math.ceil(due.length / options.mostPoints));
          }
        },
      ),
    );
  });

  it("take about a minute where points take seconds, and a point each where each takes hours", () => {
    expect(costs(cutIntoChunks(points(Array(120).fill(2)), usual))).toEqual([60, 60, 60, 60]);
    expect(cutIntoChunks(points(Array(7).fill(9000)), usual)).toHaveLength(7);
    expect(cutIntoChunks(points([1, 1, 1]), usual)).toHaveLength(1);
    // 28 hours in all: hours, not minutes, so that there are not thousands of tasks.
    expect(cutIntoChunks(points(Array(1000).fill(100)), usual).length).toBe(200);
  });

  it("end well within the time limit", () => {
    const chunks = cutIntoChunks(points(Array(1000).fill(100)), { ...usual, limit: 600 });
    expect(Math.max(...costs(chunks))).toBeLessThanOrEqual(300);
  });

  it("have work for all threads, members counted", () => {
    expect(cutIntoChunks(points(Array(8).fill(9000)), { ...usual, cpus: 4 })).toHaveLength(2);
    expect(cutIntoChunks(points(Array(8).fill(9000), 4), { ...usual, cpus: 4 })).toHaveLength(8);
    expect(cutIntoChunks(points([9000]), { ...usual, cpus: 4 })).toHaveLength(1);
  });

  it("are even where costs only compare points", () => {
    const sums = costs(
      cutIntoChunks(points(Array.from({ length: 1000 }, (_, k) => 1 + (k % 10))), { ...usual, isInSeconds: false }),
    );
    expect(sums).toHaveLength(200);
    expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(10);
  });

  it("go into as many arrays as the cluster's largest one needs, which share a limit of tasks at a time", () => {
    expect(partsOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(partsOf([], 2)).toEqual([]);
    expect([limitOf(undefined, 3), limitOf(10, 1), limitOf(10, 3), limitOf(1, 3)]).toEqual([null, 10, 3, 1]);
  });
});

function byPlace(left: PlannedPoint, right: PlannedPoint): number {
  return Number(left.id.slice(1)) - Number(right.id.slice(1));
}
