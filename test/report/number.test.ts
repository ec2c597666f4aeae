import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  exponentOf,
  formatDuration,
  formatInterval,
  formatMeasured,
  formatNumber,
  powerOfTen,
} from "../../src/report/number.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e200, max: 1e200 });
const size = fc.double({ noNaN: true, min: 1e-200, max: 1e200 });

describe("formatNumber", () => {
  it("keeps all digits of integers below a million and four of other numbers", () => {
    expect([0, 7, -512, 999999, 0.1234567, 12.3456, 12345.6, 0.001].map((value) => formatNumber(value))).toEqual([
      "0",
      "7",
      "-512",
      "999999",
      "0.1235",
      "12.35",
      "12346",
      "0.001",
    ]);
  });

  it("writes small and large numbers with a power of ten", () => {
    expect(formatNumber(4.91234e-6)).toBe("4.912e-6");
    expect(formatNumber(-2.5e-7, 4, "typeset")).toBe("−2.5×10⁻⁷");
    expect(formatNumber(1e6)).toBe("1e6");
    expect(formatNumber(2.5e-320)).toBe("2.5e-320");
  });

  it("writes what is missing as a dash and what is infinite as its sign", () => {
    expect(
      [null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => formatNumber(value)),
    ).toEqual(["–", "–", "∞", "-∞"]);
  });

  it("is off by at most half a unit of the last significant digit", () => {
    fc.assert(
      fc.property(finite, fc.integer({ min: 2, max: 12 }), (value, significant) => {
        const shown = Number(formatNumber(value, significant));
        expect(Math.abs(shown - value)).toBeLessThanOrEqual(Math.abs(value) * 0.5000001 * 10 ** (1 - significant));
      }),
    );
  });
});

describe("formatMeasured", () => {
  it("shows two digits of the error and the value to the same place", () => {
    expect(formatMeasured(0.15234, 0.00123)).toBe("0.1523 ± 0.0012");
    expect(formatMeasured(1180.4, 37.2)).toBe("1180 ± 37");
    expect(formatMeasured(12345, 230)).toBe("12350 ± 230");
    expect(formatMeasured(-1.0213, 0.0187, "typeset")).toBe("−1.021 ± 0.019");
    expect(formatMeasured(4.9e-6, 1.2e-7)).toBe("(4.90 ± 0.12)e-6");
    expect(formatMeasured(4.9e-6, 1.2e-7, "typeset")).toBe("(4.90 ± 0.12)×10⁻⁶");
  });

  it("carries an error that rounds up into the next place", () => {
    expect(formatMeasured(1.23456, 0.0996)).toBe("1.23 ± 0.10");
  });

  it("shows an exact value alone, and a value smaller than its error", () => {
    expect(formatMeasured(0.25, 0)).toBe("0.25");
    expect(formatMeasured(0.25, null)).toBe("0.25");
    expect(formatMeasured(-0.004, 1.7)).toBe("0.0 ± 1.7");
    expect(formatMeasured(null, 0.1)).toBe("–");
  });

  it("rounds value and error to within half a unit of the error's second digit", () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1, max: 1 }),
        fc.double({ noNaN: true, min: 1e-9, max: 10 }),
        size,
        (ratio, relative, scale) => {
          const value = ratio * scale;
          const error = relative * scale;
          const text = formatMeasured(value, error);
          const [, shownValue, shownError, power] = /^\(?(\S+) ± ([^)e]+)\)?(?:e(.+))?$/.exec(text) as RegExpExecArray;
          const place = 10 ** (exponentOf(Number(error.toPrecision(2))) - 1);
          expect(Math.abs(Number(`${shownValue}e${power ?? 0}`) - value)).toBeLessThanOrEqual(
            0.5 * place * (1 + 1e-6) + 1e-12 * Math.abs(value),
          );
          expect(Math.abs(Number(`${shownError}e${power ?? 0}`) - error)).toBeLessThanOrEqual(0.5 * place * (1 + 1e-6));
        },
      ),
    );
  });
});

describe("formatInterval", () => {
  it("shows value and bounds to two digits of the half width", () => {
    expect(formatInterval(-0.98234, -1.04111, -0.92333)).toBe("-0.982 [-1.041, -0.923]");
    expect(formatInterval(4.91e-6, 4.67e-6, 5.15e-6, "typeset")).toBe("(4.91 [4.67, 5.15])×10⁻⁶");
    expect(formatInterval(null, 1, 2)).toBe("[1.00, 2.00]");
  });

  it("shows one-sided, empty and exact intervals without inventing a bound", () => {
    expect(formatInterval(3, null, null)).toBe("3");
    expect(formatInterval(0.95, 0.91, null)).toBe("0.95 (≥ 0.91)");
    expect(formatInterval(null, null, 0.5)).toBe("≤ 0.5");
    expect(formatInterval(2, 2, 2)).toBe("2");
  });
});

describe("formatDuration", () => {
  it("goes from seconds to minutes to hours without ever showing 60", () => {
    expect([0.4213, 12.34, 59.96, 119.7, 250.4, 3599.6, 7500].map(formatDuration)).toEqual([
      "0.421 s",
      "12.3 s",
      "1 min 0 s",
      "2 min 0 s",
      "4 min 10 s",
      "1 h 0 min",
      "2 h 5 min",
    ]);
  });
});

describe("powerOfTen", () => {
  it("writes exponents as superscripts", () => {
    expect([powerOfTen(-12), powerOfTen(0), powerOfTen(345), powerOfTen(3, 2)]).toEqual([
      "10⁻¹²",
      "10⁰",
      "10³⁴⁵",
      "2×10³",
    ]);
  });
});
