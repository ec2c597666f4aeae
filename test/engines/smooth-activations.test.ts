import { describe, expect, it } from "vitest";
import type { Engine, Precision, Reals, VelocityProblem } from "../../src/engines/index.ts";
import { buildActivation, type TwoLayerSpec } from "../../src/networks/index.ts";
import reference from "../reference/activations.json" with { type: "json" };
import { compiledEngines } from "./installed.ts";

const smooth = ["tanh", "erf", "softplus"] as const;
type Kind = (typeof smooth)[number];
const epsilon = { float64: 2 ** -53, float32: 2 ** -24 } as const;

/**
 * sigma and sigma' as an engine computes them, read off a velocity: neurons in pairs with w = 0, b = z and a = 1, -1, so that f = 0 without rounding, and
 * one sample at 0 with the target -1 and weight 1, so that r = 1. Then a' = -sigma(z), and b' = -sigma'(z) for a = 1.
 */
function activated(engine: Engine, kind: Kind, precision: Precision, zs: readonly number[]) {
  const width = 2 * zs.length;
  const dimension = 2;
  const network: TwoLayerSpec = { kind: "two-layer", dimension, width, start: "sphere", activation: { kind } };
  const problem: VelocityProblem = {
    network,
    precision,
    activation: { kind },
    batch: 1,
    expectation: { kind: "sampled", clip: null },
    speeds: { w: 1, b: 1, a: 1 },
  };
  const size = width * (dimension + 2);
  const place = 64 * Math.ceil((8 * size) / 64);
  const block = engine.allocate(3 * place + 64 + engine.scratchBytes(problem, 1), 1);
  const view = (offset: number, length: number): Reals =>
    precision === "float64"
      ? new Float64Array(block.buffer, block.start + offset, length)
      : new Float32Array(block.buffer, block.start + offset, length);
  const [velocity, particles, sample] = [view(0, size), view(place, size), view(2 * place, 4)];
  const memory = { block, parts: 1, velocity, scratch: block.start + 3 * place };
  const [b, a] = [width * dimension, width * (dimension + 1)];
  particles.fill(0);
  zs.forEach((z, index) => {
    particles.set([z, z], b + 2 * index);
    particles.set([1, -1], a + 2 * index);
  });
  sample.set([0, 0, -1, 1]);
  engine.initialize(problem, memory);
  const kernel = engine.createKernel(problem, memory);
  kernel.bind(particles, {
    points: sample.subarray(0, 2),
    targets: sample.subarray(2, 3),
    weights: sample.subarray(3, 4),
  });
  for (const phase of ["forward", "residual", "backward"] as const) kernel[phase](0, 0, 1);
  return zs.map((_, index) => ({ value: -velocity[a + 2 * index], slope: -velocity[b + 2 * index] }));
}

/** Relative error in units of the precision; where the result is about to underflow it may be 0. */
function unitsOff(found: number, expected: number, precision: Precision): number {
  const least = precision === "float64" ? 1e-300 : 1e-35;
  if (Math.abs(expected) < least) return Math.abs(found) <= 2 * least ? 0 : Infinity;
  return Math.abs(found / expected - 1) / epsilon[precision];
}

/** Numbers of either sign on a fine grid and on a logarithmic one, as the precision has them. */
function grid(precision: Precision): number[] {
  const numbers: number[] = [];
  for (let step = 0; step < 2000; step += 1) {
    const t = step / 2000;
    numbers.push(4 * t, 40 * t, 10 ** (2.5 - (precision === "float64" ? 200 : 30) * t));
  }
  return numbers.flatMap((z) => [z, -z]).map((z) => (precision === "float64" ? z : Math.fround(z)));
}

describe.each(compiledEngines())("smooth activations on $title, $arithmetic", ({ engine }) => {
  it.each(smooth)("%s has values and derivatives of outside tables to 4 units in the last place", (kind) => {
    const rows = reference.rows.filter(({ z }) => z < 345);
    const signed = rows.flatMap((row) => {
      const below = kind === "softplus" ? row.softplusBelow : [-row[kind][0], row[kind][1]];
      return [
        { z: row.z, expected: row[kind] },
        { z: -row.z, expected: below },
      ];
    });
    const found = activated(
      engine,
      kind,
      "float64",
      signed.map(({ z }) => z),
    );
    for (const [index, { z, expected }] of signed.entries()) {
      expect(unitsOff(found[index].value, expected[0], "float64"), `sigma(${z})`).toBeLessThan(8);
      expect(unitsOff(found[index].slope, expected[1], "float64"), `sigma'(${z})`).toBeLessThan(8);
    }
  });

  it.each(smooth)("%s has the values of the reference engine's functions on grids, in both precisions", (kind) => {
    const { value, derivative } = buildActivation({ kind });
    for (const precision of ["float64", "float32"] as const) {
      const zs = grid(precision);
      const found = activated(engine, kind, precision, zs);
      let worst = 0;
      let at = 0;
      for (const [index, z] of zs.entries()) {
        // exp(-z^2) of the other side magnifies the rounding of z^2.
        const allowance = kind === "erf" && precision === "float64" ? 2 * z * z : 0;
        const off = Math.max(
          unitsOff(found[index].value, value(z), precision),
          unitsOff(found[index].slope, derivative(z), precision) - allowance,
        );
        if (off <= worst) continue;
        worst = off;
        at = z;
      }
      // Up to 6 units here, and a few on the other side.
      expect(worst, `${precision} at ${at}`).toBeLessThan(10);
    }
  });

  it.each(["tanh", "erf"] as const)("%s reaches its bounds at infinity, and has no slope there", (kind) => {
    const infinities = [Infinity, -Infinity, 1e300, -1e300, 1e4];
    expect(activated(engine, kind, "float64", infinities)).toEqual(
      infinities.map((z) => ({ value: Math.sign(z), slope: 0 })),
    );
  });

  it.each(smooth)("%s is NaN at NaN, and takes the whole velocity along", (kind) => {
    for (const { value, slope } of activated(engine, kind, "float64", [0.3, Number.NaN])) {
      expect([value, slope]).toEqual([Number.NaN, Number.NaN]);
    }
  });
});
