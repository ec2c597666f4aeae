import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ballIndicator,
  buildTarget,
  hinge,
  norm,
  piecewiseLinear,
  radialFunction,
  scaled,
  type TargetSpec,
} from "../../src/targets/index.ts";

const specs: Record<string, TargetSpec> = {
  hinge: hinge(),
  ballIndicator: ballIndicator({ radius: 0.8 }),
  norm: norm(),
  piecewiseLinear: piecewiseLinear({ knots: [0, 0.5, 2], values: [1, -1, 3], finalSlope: -2 }),
  radialFunction: radialFunction({ profile: (r) => Math.sin(3 * r) * Math.exp(-r), upper: 3, tolerance: 1e-5 }),
  scaled: scaled(scaled(ballIndicator({ radius: 0.8 }), -3), 0.5),
};

describe.each(Object.entries(specs))("every target, here %s,", (name, spec) => {
  const target = buildTarget(spec);
  const radial = target.radial;
  if (radial === null) throw new Error("radial");
  const { pieces, breaks } = radial;
  if (pieces === null) throw new Error("in pieces");
  const tolerance = name === "radialFunction" ? 1e-5 : 1e-14;

  it("has pieces that cover [0, infinity) in order and follow its profile", () => {
    const { starts, slopes, intercepts } = pieces;
    expect(starts[0]).toBe(0);
    expect([slopes.length, intercepts.length]).toEqual([starts.length, starts.length]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 6, noNaN: true }), (r) => {
        const piece = starts.findLastIndex((start) => start <= r);
        // A jump belongs to the piece on its left; the pieces are open there.
        if (breaks.includes(r)) return;
        const size = Math.abs(slopes[piece] * r) + Math.abs(intercepts[piece]);
        expect(Math.abs(slopes[piece] * r + intercepts[piece] - radial.value(r))).toBeLessThanOrEqual(
          tolerance * Math.max(1, size),
        );
      }),
      { seed: 1, numRuns: 500 },
    );
    for (let k = 1; k < starts.length; k += 1) expect(starts[k]).toBeGreaterThan(starts[k - 1]);
  });

  it("has its profile's value at |x|", () => {
    const points = Float64Array.of(99, 0.3, -0.4, 1.2, 99);
    expect(Math.abs(target.value(points, 1, 3) - radial.value(1.3))).toBeLessThanOrEqual(1e-14);
    expect(target.value(points, 1, 2)).toBe(radial.value(0.5));
  });

  it("has breaks above 0 in ascending order", () => {
    for (const [k, place] of breaks.entries()) expect(place).toBeGreaterThan(k === 0 ? 0 : breaks[k - 1]);
  });

  it("is frozen, its spec too", () => {
    expect(Object.isFrozen(target.spec)).toBe(true);
    expect(target.spec).toEqual(spec);
  });
});

describe("buildTarget", () => {
  it("takes specs that survived JSON", () => {
    const target = buildTarget(JSON.parse(JSON.stringify(specs.piecewiseLinear)));
    expect(target.radial?.value(0.25)).toBe(0);
    expect(target.radial?.value(3)).toBe(1);
    expect(target.radial?.breaks).toEqual([0.5, 2]);
  });

  it("names the nearest kind for one that does not exist", () => {
    const build = (spec: unknown) => () => buildTarget(spec as TargetSpec);
    expect(build({ kind: "hinges" })).toThrow(
      'target.kind: expected the kind of a target, got "hinges"; did you mean "hinge"?',
    );
    expect(build({ kind: "hinges" })).toThrow(expect.objectContaining({ code: "unknown-kind" }));
    expect(build({ kind: "__proto__" })).toThrow(
      "choose one of hinge, ball-indicator, piecewise-linear, norm, radial-function, single-index, quadratic-feature, local-product, global-product, scaled",
    );
    expect(build(null)).toThrow("target: expected a target such as targets.hinge(), got null");
  });
});

describe("the ball indicator", () => {
  it("is 1 up to its radius, 0 beyond", () => {
    const value = buildTarget(ballIndicator({ radius: 0.8 })).radial?.value;
    expect([value?.(0), value?.(0.8), value?.(0.8 + 1e-12)]).toEqual([1, 1, 0]);
  });

  it("refuses a radius that is not positive", () => {
    expect(() => ballIndicator({ radius: 0 })).toThrow("radius: expected a number in (0, 1000000], got 0");
    expect(() => ballIndicator({ radius: Number.NaN })).toThrow("radius: expected");
  });
});

describe("a piecewise linear target", () => {
  it("needs knots from 0 upwards, a value for each, and finite numbers", () => {
    const make =
      (knots: number[], values: number[], finalSlope = 0) =>
      () =>
        piecewiseLinear({ knots, values, finalSlope });
    expect(make([], [])).toThrow("knots: expected radii of which the first is 0, got []");
    expect(make([1, 2], [0, 0])).toThrow("knots: expected radii of which the first is 0, got [1,2]");
    expect(make([0, 2, 2], [0, 0, 0])).toThrow("knots[2]: expected a finite radius above 2, got 2");
    expect(make([0, Number.NaN], [0, 0])).toThrow("knots[1]: expected a finite radius above 0, got NaN");
    expect(make([0, 1], [0])).toThrow("values: expected 2 numbers, one for each knot, got [0]");
    expect(make([0, 1], [0, Infinity])).toThrow("values[1]: expected a finite number, got Infinity");
    expect(make([0, 1], [0, 1], Number.NaN)).toThrow("finalSlope: expected a finite number, got NaN");
    expect(piecewiseLinear({ knots: [0], values: [2] })).toEqual({
      kind: "piecewise-linear",
      knots: [0],
      values: [2],
      finalSlope: 0,
    });
  });

  it("does not count a knot without a kink as a break", () => {
    expect(buildTarget(piecewiseLinear({ knots: [0, 1, 2], values: [0, 1, 2], finalSlope: 0 })).radial?.breaks).toEqual(
      [2],
    );
  });
});

describe("a radial function", () => {
  it("is interpolated within its tolerance, with a number of pieces that grows as its root", () => {
    const profile = (r: number) => Math.cos(2 * r) + Math.max(0, r - 1.234);
    const counts = [1e-4, 1e-6].map((tolerance) => {
      const { radial } = buildTarget(radialFunction({ profile, upper: 4, tolerance }));
      const starts = radial?.pieces?.starts ?? new Float64Array();
      let worst = 0;
      for (let k = 0; k + 1 < starts.length; k += 1) {
        for (let t = 0.005; t < 1; t += 0.01) {
          const r = starts[k] + t * (starts[k + 1] - starts[k]);
          const linear = (radial?.pieces?.slopes[k] ?? 0) * r + (radial?.pieces?.intercepts[k] ?? 0);
          worst = Math.max(worst, Math.abs(linear - profile(r)));
        }
      }
      expect(worst).toBeLessThanOrEqual(tolerance);
      return starts.length;
    });
    expect(counts[1] / counts[0]).toBeGreaterThan(5);
    expect(counts[1] / counts[0]).toBeLessThan(20);
  });

  it("keeps its last value beyond `upper`, in value and pieces", () => {
    const { radial } = buildTarget(radialFunction({ profile: (r) => r * r, upper: 2 }));
    expect(radial?.value(5)).toBe(4);
    expect(radial?.breaks).toEqual([2]);
    expect([radial?.pieces?.slopes.at(-1), radial?.pieces?.intercepts.at(-1)]).toEqual([0, 4]);
  });

  it("refuses jumps, endless detail, values that are not finite and bad options, saying what to do", () => {
    const build =
      (profile: (r: number) => number, tolerance = 1e-6) =>
      () =>
        buildTarget(radialFunction({ profile, upper: 2, tolerance }));
    expect(build((r) => (r < 0.7 ? 1 : 0))).toThrow(
      /a jump near radius 0\.(69|7).*; use ballIndicator for a jump, or smooth it/,
    );
    expect(build((r) => (r < 0.7 ? 1 : 0))).toThrow(expect.objectContaining({ code: "no-convergence" }));
    expect(build((r) => Math.sin(1000 * r), 1e-9)).toThrow(
      /more than 20000 pieces before radius .*; take a larger tolerance/,
    );
    expect(build((r) => 1 / r)).toThrow("profile: expected a finite value at radius 0, got Infinity");
    expect(build((r) => 1 / r)).toThrow(expect.objectContaining({ code: "not-finite" }));
    const make = (options: object) => () => radialFunction({ profile: (r) => r, upper: 1, ...options });
    expect(make({ profile: 3 })).toThrow("profile: expected a function of the radius, got 3");
    expect(make({ upper: Infinity })).toThrow("upper: expected a number in (0, 1000000], got Infinity");
    expect(make({ tolerance: 0 })).toThrow("tolerance: expected a positive number, got 0");
    expect(make({})()).toMatchObject({ kind: "radial-function", upper: 1, tolerance: 1e-6 });
  });
});

describe("a scaled target", () => {
  it("has the factor times every value and every piece of the target", () => {
    const inner = buildTarget(specs.piecewiseLinear);
    const target = buildTarget(scaled(specs.piecewiseLinear, -0.25));
    for (const r of [0, 0.3, 0.5, 1.7, 9]) expect(target.radial?.value(r)).toBe(-0.25 * (inner.radial?.value(r) ?? 0));
    expect(target.value(Float64Array.of(0.3, 0.4), 0, 2)).toBe(-0.25 * inner.value(Float64Array.of(0.3, 0.4), 0, 2));
    expect(target.radial?.pieces?.slopes).toEqual(inner.radial?.pieces?.slopes.map((slope) => -0.25 * slope));
    expect(target.radial?.breaks).toEqual(inner.radial?.breaks);
  });

  it("refuses a factor that is 0, too large or no number, and a target that is none", () => {
    for (const factor of [0, 1e10, Number.NaN, 1e-10]) {
      expect(() => scaled(hinge(), factor)).toThrow(
        "factor: expected a number with absolute value in [1e-9, 1e9], got",
      );
    }
    expect(() => buildTarget(scaled({ kind: "hinges" } as unknown as TargetSpec, 2))).toThrow("target.kind: expected");
  });
});
