import { expect, test } from "vitest";
import { arcCosineKernel } from "../../src/networks/arc-cosine-kernel.ts";

test("the arc-cosine kernel is its formula with the arc cosine, to 1e-15", () => {
  for (let step = -2000; step <= 2000; step += 1) {
    const t = step / 2000;
    const formula = (Math.sqrt(1 - t * t) + (Math.PI - Math.acos(t)) * t) / Math.PI;
    expect(Math.abs(arcCosineKernel(t) - formula)).toBeLessThan(1e-15);
  }
  expect(arcCosineKernel(-1)).toBe(0);
  expect(arcCosineKernel(1)).toBe(1);
});

test("near -1 it keeps its digits: k(-1 + q) = (2 sqrt(2)/(3 pi)) q^(3/2) (1 + q/20 + 9 q^2/1120 + ...)", () => {
  for (const exponent of [-20, -16, -12]) {
    const q = 2 ** exponent;
    // From k'(-1 + q) = arccos(1 - q)/pi = (sqrt(2 q)/pi)(1 + q/12 + 3 q^2/160 + ...), integrated term by term.
    const series = ((2 * Math.SQRT2) / (3 * Math.PI)) * q ** 1.5 * (1 + q / 20 + (9 * q * q) / 1120);
    expect(Math.abs(arcCosineKernel(-1 + q) / series - 1)).toBeLessThan(1e-14 + q ** 3);
  }
});
