import { describe, expect, it } from "vitest";
import { kernelDescent } from "../../src/neural-kernels/public.ts";
import { createDormandPrince, deriveKey, fillNormal, integrateFixed, integrators } from "../../src/numerics/index.ts";

function normals(length: number, label: string): Float64Array {
  const out = new Float64Array(length);
  fillNormal(out, 0, length, 0, deriveKey("kernel-descent", label), 0, 0, 0);
  return out;
}

/** Gram matrix of `left` and `right`, rows of `width` numbers. */
function gram(left: Float64Array, right: Float64Array, width: number): Float64Array {
  const [rows, columns] = [left.length / width, right.length / width];
  return Float64Array.from({ length: rows * columns }, (_, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    let sum = 0;
    for (let k = 0; k < width; k += 1) sum += left[row * width + k] * right[column * width + k];
    return sum;
  });
}

const n = 6;
const q = 4;
const targets = normals(n, "targets");
const initial = normals(n, "initial");
const initialThere = normals(q, "initial there");
/** Training and other points together as one linear system, which integrators of the house solve step by step. */
function systemOf(kernel: Float64Array, cross: Float64Array) {
  return {
    size: n + q,
    derivative(_time: number, y: Float64Array, out: Float64Array) {
      for (let row = 0; row < n + q; row += 1) {
        out[row] = 0;
        for (let s = 0; s < n; s += 1) {
          const entry = row < n ? kernel[row * n + s] : cross[(row - n) * n + s];
          out[row] -= (entry * (y[s] - targets[s])) / n;
        }
      }
    },
  };
}

describe.each([
  ["of full rank", 9],
  ["of rank 3, whose null space learns nothing", 3],
])("kernel gradient descent with a kernel %s", (_name, width) => {
  const points = normals(n * width, "points");
  const others = normals(q * width, "others");
  const kernel = gram(points, points, width);
  const cross = gram(others, points, width);
  const system = systemOf(kernel, cross);
  const start = Float64Array.of(...initial, ...initialThere);

  it("is what an adaptive solution of the flow arrives at, at training and at other points", () => {
    const flow = kernelDescent({ kernel, targets, initial });
    const solver = createDormandPrince(system, { relative: 1e-11, absolute: 1e-11 });
    const state = solver.start(0, start);
    for (const time of [0.1, 1, 7]) {
      solver.advanceTo(state, time);
      const [values, there] = [flow.values(time), flow.valuesAt(cross, time, initialThere)];
      for (let s = 0; s < n; s += 1) expect(values[s]).toBeCloseTo(state.y[s], 8);
      for (let s = 0; s < q; s += 1) expect(there[s]).toBeCloseTo(state.y[n + s], 8);
    }
    expect(flow.rates).toHaveLength(n);
    expect(flow.rates.filter((rate) => rate < 1e-12)).toHaveLength(Math.max(0, n - width));
  });

  it.each(["euler", "heun", "rungeKutta4"] as const)("with steps is what %s arrives at, in as many steps", (name) => {
    const stepSize = 0.15;
    const descent = kernelDescent({ kernel, targets, initial, steps: { stepSize, integrator: name } });
    for (const steps of [0, 1, 9]) {
      const y = Float64Array.from(start);
      if (steps > 0) integrateFixed(system, integrators[name], y, 0, steps * stepSize, steps);
      const [values, there] = [
        descent.values(steps * stepSize),
        descent.valuesAt(cross, steps * stepSize, initialThere),
      ];
      for (let s = 0; s < n; s += 1) expect(values[s]).toBeCloseTo(y[s], 11);
      for (let s = 0; s < q; s += 1) expect(there[s]).toBeCloseTo(y[n + s], 11);
    }
  });
});

describe("kernel gradient descent", () => {
  const kernel = gram(normals(n * 9, "points"), normals(n * 9, "points"), 9);

  it("interpolates in the end, starts at 0 unless told otherwise, and other points start where they are said to", () => {
    const flow = kernelDescent({ kernel, targets });
    const end = flow.values(1e9);
    for (let s = 0; s < n; s += 1) expect(end[s]).toBeCloseTo(targets[s], 7);
    expect([...flow.values(0)]).toEqual(new Array(n).fill(0));
    expect([...flow.valuesAt(kernel, 0, initial)]).toEqual([...initial]);
    // A training point among the others is that training point.
    const there = flow.valuesAt(kernel, 2);
    for (let s = 0; s < n; s += 1) expect(there[s]).toBeCloseTo(flow.values(2)[s], 11);
  });

  it("oscillates with Euler steps beyond 1/rate, as the steps do", () => {
    const one = kernelDescent({
      kernel: Float64Array.of(1),
      targets: Float64Array.of(1),
      steps: { stepSize: 1.5 },
    });
    expect([0, 1, 2, 3].map((k) => one.values(1.5 * k)[0])).toEqual([0, 1.5, 0.75, 1.125]);
    const stopped = kernelDescent({ kernel: Float64Array.of(1), targets: Float64Array.of(1), steps: { stepSize: 1 } });
    expect([0, 1, 2].map((k) => stopped.values(k)[0])).toEqual([0, 1, 1]);
  });

  it("refuses what does not fit together", () => {
    expect(() => kernelDescent({ kernel, targets: new Float64Array(5) })).toThrow("kernel: expected 25 numbers");
    expect(() => kernelDescent({ kernel, targets, initial: new Float64Array(2) })).toThrow(
      "initial: expected 6 numbers",
    );
    expect(() => kernelDescent({ kernel, targets, steps: { stepSize: 0 } })).toThrow("stepSize: expected a positive");
    expect(() => kernelDescent({ kernel, targets, steps: { stepSize: 1, integrator: "midpoint" as "euler" } })).toThrow(
      'integrator: expected one of euler, heun, rungeKutta4, got "midpoint"',
    );
    const flow = kernelDescent({ kernel, targets });
    expect(() => flow.values(-1)).toThrow("time: expected a finite number >= 0, got -1");
    expect(() => flow.valuesAt(new Float64Array(7), 1)).toThrow("kernel: expected rows of 6 numbers, got");
    expect(() => flow.valuesAt(kernel, 1, new Float64Array(2))).toThrow("initial: expected 6 numbers");
  });
});
