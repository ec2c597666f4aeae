import { describe, expect, it } from "vitest";
import { buildMomentTable } from "../../src/laws/moment-table.ts";

/** p(r) = e^-r: M_0 = 1 - e^-r, M_1 = 1 - (1 + r) e^-r, M_2 = 2 - (2 + 2r + r^2) e^-r. */
const exponential = (r: number, out: Float64Array): void => {
  out[0] = Math.exp(-r);
  out[1] = -out[0];
  out[2] = out[0];
};
const exactMoments = (r: number) => [
  1 - Math.exp(-r),
  1 - (1 + r) * Math.exp(-r),
  2 - (2 + 2 * r + r * r) * Math.exp(-r),
];

function worstError(step: number): number {
  const table = buildMomentTable({ step, cellCount: Math.round(8 / step), density: exponential, normalize: false });
  const out = new Float64Array(3);
  let worst = 0;
  for (let r = 0; r < 8; r += 0.0137) {
    table.moments(r, out, 0);
    for (const [k, value] of exactMoments(r).entries()) worst = Math.max(worst, Math.abs(out[k] - value));
  }
  return worst;
}

describe("a moment table", () => {
  it("has order 6 in its step", () => {
    const errors = [0.5, 0.25, 0.125].map(worstError);
    for (const ratio of [errors[0] / errors[1], errors[1] / errors[2]]) {
      expect(Math.log2(ratio)).toBeGreaterThan(5.5);
      expect(Math.log2(ratio)).toBeLessThan(7);
    }
    expect(worstError(1 / 64)).toBeLessThanOrEqual(1e-14);
  });

  it("inverts its mass to rounding, and gives the ends outside (0, mass of the table)", () => {
    const table = buildMomentTable({ step: 1 / 32, cellCount: 256, density: exponential, normalize: false });
    for (const mass of [1e-12, 1e-5, 0.1, 0.5, 0.9, 0.999]) {
      expect(Math.abs(table.mass(table.radiusOfMass(mass)) - mass)).toBeLessThanOrEqual(2e-16);
      expect(Math.abs(table.radiusOfMass(mass) / -Math.log1p(-mass) - 1)).toBeLessThanOrEqual(1e-9);
    }
    expect(table.radiusOfMass(0)).toBe(0);
    expect(table.radiusOfMass(0.9999)).toBe(table.upper);
    expect(table.upper).toBe(8);
  });

  it("normalises to mass 1 and says by which factor", () => {
    const table = buildMomentTable({ step: 1 / 32, cellCount: 256, density: exponential, normalize: true });
    expect(Math.abs(table.mass(8) - 1)).toBeLessThanOrEqual(2e-16);
    expect(Math.abs(table.densityFactor * (1 - Math.exp(-8)) - 1)).toBeLessThanOrEqual(1e-13);
  });
});
