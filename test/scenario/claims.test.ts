import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { claim, passOf } from "../../src/scenario/claims.ts";

const words = { id: "slope", statement: "The slope is -1", source: "our derivation" };

describe("a claim's verdict", () => {
  it.each([
    [claim.within({ ...words, measured: -1, low: -1.1, high: -0.9, expected: -1, tolerance: 0.2 }), "holds", true],
    [
      claim.within({ ...words, measured: -1, low: -1.3, high: -0.9, expected: -1, tolerance: 0.2 }),
      "inconclusive",
      null,
    ],
    [claim.within({ ...words, measured: 2, low: 1.9, high: 2.1, expected: -1, tolerance: 0.2 }), "fails", false],
    [claim.within({ ...words, measured: null, expected: -1, tolerance: 0.2 }), "inconclusive", null],
    [claim.within({ ...words, measured: -1, expected: -1, tolerance: 0 }), "holds", true],
    [claim.atMost({ ...words, measured: 0.4, low: 0.3, high: 0.5, bound: 0.5 }), "holds", true],
    [claim.atMost({ ...words, measured: 0.4, low: 0.3, high: null, bound: 0.5 }), "inconclusive", null],
    [claim.atMost({ ...words, measured: 0.7, low: 0.6, high: null, bound: 0.5 }), "fails", false],
    [claim.atLeast({ ...words, measured: 0.7, low: 0.6, high: null, bound: 0.5 }), "holds", true],
    [claim.atLeast({ ...words, measured: 0.4, low: 0.3, high: 0.45, bound: 0.5 }), "fails", false],
    [claim.interval({ ...words, measured: 0.4, low: 0.3, high: 0.45, from: 0.3, to: 0.45 }), "holds", true],
    [claim.decided({ ...words, measured: null, holds: null, expected: "a decrease" }), "inconclusive", null],
    [claim.decided({ ...words, measured: 3, holds: false, expected: "a decrease" }), "fails", false],
  ])("%# follows from the interval and the accepted range", (one, verdict, pass) => {
    expect(one.verdict).toBe(verdict);
    expect(passOf(one.verdict)).toBe(pass);
  });

  it("holds only inside and fails only outside the accepted range", () => {
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, (a, b, c, d) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [from, to] = [Math.min(c, d), Math.max(c, d)];
        const { verdict } = claim.interval({ ...words, measured: low, low, high, from, to });
        const isInside = from <= low && high <= to;
        const isApart = high < from || to < low;
        expect(verdict).toBe(isInside ? "holds" : isApart ? "fails" : "inconclusive");
      }),
    );
  });

  it("writes down what was expected", () => {
    expect(claim.atMost({ ...words, measured: 1, bound: 2 })).toMatchObject({ expected: "<= 2", low: 1, high: 1 });
    expect(claim.within({ ...words, measured: 1, expected: 2, tolerance: 3 })).toMatchObject({
      expected: 2,
      tolerance: 3,
    });
  });
});

describe("a claim", () => {
  it.each([
    [
      () => claim.atMost({ ...words, measured: Number.NaN, bound: 1 }),
      "slope.measured: expected a finite number, got NaN",
    ],
    [
      () => claim.atMost({ ...words, measured: 1, low: 2, high: 3, bound: 1 }),
      "slope.low: expected a number <= 1, got 2",
    ],
    [() => claim.atMost({ ...words, measured: 1, low: 0, high: 0.5, bound: 1 }), "slope.high: expected a number >= 1"],
    [() => claim.atMost({ ...words, measured: 1, bound: Number.NaN }), "bound: expected a finite number, got NaN"],
    [() => claim.within({ ...words, measured: 1, expected: 1, tolerance: -1 }), "tolerance: expected a number >= 0"],
    [() => claim.interval({ ...words, measured: 1, from: 2, to: 1 }), "from: expected a number <= to = 1, got 2"],
    [() => claim.atMost({ ...words, id: "The Slope", measured: 1, bound: 1 }), "id: expected lower case"],
  ])("%# that makes no sense is refused", (make, message) => {
    expect(make).toThrow(message);
  });
});
