import { describe, expect, it } from "vitest";
import { meanWithInterval } from "../../src/numerics/index.ts";
import type { Json, JsonObject } from "../../src/scenario/index.ts";
import {
  aggregate,
  cellOf,
  columnsOf,
  comparePaired,
  isAside,
  readAxis,
  readCondition,
  readOrder,
  type StoredSweep,
  type SweepRow,
  selectRows,
  sortRows,
  sweepRows,
} from "../../src/sweeps/index.ts";

/** A sweep over width and seed whose results are given. */
function sweepOf(result: (width: number, seed: number) => JsonObject | "diverged" | null): StoredSweep {
  const axes = [readAxis("width", "8,16,32"), readAxis("name", "first"), readAxis("seed", "0..3")];
  const points = [8, 16, 32].flatMap((width) =>
    [0, 1, 2, 3].map((seed) => {
      const given = result(width, seed);
      const id = `${width}-${seed}`;
      const values: Record<string, Json> = { width: String(width), name: "first" };
      const common = { id, error: null, seconds: width };
      const end =
        given === null
          ? null
          : given === "diverged"
            ? { ...common, status: "diverged" as const, summary: { loss: 0 } }
            : { ...common, status: "completed" as const, summary: given };
      return { id, values, seed, cost: 1, members: 1, end };
    }),
  );
  return { dir: "", plan: { headline: "loss", axes } as unknown as StoredSweep["plan"], points };
}
const loss = (width: number, seed: number) => (1 + 0.1 * seed) / width;
const sweep = sweepOf((width, seed) => ({ loss: loss(width, seed), nested: { slope: -seed, list: [width, null] } }));

describe("rows of a sweep", () => {
  it("hold swept values as numbers and results under their paths", () => {
    const [row] = sweepRows(sweep);
    expect(row).toMatchObject({ id: "8-0", status: "completed", seed: 0, values: { width: 8, name: "first" } });
    expect(row.results).toEqual({ loss: 0.125, "nested.slope": -0, "nested.list.0": 8, "nested.list.1": null });
    expect(columnsOf([row])).toEqual([
      "id",
      "status",
      "seconds",
      "width",
      "name",
      "seed",
      "loss",
      "nested.slope",
      "nested.list.0",
      "nested.list.1",
    ]);
  });

  const rows = sweepRows(sweep);
  const select = (...conditions: string[]) =>
    selectRows(rows, conditions.map(readCondition), columnsOf(rows), cellOf).map(({ id }) => id);
  it.each([
    [
      ["width>8", "seed=1"],
      ["16-1", "32-1"],
    ],
    [
      ["width>=16", "width<32", "seed!=0"],
      ["16-1", "16-2", "16-3"],
    ],
    [["loss <= 0.0321"], ["32-0"]],
    [["name=first", "seed==3", "width = 8.0"], ["8-3"]],
    [["nested.list.1=none", "seed=0", "width=8"], ["8-0"]],
    [["nested.list.1<1"], []],
    [
      ["name~^FIR", "id ~ -[01]$", "width=8"],
      ["8-0", "8-1"],
    ],
    [
      ["nested.list.1~none", "seed~3", "width>8"],
      ["16-3", "32-3"],
    ],
  ])("are selected by %j", (conditions, ids) => {
    expect(select(...conditions)).toEqual(ids);
  });

  it.each([
    [["witdh>8"], "did you mean width?"],
    [["width"], 'a comparison such as "firstLayerWidth>256"'],
    [["width>large"], "a number after < or >"],
    [["name~("], "a regular expression after ~"],
  ])("are not selected by %j", (conditions, message) => {
    expect(() => select(...conditions)).toThrow(message);
  });

  it("are sorted with points that diverged or have not ended last, however small their numbers", () => {
    const some = sweepRows(
      sweepOf((width, seed) => (seed === 0 ? "diverged" : seed === 1 ? null : { loss: loss(width, seed) })),
    );
    const sort = (text: string): readonly SweepRow[] => {
      const order = readOrder(text);
      return sortRows(some, order, columnsOf(some), cellOf, (row) => isAside(row, order.column));
    };
    const sorted = sort("loss");
    expect(sorted.slice(0, 6).map(({ id }) => id)).toEqual(["32-2", "32-3", "16-2", "16-3", "8-2", "8-3"]);
    expect(sorted.slice(6, 9).map(({ status }) => status)).toEqual(Array(3).fill("diverged"));
    const turned = sort("-loss");
    expect(turned.slice(0, 6)).toEqual(sorted.slice(0, 6).reverse());
    expect(turned.slice(6, 9).map(({ status }) => status)).toEqual(Array(3).fill("diverged"));
    expect(sort("-width").map(({ values }) => values.width)).toEqual(
      [32, 16, 8].flatMap((width) => Array(4).fill(width)),
    );
    expect(() => sort("lss")).toThrow("did you mean loss?");
  });
});

describe("aggregate", () => {
  it("gives the mean over seeds with Student's interval", () => {
    const rows = aggregate(sweep);
    expect(rows.map(({ values }) => values)).toEqual([{ width: 8 }, { width: 16 }, { width: 32 }]);
    expect(rows[1].estimate).toEqual(meanWithInterval([0, 1, 2, 3].map((seed) => loss(16, seed))));
    expect(rows[1]).toMatchObject({ count: 4, without: 0, missing: 0, mean: expect.closeTo(1.15 / 16, 14) });
  });

  it("counts what diverged, has not ended or has no number, and takes it into no mean", () => {
    const [first] = aggregate(
      sweepOf((width, seed) => (seed === 0 ? "diverged" : seed === 1 ? null : { loss: seed === 2 ? null : width })),
    );
    expect(first).toMatchObject({ count: 1, without: 2, missing: 1, mean: 8, estimate: null });
  });

  it("groups by what it is told, and refuses a column that is not there", () => {
    expect(aggregate(sweep, { by: [], value: "nested.slope" })[0]).toMatchObject({ count: 12, mean: -1.5 });
    expect(aggregate(sweep, { by: ["seed"] })).toHaveLength(4);
    expect(() => aggregate(sweep, { value: "los" })).toThrow("did you mean loss?");
    expect(() => aggregate(sweep, { by: ["widht"] })).toThrow("did you mean width?");
  });
});

describe("comparePaired", () => {
  it("compares over equal seeds, so that what they share drops out", () => {
    const { pairs, estimate } = comparePaired(sweep, { name: "width", from: 8, to: 16, as: "ratio" });
    expect(pairs).toBe(4);
    expect(estimate.value).toBeCloseTo(0.5, 14);
    expect(estimate.high - estimate.low).toBeLessThan(1e-14);
    const difference = comparePaired(sweep, { name: "width", from: 8, to: 16 }).estimate;
    expect(difference).toEqual(meanWithInterval([0, 1, 2, 3].map((seed) => loss(16, seed) - loss(8, seed))));
  });

  it("leaves out pairs of which one did not complete, and needs two", () => {
    const some = sweepOf((width, seed) => (width === 16 && seed < 2 ? "diverged" : { loss: loss(width, seed) }));
    expect(comparePaired(some, { name: "width", from: 8, to: 16 }).pairs).toBe(2);
    expect(() => comparePaired(some, { name: "width", from: 8, to: 64 })).toThrow("at least two pairs");
    const negative = sweepOf((width, seed) => ({ loss: seed - width }));
    expect(() => comparePaired(negative, { name: "width", from: 8, to: 16, as: "ratio" })).toThrow("positive numbers");
  });
});
