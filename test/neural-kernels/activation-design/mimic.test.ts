import { describe, expect, it } from "vitest";
import * as activations from "../../../src/networks/activations.ts";
import {
  fitMimic,
  fullyConnected,
  kernelEvaluator,
  mimicActivation,
  mimicKernel,
  mimicStart,
  mimicSumOfSquares,
  publishedMimic,
} from "../../../src/neural-kernels/public.ts";

const reluNetwork = (hiddenLayers: number) =>
  kernelEvaluator(
    fullyConnected({ activation: activations.relu(), hiddenLayers, weightVariance: 2, biasVariance: 0.01 }),
  );
const deep = reluNetwork(4);
const target = (cosine: number) => deep.pair(cosine).ntk ?? Number.NaN;
const cosines = Array.from({ length: 100 }, (_, index) => Math.cos((Math.PI * index) / 99));

describe("the mimic's kernel", () => {
  it.each([
    ["published", publishedMimic],
    ["the start of the search", mimicStart],
    ["no wave, kink at 0", { ...publishedMimic, amplitude: 0, kink: 0 }],
    [
      "another sign of everything",
      { bend: -2, kink: -1.3, slope: 0.4, offset: -0.2, amplitude: 0.8, frequency: -3, phase: 2 },
    ],
    ["frequency 0", { ...mimicStart, frequency: 0 }],
  ] as const)(
    "%s: in closed form what quadrature of the activation finds, to 1e-12 of the diagonal",
    (_name, parameters) => {
      const evaluator = kernelEvaluator(fullyConnected({ activation: mimicActivation(parameters), hiddenLayers: 1 }));
      const kernel = mimicKernel(parameters);
      const top = kernel(1).ntk;
      for (const c of [1, 0.995, 0.6, 0, -0.7, -1]) {
        const exact = evaluator.pair(c);
        const { nngp, ntk } = kernel(c);
        expect(Math.abs(nngp - exact.nngp)).toBeLessThan(1e-12 * top);
        expect(Math.abs(ntk - (exact.ntk ?? 0))).toBeLessThan(1e-12 * top);
      }
    },
  );

  it("with the published parameters is 5.130 at 1, and within .326 of four hidden layers of ReLU, where one is 227.7 off", () => {
    expect(mimicKernel(publishedMimic)(1).ntk.toFixed(3)).toBe("5.130");
    const sumOfSquares = mimicSumOfSquares(target);
    expect(sumOfSquares(publishedMimic).toFixed(3)).toBe("0.326");
    expect(sumOfSquares(mimicStart).toFixed(2)).toBe("7.13");
    const shallow = cosines.map((cosine) => reluNetwork(1).pair(cosine).ntk ?? Number.NaN);
    const wanted = cosines.map(target);
    const dot = (left: readonly number[], right: readonly number[]) =>
      left.reduce((sum, entry, at) => sum + entry * right[at], 0);
    const off = shallow.map((entry, at) => entry - wanted[at]);
    expect(dot(off, off).toFixed(1)).toBe("227.7");
    const rescaled = dot(wanted, wanted) - dot(shallow, wanted) ** 2 / dot(shallow, shallow);
    expect(rescaled.toFixed(1)).toBe("82.1");
    expect(sumOfSquares(publishedMimic)).toBeLessThan(0.01 * dot(off, off));
  });

  it("fits better against the exact kernel than the published search against noisy ones", () => {
    const short = fitMimic({ target, iterations: 300 });
    expect(short).toMatchObject({ iterations: 300, converged: false });
    expect(short.sumOfSquares).toBeLessThan(mimicSumOfSquares(target)(mimicStart));
    const again = mimicSumOfSquares(target)(short.parameters);
    expect(again).toBe(short.sumOfSquares);
    const found = fitMimic({ target, start: publishedMimic, iterations: 1000 });
    expect(found.sumOfSquares).toBeLessThan(0.1);
    expect(found.rootMeanSquare).toBeCloseTo(Math.sqrt(found.sumOfSquares / 100), 15);
  });

  it("refuses parameters that are none", () => {
    expect(() => mimicKernel({ ...publishedMimic, frequency: 30 })).toThrow(
      "parameters.frequency: expected a number in [-25, 25], got 30",
    );
    expect(() => mimicActivation({ ...publishedMimic, bend: Number.NaN })).toThrow(
      "parameters.bend: expected a finite number, got NaN",
    );
    expect(() => mimicKernel(publishedMimic)(1.2)).toThrow("cosine: expected a number in [-1, 1], got 1.2");
    expect(() => fitMimic({ target: Math.log })).toThrow("target: expected a finite number");
  });
});
