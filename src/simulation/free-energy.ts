import type { BuiltPlan } from "../dynamics/index.ts";
import type { Network, Particles } from "../networks/index.ts";
import { nearestNeighbourEntropy } from "../numerics/index.ts";
import type { EvaluationOptions } from "./evaluation-options.ts";
import type { Meter } from "./measure.ts";

/**
 * The meter of dynamics with noise or decay, with the free energy that these lower:
 *
 *     freeEnergy = L + (lambda/2) secondMoment - tau entropy,
 *
 * L the loss that the network itself learns by (without the output scale), secondMoment the sum of E|theta|^2 over populations of neurons and over the arrays
 * that move, entropy the sum of -integral rho log rho over the populations that move, by the Kozachenko-Leonenko estimator. Populations are the
 * two-layer network's particles (w, b, a) in R^(d+2), and the bottleneck's w in R^d and its atoms (v, b), with a where it is trained. The dense
 * network's U belongs to pairs of neurons, so its entropy is not that of a population: with noise it has no free energy here.
 *
 * Arrays frozen inside a population that moves stay in the entropy as labels; that adds a constant. `entropyError` is the estimator's scatter,
 * without its bias. Where a population has no density (doubled neurons, k + 1 alike) or no more than k neurons, entropy and free energy are null.
 */
export function withFreeEnergy(
  meter: Meter,
  { network, plan, speeds }: BuiltPlan,
  { entropyNeighbours }: EvaluationOptions,
): Meter {
  const { temperature, weightDecay } = plan.dynamics;
  if (temperature === 0 && weightDecay === 0) return meter;
  const moving = populationsOf(network)?.filter((names) => names.some((name) => speeds[name] > 0)) ?? null;
  const isEstimated = temperature > 0 && entropyNeighbours > 0 && moving !== null;
  return (particles, state) => {
    const { observables, ...measured } = meter(particles, state);
    const moment = secondMoment(network, particles, speeds);
    const penalized = measured.loss.value + 0.5 * weightDecay * moment;
    const own: Record<string, number | null> = { secondMoment: moment };
    if (temperature === 0) own.freeEnergy = penalized;
    if (isEstimated) {
      const { value, error } = entropy(particles, moving, entropyNeighbours);
      const exists = Number.isFinite(value);
      own.entropy = exists ? value : null;
      own.entropyError = exists ? error : null;
      own.freeEnergy = exists ? penalized - temperature * value : null;
    }
    return { ...measured, observables: { ...observables, ...own } };
  };
}

/** The arrays whose i-th entries or rows are one neuron's; null for the dense network. */
function populationsOf({ spec }: Network): readonly (readonly string[])[] | null {
  switch (spec.kind) {
    case "two-layer":
      return [["w", "b", "a"]];
    case "bottleneck":
      return [["w"], spec.trainOuterWeights ? ["v", "b", "a"] : ["v", "b"]];
    case "dense":
      return null;
  }
}

/** Sum over the arrays that move of the mean over neurons (of U: over pairs of neurons) of their squares. */
function secondMoment({ layout, spec }: Network, particles: Particles, speeds: Readonly<Record<string, number>>) {
  let moment = 0;
  for (const { name, shape, length } of layout.arrays) {
    if (speeds[name] === 0) continue;
    let squares = 0;
    for (const value of particles.arrays[name]) squares += value * value;
    moment += squares / (spec.kind === "dense" && name === "u" ? length : shape[0]);
  }
  return moment;
}

/** The sum of the populations' estimated entropies; NaN where one has too few neurons. */
function entropy({ arrays, layout }: Particles, populations: readonly (readonly string[])[], neighbours: number) {
  let value = 0;
  let squares = 0;
  for (const names of populations) {
    const parts = layout.arrays.filter(({ name }) => names.includes(name));
    const count = parts[0].shape[0];
    if (count <= neighbours) return { value: Number.NaN, error: Number.NaN };
    const dimension = parts.reduce((sum, { length }) => sum + length / count, 0);
    const points = new Float64Array(count * dimension);
    let offset = 0;
    for (const { name, length } of parts) {
      const columns = length / count;
      for (let i = 0; i < count; i += 1) {
        for (let k = 0; k < columns; k += 1) points[i * dimension + offset + k] = arrays[name][i * columns + k];
      }
      offset += columns;
    }
    const estimate = nearestNeighbourEntropy(points, dimension, { neighbours });
    value += estimate.value;
    squares += estimate.error * estimate.error;
  }
  return { value, error: Math.sqrt(squares) };
}
