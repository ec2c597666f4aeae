import { describe, expect, it } from "vitest";
import { gradientDescent, langevin } from "../../src/dynamics/index.ts";
import { fitPowerLaw } from "../../src/numerics/index.ts";
import {
  exactMoments,
  type Moments,
  type Process,
  schemeMoments,
  simulatedMoments,
  stiffness,
  zScores,
} from "./quadratic-potential.ts";

const start = [1.5, -1, 0.5, 2];
const processes: Record<string, Process> = {
  "noise and decay": { temperature: 0.3, weightDecay: 0.4, speeds: [1, 1, 1, 1] },
  "noise alone": { temperature: 0.05, weightDecay: 0, speeds: [1, 1, 1, 1] },
  "two layer speeds": { temperature: 0.3, weightDecay: 0.4, speeds: [2, 2, 2, 0.5] },
};

function dynamicsOf({ temperature, weightDecay, speeds }: Process, stepSize: number, steps: number) {
  const layerSpeeds = { first: speeds[0], second: speeds[3] };
  return langevin({ stepSize, steps, temperature, weightDecay, layerSpeeds });
}

const largest = (values: readonly number[]) => Math.max(...values.map(Math.abs));
const entries = ({ mean, covariance }: Moments) => [...mean, ...covariance.flat()];

describe.each(Object.keys(processes))("particles in a quadratic potential (%s)", (name) => {
  const process = processes[name];

  it("have the moments of the Euler-Maruyama scheme, at a step where these are far from the exact ones", () => {
    const width = 16384;
    const [stepSize, steps] = [0.4, 10];
    const found = simulatedMoments(dynamicsOf(process, stepSize, steps), width, start);
    expect(largest(zScores(found, schemeMoments(process, start, stepSize, steps), width))).toBeLessThan(4);
    expect(largest(zScores(found, exactMoments(process, start, stepSize * steps), width))).toBeGreaterThan(8);
  });

  it.each([0.25, 1, 4])("follow the exact Ornstein-Uhlenbeck law in small steps, at time %s", (time) => {
    const width = 4096;
    const stepSize = 1 / 64;
    const found = simulatedMoments(dynamicsOf(process, stepSize, time / stepSize), width, start);
    expect(largest(zScores(found, exactMoments(process, start, time), width))).toBeLessThan(4);
  });

  it("have means and covariances of weak order 1", () => {
    const exact = entries(exactMoments(process, start, 1));
    const stepCounts = [32, 64, 128, 256];
    const errors = stepCounts.map((steps) => {
      const found = entries(schemeMoments(process, start, 1 / steps, steps));
      return Math.hypot(...found.map((value, index) => value - exact[index]));
    });
    const { slope } = fitPowerLaw(
      stepCounts.map((steps) => 1 / steps),
      errors,
    );
    expect(Math.abs(slope.value - 1)).toBeLessThan(0.05);
  });

  it("keep the means of the scheme without noise, to rounding", () => {
    const still = { ...process, temperature: 0 };
    const found = simulatedMoments(dynamicsOf(still, 0.1, 20), 2, start);
    const expected = schemeMoments(still, start, 0.1, 20).mean;
    expect(largest(found.mean.map((value, k) => value - expected[k]))).toBeLessThan(1e-14);
  });
});

describe("the stationary law", () => {
  it("is exp(-(Psi + lambda |theta|^2 / 2)/tau) whatever the layer speeds: its covariance solves C (K + lambda) = tau", () => {
    const { temperature, weightDecay } = processes["noise and decay"];
    const slow = exactMoments(processes["noise and decay"], start, 40).covariance.flat();
    const uneven = exactMoments(processes["two layer speeds"], start, 80).covariance.flat();
    expect(largest(slow.map((value, index) => value - uneven[index]))).toBeLessThan(1e-9);
    const matrix = stiffness.map((row, k) => row.map((entry, l) => entry + (k === l ? weightDecay : 0)));
    for (let k = 0; k < 4; k += 1) {
      for (let l = 0; l < 4; l += 1) {
        const product = matrix[k].reduce((sum, entry, n) => sum + entry * slow[4 * n + l], 0);
        expect(Math.abs(product - (k === l ? temperature : 0))).toBeLessThan(1e-9);
      }
    }
  });

  it("keeps a temperature in each of two layers at different speeds, simulated", () => {
    const width = 4096;
    const process = processes["two layer speeds"];
    const found = simulatedMoments(dynamicsOf(process, 1 / 64, 64 * 10), width, start);
    const stationary = exactMoments(processes["noise and decay"], start, 40);
    expect(largest(zScores(found, stationary, width))).toBeLessThan(4);
  });
});

describe("the weak order of the steps themselves", () => {
  it("is 1: Monte Carlo through the stepping code, slope of the error of the total variance with its interval", () => {
    const process = processes["noise and decay"];
    const width = 65536;
    const total = ({ covariance }: Moments) => covariance.reduce((sum, row, k) => sum + row[k], 0);
    const exact = total(exactMoments(process, start, 2));
    const stepSizes = [0.2, 0.1, 0.05, 0.025];
    const deviations = stepSizes.map((stepSize, index) => {
      const found = simulatedMoments(dynamicsOf(process, stepSize, 2 / stepSize), width, start, index + 1);
      const { covariance } = schemeMoments(process, start, stepSize, 2 / stepSize);
      const squares = covariance.flat().reduce((sum, entry) => sum + entry * entry, 0);
      return { value: total(found) - exact, error: Math.sqrt((2 * squares) / width) };
    });
    const { slope } = fitPowerLaw(
      stepSizes,
      deviations.map(({ value }) => value),
      { errors: deviations.map(({ error }) => error) },
    );
    expect(slope.high - slope.low).toBeLessThan(0.6);
    expect(slope.low).toBeLessThan(1);
    expect(slope.high).toBeGreaterThan(1);
  });
});

describe("weight decay without noise", () => {
  it("is gradient descent on the loss plus lambda |theta|^2 / 2, and the same by either name", () => {
    const process = { temperature: 0, weightDecay: 0.7, speeds: [1, 1, 1, 1] };
    const decay = gradientDescent({ stepSize: 0.1, steps: 15, weightDecay: 0.7 });
    const found = simulatedMoments(decay, 2, start);
    expect(found).toEqual(simulatedMoments(dynamicsOf(process, 0.1, 15), 2, start));
    const expected = schemeMoments(process, start, 0.1, 15).mean;
    expect(largest(found.mean.map((value, k) => value - expected[k]))).toBeLessThan(1e-14);
  });
});
