import { describe, expect, it } from "vitest";
import { readAxis } from "../../src/sweeps/axis.ts";
import { gridPoints } from "../../src/sweeps/grid.ts";

const axes = [readAxis("dimension", "4,8"), readAxis("width", "32..128x2"), readAxis("seed", "0..1")];

describe("the points of a sweep", () => {
  it("are the product of all values, the last parameter running fastest", () => {
    const points = gridPoints(axes);
    expect(points.length).toBe(12);
    expect(points.slice(0, 4)).toEqual([
      { dimension: "4", width: "32", seed: "0" },
      { dimension: "4", width: "32", seed: "1" },
      { dimension: "4", width: "64", seed: "0" },
      { dimension: "4", width: "64", seed: "1" },
    ]);
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(12);
  });

  it("are a single one where nothing is swept", () => {
    expect(gridPoints([])).toEqual([{}]);
  });

  it("run together for the names that are zipped", () => {
    const zipped = gridPoints([...axes, readAxis("stepSize", "0.5,0.25")], [["stepSize", "dimension"]]);
    expect(zipped.length).toBe(12);
    expect(new Set(zipped.map(({ dimension, stepSize }) => `${dimension} ${stepSize}`))).toEqual(
      new Set(["4 0.5", "8 0.25"]),
    );
    expect(Object.keys(zipped[0])).toEqual(["dimension", "width", "seed", "stepSize"]);
  });

  it.each([
    [[["dimension", "width"]], "equally many values"],
    [[["dimension", "depth"]], "names of parameters that the sweep gives values to"],
    [[["dimenson", "width"]], "did you mean dimension?"],
    [[["dimension"]], "at least two names"],
    [
      [
        ["dimension", "seed"],
        ["seed", "width"],
      ],
      "each name once",
    ],
  ])("refuse to zip %j: %s", (zips, expected) => {
    expect(() => gridPoints(axes, zips)).toThrow(expected);
  });

  it("are refused where there are too many", () => {
    expect(() => gridPoints([readAxis("a", "1..2000"), readAxis("b", "1..2000")])).toThrow("at most 1000000 points");
  });
});
