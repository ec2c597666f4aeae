import { deriveKey, fillNormal } from "../src/numerics/random/index.ts";
import type { Work } from "./work.ts";

/** Random particles, points and targets of order one for the plain TypeScript peer, which must do without the toolkit's networks. */
export function plainInputs(work: Work): {
  particles: Record<string, Float64Array>;
  x: Float64Array;
  y: Float64Array;
} {
  const { batch, dimension, width, secondWidth } = work;
  const normals = (name: string, length: number, scale = 1): Float64Array => {
    const values = new Float64Array(length);
    fillNormal(values, 0, length, 0, deriveKey("bench", "plain", name), 0, 0, 0);
    return values.map((value) => scale * value);
  };
  const x = normals("x", batch * dimension, 1 / Math.sqrt(dimension));
  const y = normals("y", batch);
  const w = normals("w", width * dimension);
  if (work.work === "two-layer") return { particles: { w, b: normals("b", width), a: normals("a", width) }, x, y };
  if (work.work === "bottleneck") {
    const v = normals("v", secondWidth).map((value) => -0.02 - 0.3 * Math.abs(value));
    const b = normals("b", secondWidth).map((value) => 0.1 + 0.4 * Math.abs(value));
    return { particles: { w, v, b, a: new Float64Array(secondWidth).fill(1) }, x, y };
  }
  const u = normals("u", secondWidth * width, Math.sqrt(width));
  const [c, e, a] = [normals("c", width), normals("e", secondWidth), normals("a", secondWidth)];
  return { particles: { w, c, u, e, a }, x, y };
}
