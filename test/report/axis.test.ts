import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scaledAxis } from "../../src/report/axis.ts";

const log = { label: "y", scale: "log" } as const;
const linear = { label: "y", scale: "linear" } as const;
const labels = (axis: typeof log | typeof linear, values: readonly number[]) =>
  scaledAxis(axis, values, 0).ticks.map(({ label }) => label);

describe("scaledAxis", () => {
  it("labels decades as powers of ten, and as decimals where all of them are short", () => {
    expect(labels(log, [1e-6, 1e-1])).toEqual(["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹"]);
    expect(labels(log, [0.1, 400])).toEqual(["0.1", "1", "10", "100"]);
  });

  it("divides less than two decades at 1, 2 and 5", () => {
    expect(labels(log, [25, 1600])).toEqual(["50", "100", "200", "500", "1000"]);
    expect(labels(log, [3e-6, 4e-5])).toEqual(["5×10⁻⁶", "10⁻⁵", "2×10⁻⁵"]);
  });

  it("takes all digits, then even steps, where 1, 2 and 5 leave fewer than three labels", () => {
    expect(labels(log, [2.5, 4.9])).toEqual(["2.5", "3.0", "3.5", "4.0", "4.5"]);
    expect(labels(log, [2.9, 7.1])).toEqual(["3", "4", "5", "6", "7"]);
    expect(labels(log, [100, 120])).toEqual(["100", "105", "110", "115", "120"]);
  });

  it("skips decades so that at most seven labels stay over a hundred decades", () => {
    const shown = labels(log, [1e-80, 1e20]);
    expect(shown.length).toBeLessThanOrEqual(7);
    expect(shown).toContain("10⁰");
  });

  it("labels linear ticks with as many decimals as the step needs", () => {
    expect(labels(linear, [0.997, 1.184])).toEqual(["1.00", "1.05", "1.10", "1.15"]);
    expect(labels(linear, [-1, 1])).toEqual(["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
    expect(labels(linear, [1e-5, 2e-5])).toEqual(["1×10⁻⁵", "1.2×10⁻⁵", "1.4×10⁻⁵", "1.6×10⁻⁵", "1.8×10⁻⁵", "2×10⁻⁵"]);
  });

  it("opens a range around a single value and has one for no value", () => {
    expect(scaledAxis(linear, [5], 0.05).domain).toEqual([4.5, 5.5]);
    expect(scaledAxis(linear, [0], 0.05).domain).toEqual([-1, 1]);
    expect(scaledAxis(log, [8], 0.05).domain).toEqual([4, 16]);
    expect(scaledAxis(log, [], 0.05).domain).toEqual([1, 10]);
  });

  it("keeps ticks ascending, inside the range, few, and their labels different, at any range", () => {
    const positive = fc.double({ noNaN: true, min: 1e-300, max: 1e300 });
    const ordinary = fc.double({ noNaN: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.record({ axis: fc.constant(log), values: fc.tuple(positive, positive) }),
          fc.record({ axis: fc.constant(linear), values: fc.tuple(ordinary, ordinary) }),
        ),
        ({ axis, values: [a, b] }) => {
          // Two values that differ in their last bits have no short labels between them.
          fc.pre(Math.abs(a - b) > 1e-6 * Math.max(Math.abs(a), Math.abs(b)));
          const { domain, ticks } = scaledAxis(axis, [a, b], 0.05);
          const slack = (domain[1] - domain[0]) * 1e-9;
          expect(ticks.length).toBeLessThanOrEqual(9);
          expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
          for (const [index, { value }] of ticks.entries()) {
            expect(value).toBeGreaterThanOrEqual(domain[0] - slack);
            expect(value).toBeLessThanOrEqual(domain[1] + slack);
            if (index > 0) expect(value).toBeGreaterThan(ticks[index - 1].value);
          }
        },
      ),
    );
  });
});
