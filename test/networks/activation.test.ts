import { describe, expect, it } from "vitest";
import { activations } from "../../src/index.ts";
import { type ActivationSpec, buildActivation, isRelu } from "../../src/networks/index.ts";
import reference from "../reference/activations.json" with { type: "json" };

const smooth = ["tanh", "erf", "softplus"] as const;

/** Values from outside as (z, sigma, sigma') at both signs. */
function points(kind: (typeof smooth)[number]): readonly (readonly [z: number, value: number, derivative: number])[] {
  return reference.rows.flatMap((row) => {
    const [value, derivative] = row[kind];
    const below = kind === "softplus" ? row.softplusBelow : [-value, derivative];
    return [[row.z, value, derivative] as const, [-row.z, below[0], below[1]] as const];
  });
}

/** Relative error; subnormal numbers, which have fewer digits, count as 0. */
function relativeError(found: number, expected: number): number {
  if (Math.abs(expected) < 1e-300) return Math.abs(found) < 1e-299 ? 0 : Infinity;
  return Math.abs(found / expected - 1);
}

describe.each(smooth)("the activation %s", (kind) => {
  const activation = buildActivation({ kind });

  it("has values and derivatives of full relative accuracy, however small or large z is", () => {
    for (const [z, value, derivative] of points(kind)) {
      expect(relativeError(activation.value(z), value), `sigma(${z})`).toBeLessThan(1e-15);
      // exp(-z^2) magnifies the rounding of z^2 by z^2.
      const bound = kind === "erf" ? 1e-15 + 2.3e-16 * z * z : 1e-15;
      expect(relativeError(activation.derivative(z), derivative), `sigma'(${z})`).toBeLessThan(bound);
    }
  });

  it("has the derivative of its values, by differences", () => {
    for (let z = -6; z <= 6; z += 0.37) {
      const slope = (h: number) => (activation.value(z + h) - activation.value(z - h)) / (2 * h);
      expect(Math.abs((4 * slope(1e-3) - slope(2e-3)) / 3 - activation.derivative(z))).toBeLessThan(1e-11);
    }
  });

  it("goes to its limits at infinity, and is NaN at NaN", () => {
    expect(activation.value(-Infinity)).toBe(kind === "softplus" ? 0 : -1);
    expect(activation.value(Infinity)).toBe(kind === "softplus" ? Infinity : 1);
    expect(activation.derivative(-Infinity)).toBe(0);
    expect(activation.derivative(Infinity)).toBe(kind === "softplus" ? 1 : 0);
    expect([activation.value(Number.NaN), activation.derivative(Number.NaN)]).toEqual([Number.NaN, Number.NaN]);
    expect(isRelu({ kind })).toBe(false);
  });
});

describe("activations", () => {
  it("are plain frozen data", () => {
    const all = [activations.relu(), activations.tanh(), activations.erf(), activations.softplus()];
    expect(all).toEqual([{ kind: "relu" }, { kind: "tanh" }, { kind: "erf" }, { kind: "softplus" }]);
    expect(activations.leakyRelu({ negativeSlope: 0.1 })).toEqual({ kind: "leaky-relu", negativeSlope: 0.1 });
    expect(all.every(Object.isFrozen)).toBe(true);
  });

  it.each<[ActivationSpec, number, number, number]>([
    [{ kind: "relu" }, 0, 2, 1],
    [{ kind: "leaky-relu", negativeSlope: 0.25 }, 0.25, 2, 1],
  ])("of linear pieces have their slopes on either side of 0, and at 0 the one below (%o)", (spec, slope, z, above) => {
    const { value, derivative, negativeSlope } = buildActivation(spec);
    expect([value(z), derivative(z), derivative(0), derivative(-z), negativeSlope]).toEqual([
      z,
      above,
      slope,
      slope,
      slope,
    ]);
    expect(value(-z)).toBeCloseTo(-slope * z, 15);
    expect(isRelu(spec)).toBe(slope === 0);
  });

  it("leaky ReLU of slope 0 is ReLU", () => {
    expect(isRelu({ kind: "leaky-relu", negativeSlope: 0 })).toBe(true);
  });

  it("of an unknown kind are refused with the nearest one", () => {
    expect(() => buildActivation({ kind: "soft-plus" } as unknown as ActivationSpec)).toThrow(
      'activation.kind: expected the kind of an activation, got "soft-plus"; did you mean "softplus"?',
    );
    expect(() => buildActivation("tanh" as unknown as ActivationSpec)).toThrow(
      "activation.kind: expected the kind of an activation, got undefined; choose one of relu, leaky-relu, tanh, erf, softplus",
    );
  });
});
