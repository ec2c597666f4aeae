import { describe, expect, test } from "vitest";
import { createFixedStep, integrateFixed, integrators, type OdeSystem } from "../../src/numerics/runge-kutta.ts";
import { fitPowerLaw } from "../../src/numerics/statistics.ts";

/** y0' = y1 cos t, y1' = -y0 cos t: a rotation by sin t, so that the nodes' times matter. */
const rotation: OdeSystem = {
  size: 2,
  derivative(time, y, out) {
    out[0] = y[1] * Math.cos(time);
    out[1] = -y[0] * Math.cos(time);
  },
};

describe("integrators", () => {
  test.each(Object.values(integrators))("$name converges with its declared order", (integrator) => {
    const steps = [20, 40, 80, 160];
    const errors = steps.map((count) => {
      const y = Float64Array.of(1, 0);
      integrateFixed(rotation, integrator, y, 0, 1.3, count);
      const angle = Math.sin(1.3);
      return Math.hypot(y[0] - Math.cos(angle), y[1] + Math.sin(angle));
    });
    expect(Math.abs(fitPowerLaw(steps, errors).slope.value + integrator.order)).toBeLessThan(0.1);
  });

  test.each(Object.values(integrators))(
    "$name satisfies the row-sum condition and its weights add up to 1",
    (integrator) => {
      const sum = (row: readonly number[]): number => row.reduce((total, entry) => total + entry, 0);
      expect(sum(integrator.weights)).toBeCloseTo(1, 15);
      integrator.matrix.forEach((row, stage) => {
        expect(row.length).toBeLessThanOrEqual(stage);
        expect(sum(row)).toBeCloseTo(integrator.nodes[stage], 15);
      });
    },
  );

  test("the tableaus are frozen", () => {
    expect(Object.isFrozen(integrators)).toBe(true);
    expect(Object.isFrozen(integrators.rungeKutta4.matrix[2])).toBe(true);
  });

  test("one Euler step adds stepSize times the derivative", () => {
    const y = Float64Array.of(3, 4);
    createFixedStep(rotation, integrators.euler)(0, y, 0.25);
    expect([...y]).toEqual([3 + 0.25 * 4, 4 - 0.25 * 3]);
  });

  test("wrong lengths and step counts are refused", () => {
    expect(() => createFixedStep(rotation, integrators.heun)(0, new Float64Array(3), 0.1)).toThrow(
      "y: expected 2 numbers, got 3",
    );
    expect(() => integrateFixed(rotation, integrators.heun, new Float64Array(2), 0, 1, 0)).toThrow(
      "steps: expected a positive integer, got 0",
    );
  });
});
