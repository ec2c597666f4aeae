import { createStepper, type DynamicsSpec, population } from "../../src/dynamics/index.ts";
import { buildPlan } from "../../src/dynamics/plan.ts";
import type { Engine, OwnedRange } from "../../src/engines/engine.ts";
import { installedOffers, referenceEngine } from "../../src/engines/index.ts";
import type { Reals } from "../../src/engines/reals.ts";
import { gaussian } from "../../src/laws/index.ts";
import { buildNetwork, particlesOn, twoLayer } from "../../src/networks/index.ts";
import { deriveKey, integrateFixed, integrators } from "../../src/numerics/index.ts";
import { buildTarget, hinge } from "../../src/targets/index.ts";

/**
 * A network-free case for the steps: particles theta = (w_1, w_2, b, a) in R^4 that do not see each other, in the potential
 * Psi(theta) = theta.K theta/2 - h.theta. Everything but the velocity is the toolkit's own: plan, shard, noise, move.
 */
export const size = 4;
/** Symmetric, positive definite (Gershgorin), no two eigenvalues alike. */
export const stiffness = [
  [1.1, 0.3, -0.2, 0.1],
  [0.3, 0.8, 0.15, -0.1],
  [-0.2, 0.15, 1.5, 0.4],
  [0.1, -0.1, 0.4, 1.3],
];
export const force = [0.7, -0.4, 0.9, 0.3];

const dimension = 2;

/** Entry of the flat buffer that holds coordinate `k` of particle `i`: w, then b, then a. */
export function place(i: number, k: number, width: number): number {
  return k < dimension ? i * dimension + k : k * width + i;
}

/** The reference engine with the velocity s (h - K theta), s the speed of the coordinate's array, and a compiled engine's draws where one works: they have the same bits. */
function quadraticEngine(width: number): Engine {
  const offers = (["native", "wasm"] as const).map((name) => installedOffers(name, "plain"));
  const compiled = offers.find((offer) => "engine" in offer);
  return {
    ...referenceEngine,
    draws: compiled !== undefined && "engine" in compiled ? compiled.engine.draws : null,
    scratchBytes: () => 0,
    createKernel(problem, memory) {
      const { velocity } = memory;
      const speedOf = [problem.speeds.w, problem.speeds.w, problem.speeds.b, problem.speeds.a];
      const everything: readonly OwnedRange[] = [[0, velocity.length]];
      let particles: Reals = velocity;
      return {
        chunks: 1,
        bind(bound) {
          particles = bound;
        },
        forward() {},
        residual() {},
        backward() {
          for (let i = 0; i < width; i += 1) {
            for (let k = 0; k < size; k += 1) {
              let gradient = -force[k];
              for (let l = 0; l < size; l += 1) gradient += stiffness[k][l] * particles[place(i, l, width)];
              velocity[place(i, k, width)] = -speedOf[k] * gradient;
            }
          }
        },
        move(stepSize) {
          for (let index = 0; index < velocity.length; index += 1) particles[index] += stepSize * velocity[index];
        },
        owned: () => everything,
      };
    },
  };
}

export interface Moments {
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

/** Mean and covariance over `width` particles that start at `start` and take all steps of `dynamics`. */
export function simulatedMoments(dynamics: DynamicsSpec, width: number, start: readonly number[], seed = 1): Moments {
  const target = buildTarget(hinge());
  const network = buildNetwork(twoLayer({ width }), dimension);
  const noise = Object.fromEntries(["w", "b", "a"].map((name) => [name, deriveKey(seed, "noise", name)]));
  const built = buildPlan(
    {
      network: network.spec,
      law: gaussian({ dimension }),
      pieces: target.radial?.pieces ?? null,
      dynamics: { ...dynamics, expectation: population() },
      keys: { directions: deriveKey(seed, "directions"), radii: deriveKey(seed, "radii"), noise },
      replica: 0,
      precision: "float64",
    },
    target,
  );
  const initial = particlesOn(network.layout).buffer;
  for (let i = 0; i < width; i += 1) for (let k = 0; k < size; k += 1) initial[place(i, k, width)] = start[k];
  const stepper = createStepper(built, quadraticEngine(width), initial, 1);
  stepper.advance(0, dynamics.steps);
  const { particles } = stepper;
  const mean = start.map((_, k) => {
    let sum = 0;
    for (let i = 0; i < width; i += 1) sum += particles[place(i, k, width)];
    return sum / width;
  });
  const covariance = start.map((_, k) =>
    start.map((__, l) => {
      let sum = 0;
      for (let i = 0; i < width; i += 1) {
        sum += (particles[place(i, k, width)] - mean[k]) * (particles[place(i, l, width)] - mean[l]);
      }
      return sum / (width - 1);
    }),
  );
  return { mean, covariance };
}

export interface Process {
  readonly temperature: number;
  readonly weightDecay: number;
  /** Factor of each coordinate. */
  readonly speeds: readonly number[];
}

/** B = S (K + lambda): the drift is S h - B theta. */
function drift({ weightDecay, speeds }: Process): number[][] {
  return stiffness.map((row, k) => row.map((entry, l) => speeds[k] * (entry + (k === l ? weightDecay : 0))));
}

/** The exact Ornstein-Uhlenbeck moments at `time` from a start at one point: m' = S h - B m, C' = -B C - C B^T + 2 tau S, by fine Runge-Kutta steps. */
export function exactMoments(process: Process, start: readonly number[], time: number): Moments {
  const matrix = drift(process);
  const { speeds, temperature } = process;
  const y = new Float64Array(size + size * size);
  y.set(start);
  integrateFixed(
    {
      size: y.length,
      derivative(_time, state, out) {
        const covariance = (k: number, l: number) => state[size + k * size + l];
        for (let k = 0; k < size; k += 1) {
          out[k] = speeds[k] * force[k];
          for (let l = 0; l < size; l += 1) out[k] -= matrix[k][l] * state[l];
          for (let l = 0; l < size; l += 1) {
            let sum = k === l ? 2 * temperature * speeds[k] : 0;
            for (let n = 0; n < size; n += 1) {
              sum -= matrix[k][n] * covariance(n, l) + covariance(k, n) * matrix[l][n];
            }
            out[size + k * size + l] = sum;
          }
        }
      },
    },
    integrators.rungeKutta4,
    y,
    0,
    time,
    Math.ceil(500 * time),
  );
  return asMoments(y);
}

/** The moments of the Euler-Maruyama scheme itself: m <- (1 - eta B) m + eta S h, C <- (1 - eta B) C (1 - eta B)^T + 2 eta tau S. */
export function schemeMoments(process: Process, start: readonly number[], stepSize: number, steps: number): Moments {
  const matrix = drift(process).map((row, k) => row.map((entry, l) => (k === l ? 1 : 0) - stepSize * entry));
  const { speeds, temperature } = process;
  let mean: readonly number[] = start;
  let covariance: readonly (readonly number[])[] = start.map(() => start.map(() => 0));
  for (let step = 0; step < steps; step += 1) {
    mean = matrix.map(
      (row, k) => row.reduce((sum, entry, l) => sum + entry * mean[l], 0) + stepSize * speeds[k] * force[k],
    );
    const before = covariance;
    covariance = matrix.map((left, k) =>
      matrix.map((right, l) => {
        let sum = k === l ? 2 * stepSize * temperature * speeds[k] : 0;
        for (let n = 0; n < size; n += 1) {
          for (let o = 0; o < size; o += 1) sum += left[n] * before[n][o] * right[o];
        }
        return sum;
      }),
    );
  }
  return { mean, covariance };
}

function asMoments(y: Float64Array): Moments {
  const rows = Array.from({ length: size }, (_, k) => [...y.subarray(size + k * size, size + (k + 1) * size)]);
  return { mean: [...y.subarray(0, size)], covariance: rows };
}

/** Deviations of sample moments of `count` Gaussian points from `expected`, in standard errors: of the means, then of the covariances. */
export function zScores(found: Moments, expected: Moments, count: number): number[] {
  const scores: number[] = [];
  const { covariance } = expected;
  for (let k = 0; k < size; k += 1) {
    scores.push((found.mean[k] - expected.mean[k]) / Math.sqrt(covariance[k][k] / count));
    for (let l = 0; l <= k; l += 1) {
      const variance = (covariance[k][k] * covariance[l][l] + covariance[k][l] ** 2) / (count - 1);
      scores.push((found.covariance[k][l] - covariance[k][l]) / Math.sqrt(variance));
    }
  }
  return scores;
}
