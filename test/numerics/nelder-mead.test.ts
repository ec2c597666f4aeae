import { describe, expect, it } from "vitest";
import { nelderMead } from "../../src/numerics/index.ts";

describe("the simplex of Nelder and Mead", () => {
  it("finds the minimum of Rosenbrock's valley from the usual start", () => {
    const valley = ([x, y]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    const { point, value, converged, iterations } = nelderMead(valley, { start: [-1.2, 1] });
    expect(converged).toBe(true);
    // SciPy's simplex, which counts the first one as an iteration, takes 85 to (1.00002202, 1.00004222).
    expect(iterations).toBe(84);
    expect(point.map((entry) => entry.toFixed(8))).toEqual(["1.00002202", "1.00004222"]);
    expect(Math.abs(point[0] - 1)).toBeLessThan(1e-4);
    expect(value).toBeLessThan(1e-8);
  });

  it("finds the minimum of a tilted quadratic in five dimensions, and says when its iterations ran out", () => {
    const goal = [1, -2, 0.5, 3, -0.1];
    const bowl = (point: readonly number[]) => {
      const off = point.map((entry, axis) => entry - goal[axis]);
      return off.reduce((sum, entry, axis) => sum + (axis + 1) * entry * entry, 0) + off[0] * off[1];
    };
    const found = nelderMead(bowl, { start: [0, 0, 0, 0, 0], iterations: 3000, tolerance: 1e-8 });
    expect(found.converged).toBe(true);
    found.point.forEach((entry, axis) => {
      expect(Math.abs(entry - goal[axis])).toBeLessThan(1e-6);
    });
    const short = nelderMead(bowl, { start: [0, 0, 0, 0, 0], iterations: 10 });
    expect(short).toMatchObject({ converged: false, iterations: 10 });
    expect(short.value).toBeLessThan(bowl([0, 0, 0, 0, 0]));
  });

  it("goes where SciPy's goes, from a start with a 0 and towards a bend", () => {
    const bent = ([x, y, z]: readonly number[]) => (x - 1) ** 2 + 2 * (y + 2) ** 2 + (x * y) ** 2 + Math.abs(z);
    const { point, value, iterations } = nelderMead(bent, { start: [0, 2, 1] });
    expect(iterations).toBe(71);
    expect(point[0]).toBeCloseTo(0.015611742071053935, 12);
    expect(point[1]).toBeCloseTo(-1.9867388560731958, 11);
    expect(value).toBeCloseTo(0.9703667604894117, 12);
  });

  it("walks round places where the function is not a number", () => {
    const cut = ([x]: readonly number[]) => (x < 0.3 ? Number.NaN : (x - 0.5) ** 2);
    expect(nelderMead(cut, { start: [2], tolerance: 1e-6 }).point[0]).toBeCloseTo(0.5, 5);
  });

  it.each([
    [{ start: [] }, "start: expected at least one finite number"],
    [{ start: [Number.NaN] }, "start: expected at least one finite number"],
    [{ start: [1], iterations: -1 }, "iterations: expected an integer >= 0, got -1"],
    [{ start: [1], tolerance: 0 }, "tolerance: expected a positive number, got 0"],
  ])("refuses %j", (options, message) => {
    expect(() => nelderMead(() => 0, options)).toThrow(message);
  });
});
