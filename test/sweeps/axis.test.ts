import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAxis } from "../../src/sweeps/axis.ts";

const valuesOf = (text: string, isList = false) => readAxis("width", text, isList).values;

describe("the values of one swept parameter", () => {
  it.each([
    ["4", ["4"]],
    ["4,8,16", ["4", "8", "16"]],
    ["native, wasm", ["native", "wasm"]],
    ["none,3", ["none", "3"]],
    ["0..4", ["0", "1", "2", "3", "4"]],
    ["-2..1", ["-2", "-1", "0", "1"]],
    ["5..5", ["5"]],
    ["10..31+10", ["10", "20", "30"]],
    ["0.1..0.5+0.1", ["0.1", "0.2", "0.3", "0.4", "0.5"]],
    ["-30..0+0.3", Array.from({ length: 101 }, (_, index) => String(((index - 100) * 3) / 10))],
    ["64..4096x4", ["64", "256", "1024", "4096"]],
    ["64..5000x4", ["64", "256", "1024", "4096"]],
    ["0.001..1x10", ["0.001", "0.01", "0.1", "1"]],
    ["1e-3..1e-1x10", ["0.001", "0.01", "0.1"]],
    ["2,8..32x2,100", ["2", "8", "16", "32", "100"]],
  ])("reads %s", (text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  it("takes a whole list for one value of a parameter that is a list", () => {
    expect(valuesOf("1,5,20;2,10", true)).toEqual(["1,5,20", "2,10"]);
    expect(valuesOf("1,5,20", true)).toEqual(["1,5,20"]);
  });

  it.each([
    ["1..2..3", "a range such as"],
    ["1..", "a range such as"],
    ["a..b", "a range such as"],
    ["0.5..3", "whole numbers at the ends"],
    ["9..0", 'from its smaller end to its larger one, got "9..0"; write 0..9'],
    ["16..4x0.5", "write 4..16x2"],
    ["1..0+-0.25", "write 0..1+0.25"],
    ["4..16*2", "a step is written with +, a factor with x"],
    ["[4,8]", "write width=4,8"],
    ["1..9+0", "a step above 0"],
    ["1..9+-1", "a step above 0"],
    ["0..9x2", "from a number above 0"],
    ["1..9x1", "by a factor above 1"],
    ["1..9x0.5", "by a factor above 1"],
    ["0..1e9", "at most 1000000 values, not 1000000001"],
    ["4,,8", "leave no place between commas empty"],
    ["4,8,4", "4 stands there twice"],
    ["0..3,2", "2 stands there twice"],
  ])("refuses %s: %s", (text, expected) => {
    expect(() => valuesOf(text)).toThrow(expected);
  });

  it("ends a range at its last value for every step and number of steps", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 1, max: 999 }),
        fc.integer({ min: 0, max: 200 }),
        (from, step, count) => {
          const text = (tenths: number) => (tenths / 10).toFixed(1);
          const values = valuesOf(`${text(from)}..${text(from + step * count)}+${text(step)}`);
          expect(values.length).toBe(count + 1);
          expect(Number(values[count])).toBe((from + step * count) / 10 + 0);
        },
      ),
    );
  });

  it("ends a geometric range at its last value for every factor and number of steps", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 2, max: 12 }),
        fc.nat({ max: 9 }),
        (from, by, count) => {
          const values = valuesOf(`${from}..${from * by ** count}x${by}`);
          expect(values.map(Number)).toEqual(Array.from({ length: count + 1 }, (_, index) => from * by ** index));
        },
      ),
    );
  });
});
