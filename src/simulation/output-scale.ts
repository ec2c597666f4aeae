import type { ErrorBudget, Measured } from "../error-budget/index.ts";
import { invalidValue, MeanfieldError } from "../errors.ts";
import type { Law } from "../laws/law.ts";
import type { Network, Particles } from "../networks/index.ts";
import { deriveKey } from "../numerics/random/index.ts";
import { buildTarget, scaled } from "../targets/index.ts";
import type { Target } from "../targets/target.ts";
import type { Meter } from "./measure.ts";

/**
 * The output scale gamma of Chizat, Oyallon, Bach (2019): gamma f is to learn f*, at the loss (1/gamma^2) 1/2 E(gamma f - f*)^2.
 *
 * That loss is 1/2 E(f - f* / gamma)^2: the scaled simulation is the plain one of f on the target f* / gamma, the limit's too, and what is reported of
 * gamma f is gamma^2 times what is measured of f. So no step and no limit knows of the scale.
 */

/** The scale, checked. Throws `invalid-value`. */
export function checkedOutputScale(scale: number): number {
  if (scale >= 1e-9 && scale <= 1e9) return scale;
  throw invalidValue("outputScale", "a number in [1e-9, 1e9]", scale);
}

/** f* / gamma, which f itself learns. */
export function learnedTarget(target: Target, outputScale: number): Target {
  return outputScale === 1 ? target : buildTarget(scaled(target.spec, 1 / outputScale));
}

/** Points at which a start is looked at. */
const probes = 64;
/** Largest |gamma f| that counts as rounding. */
const rounding = 1e-9;

/**
 * Throws `unsupported-combination` unless gamma f = 0 at the start: what is not 0 would be multiplied by gamma, and no kernel regime would be reached.
 */
export function requireZeroStart(network: Network, law: Law, initial: Particles, outputScale: number): void {
  if (outputScale === 1) return;
  const points = new Float64Array(probes * law.dimension);
  const streams = { directions: deriveKey("start", "probes"), radii: deriveKey("start", "probes", "radii") };
  law.sample(points, { first: 0, count: probes, step: 0, replica: 0 }, streams);
  const values = new Float64Array(probes);
  network.evaluate(initial, points, probes, values);
  const largest = outputScale * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest <= rounding) return;
  const { kind } = network.spec;
  const ways = {
    dense: 'set outputStart: "zero" on networks.dense',
    "two-layer": "leave out `start`: the two-layer network's own start is 0",
    bottleneck: 'its own start never is 0; use networks.twoLayer, or networks.dense with outputStart: "zero"',
  };
  throw new MeanfieldError(
    "unsupported-combination",
    `outputScale: expected 1, or a network that starts as f = 0, got ${outputScale} with a ${kind} network whose output starts as large as ${largest.toPrecision(3)}; ${ways[kind]}`,
    { path: "outputScale", expected: "1, or a start with f = 0", got: String(outputScale), suggestion: ways[kind] },
  );
}

/** Observables that are losses, or energies that hold one. */
const lossObservables = ["limitLoss"];

/** The meter of gamma f from the meter of f on f* / gamma: every loss and every part of one times gamma^2. */
export function scaledMeter(meter: Meter, outputScale: number): Meter {
  if (outputScale === 1) return meter;
  const factor = outputScale * outputScale;
  return (particles, state) => {
    const { loss, budget, observables } = meter(particles, state);
    for (const name of lossObservables) {
      const value = observables[name];
      if (typeof value === "number") observables[name] = factor * value;
    }
    return { loss: scaledTerm(loss, factor), budget: scaledTerms(budget, factor), observables };
  };
}

function scaledTerm({ value, error }: Measured, factor: number): Measured {
  return { value: factor * value, error: factor * error };
}

/** Every term of a budget, at any depth; null stays null. */
function scaledTerms<Terms extends object>(terms: Terms, factor: number): Terms {
  const entries = Object.entries(terms).map(([name, term]: [string, Measured | ErrorBudget["trajectory"]]) => {
    if (term === null) return [name, null];
    return [name, "value" in term ? scaledTerm(term, factor) : scaledTerms(term, factor)];
  });
  return Object.fromEntries(entries) as Terms;
}
