import { describe, expect, test } from "vitest";
import { createDormandPrince } from "../../src/numerics/dormand-prince.ts";
import type { OdeSystem } from "../../src/numerics/runge-kutta.ts";

const oscillator: OdeSystem = {
  size: 2,
  derivative(_time, y, out) {
    out[0] = y[1];
    out[1] = -y[0];
  },
};

/** The Kepler problem of eccentricity e from the pericentre: period 2 pi, steps must shrink and grow. */
const kepler: OdeSystem = {
  size: 4,
  derivative(_time, y, out) {
    const cube = Math.hypot(y[0], y[1]) ** 3;
    out[0] = y[2];
    out[1] = y[3];
    out[2] = -y[0] / cube;
    out[3] = -y[1] / cube;
  },
};
const eccentricity = 0.7;
const pericentre = Float64Array.of(1 - eccentricity, 0, 0, Math.sqrt((1 + eccentricity) / (1 - eccentricity)));

/** Position on the Kepler orbit by Newton's method on Kepler's equation. */
function keplerPosition(time: number): readonly [number, number] {
  let anomaly = time;
  for (let round = 0; round < 50; round += 1) {
    anomaly -= (anomaly - eccentricity * Math.sin(anomaly) - time) / (1 - eccentricity * Math.cos(anomaly));
  }
  return [Math.cos(anomaly) - eccentricity, Math.sqrt(1 - eccentricity ** 2) * Math.sin(anomaly)];
}

describe("createDormandPrince", () => {
  test("follows a rotation to a hundred times its tolerance", () => {
    for (const tolerance of [1e-6, 1e-8, 1e-10, 1e-12]) {
      const solver = createDormandPrince(oscillator, { relative: tolerance, absolute: tolerance });
      const state = solver.start(0, Float64Array.of(1, 0));
      solver.advanceTo(state, 20);
      expect(state.time).toBe(20);
      expect(Math.abs(state.y[0] - Math.cos(20))).toBeLessThan(100 * tolerance);
      expect(Math.abs(state.y[1] + Math.sin(20))).toBeLessThan(100 * tolerance);
    }
  });

  test("closes a Kepler orbit with steps that adapt, and keeps its energy", () => {
    const solver = createDormandPrince(kepler, { relative: 1e-11, absolute: 1e-11 });
    const state = solver.start(0, pericentre);
    let shortest = Infinity;
    let longest = 0;
    for (let part = 1; part <= 200; part += 1) {
      solver.advanceTo(state, (part * 2 * Math.PI) / 200);
      shortest = Math.min(shortest, state.stepSize);
      longest = Math.max(longest, state.stepSize);
    }
    expect(Math.hypot(state.y[0] - pericentre[0], state.y[1] - pericentre[1])).toBeLessThan(1e-7);
    const energy = (state.y[2] ** 2 + state.y[3] ** 2) / 2 - 1 / Math.hypot(state.y[0], state.y[1]);
    expect(Math.abs(energy + 0.5)).toBeLessThan(1e-9);
    expect(longest / shortest).toBeGreaterThan(4);
  });

  test("a structured clone of the state goes on with the same bits, and another order of solvers does not matter", () => {
    const solver = createDormandPrince(kepler);
    const whole = solver.start(0, pericentre);
    for (const time of [0.3, 1, 1, 2.5, 9]) solver.advanceTo(whole, time);
    const parted = solver.start(0, pericentre);
    for (const time of [0.3, 1, 1]) solver.advanceTo(parted, time);
    const copy = structuredClone(parted);
    solver.advanceTo(parted, 4);
    const other = createDormandPrince(kepler);
    for (const time of [2.5, 9]) other.advanceTo(copy, time);
    expect(copy).toEqual(whole);
  });

  test("does not change what it was started from", () => {
    const initial = pericentre.slice();
    const solver = createDormandPrince(kepler);
    solver.advanceTo(solver.start(0, initial), 1);
    expect(initial).toEqual(pericentre);
  });

  test("dense output stays within a hundred tolerances everywhere between the steps", () => {
    const solver = createDormandPrince(kepler, { relative: 1e-9, absolute: 1e-9 });
    const times = Array.from({ length: 301 }, (_, index) => index / 50);
    const states = solver.solve(0, pericentre, times);
    expect(states.length).toBe(301);
    expect(states[0]).toEqual(pericentre);
    times.forEach((time, index) => {
      const [x, y] = keplerPosition(time);
      expect(Math.hypot(states[index][0] - x, states[index][1] - y)).toBeLessThan(1e-6);
    });
  });

  test("dense output has order 4: its error inside steps falls as the fourth power of the step or faster", () => {
    // Halving the step by a factor 32 in the tolerance: local error ~ h^5.
    const worst = [1e-6, 1e-6 / 32 ** 2].map((tolerance) => {
      const solver = createDormandPrince(oscillator, { relative: tolerance, absolute: tolerance });
      const times = Array.from({ length: 500 }, (_, index) => (index + 1) / 100);
      return Math.max(
        ...solver.solve(0, Float64Array.of(1, 0), times).map((y, index) => Math.abs(y[0] - Math.cos(times[index]))),
      );
    });
    expect(worst[0] / worst[1]).toBeGreaterThan(4 ** 4);
  });

  test("passes a jump of the derivative", () => {
    const jump: OdeSystem = {
      size: 1,
      derivative(time, _y, out) {
        out[0] = time < 1 ? 1 : -2;
      },
    };
    const solver = createDormandPrince(jump);
    const state = solver.start(0, Float64Array.of(0));
    solver.advanceTo(state, 2);
    expect(Math.abs(state.y[0] + 1)).toBeLessThan(1e-8);
  });

  test("a system at rest stays at rest", () => {
    const rest: OdeSystem = { size: 2, derivative: (_time, _y, out) => void out.fill(0) };
    const solver = createDormandPrince(rest);
    const state = solver.start(0, Float64Array.of(0, 5));
    solver.advanceTo(state, 1e6);
    expect([...state.y]).toEqual([0, 5]);
  });

  test("says what to change when its steps are used up", () => {
    const solver = createDormandPrince(oscillator, { maximumSteps: 10 });
    const state = solver.start(0, Float64Array.of(1, 0));
    expect(() => solver.advanceTo(state, 100)).toThrow(
      /10 steps ended at time .* before 100; raise maximumSteps or loosen the tolerances/,
    );
    expect(() => solver.advanceTo(state, 100)).toThrow(expect.objectContaining({ code: "step-limit" }));
  });

  test("ends with an error, not with NaN, where the derivative stops being finite", () => {
    const blowUp: OdeSystem = {
      size: 1,
      derivative: (_time, y, out) => {
        out[0] = y[0] < 2 ? y[0] : Number.NaN;
      },
    };
    const solver = createDormandPrince(blowUp);
    const state = solver.start(0, Float64Array.of(1));
    expect(() => solver.advanceTo(state, 1)).toThrow(expect.objectContaining({ code: "not-finite" }));
    expect(Math.abs(state.time - Math.LN2)).toBeLessThan(1e-6);
    expect(() => solver.start(0, Float64Array.of(3))).toThrow("expected a finite start and derivative");
  });

  test("refuses tolerances out of range, times that go back, and wrong lengths", () => {
    expect(() => createDormandPrince(oscillator, { relative: 0 })).toThrow(
      "relative: expected a number in [1e-14, 1], got 0",
    );
    expect(() => createDormandPrince(oscillator, { absolute: Number.NaN })).toThrow("absolute: expected a positive");
    expect(() => createDormandPrince(oscillator, { maximumSteps: 0 })).toThrow(
      "maximumSteps: expected a positive integer",
    );
    const solver = createDormandPrince(oscillator);
    const state = solver.start(1, Float64Array.of(1, 0));
    expect(() => solver.advanceTo(state, 0.5)).toThrow("time: expected a finite number >= the state's time 1, got 0.5");
    expect(() => solver.solve(0, Float64Array.of(1, 0), [2, 1])).toThrow(
      "times: expected finite numbers that ascend, got 1",
    );
    expect(() => solver.start(0, Float64Array.of(1))).toThrow("y: expected 2 numbers, got 1");
  });
});
