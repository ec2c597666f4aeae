import { describe, expect, it } from "vitest";
import { withEnginePreference } from "../../../src/engines/index.ts";
import { product } from "../../../src/neural-kernels/matrices/product.ts";
import { normals } from "./random-inputs.ts";

describe("the product of two matrices", () => {
  it.each([
    [1, 1, 1],
    [65, 130, 3],
    [200, 64, 17],
    [3, 1000, 300],
  ])("of %i x %i and %i columns is the sums written out, on every engine", (rows, inner, columns) => {
    const [left, right] = [normals(rows * inner, "left"), normals(inner * columns, "right")];
    for (const engine of ["auto", "wasm", "reference"] as const) {
      const found = withEnginePreference({ engine, arithmetic: "auto" }, () =>
        product(left, right, { rows, inner, columns }),
      );
      expect(found.length).toBe(rows * columns);
      for (let at = 0; at < found.length; at += 1) {
        let [sum, scale] = [0, 0];
        for (let k = 0; k < inner; k += 1) {
          const term = left[Math.floor(at / columns) * inner + k] * right[k * columns + (at % columns)];
          sum += term;
          scale += Math.abs(term);
        }
        // gamma_k sum |a||b| of both orders of summation.
        expect(Math.abs(found[at] - sum)).toBeLessThanOrEqual((64 + inner / 64 + inner) * 2 ** -53 * scale);
      }
    }
  });
});
