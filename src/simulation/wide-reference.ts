import { type BuiltPlan, buildPlan, type StepPlan } from "../dynamics/index.ts";
import { type CouplingTerms, couplingOnSamples, couplingTerms } from "../error-budget/index.ts";
import { coupledStart, referenceNetwork, sharedCorrection, type WideCouplingSpec } from "../limits/index.ts";
import { type Network, type Particles, particlesOn } from "../networks/index.ts";
import type { RootSeed } from "../numerics/random/index.ts";
import type { EvaluationRays, EvaluationSamples } from "./evaluation-points.ts";
import { limitNames } from "./limit-track.ts";
import type { Measurement, Meter } from "./measure.ts";
import type { Replica } from "./replica.ts";
import type { SimulationState } from "./state.ts";

/** A wide reference beside a simulation: the same plan for a wider network. */
export interface WideReference {
  /** The simulation's plan, the network apart: same keys, so the same samples at every step. */
  readonly built: BuiltPlan;
  readonly network: Network;
  /** 1 - m/M, or null; see `sharedCorrection`. */
  readonly correction: number | null;
}

/** The reference that `spec` describes beside the simulation of `built`. Throws `invalid-value` for widths out of range. */
export function planReference(spec: WideCouplingSpec, built: BuiltPlan): WideReference {
  const network = referenceNetwork(spec, built.network);
  return {
    built: buildPlan({ ...built.plan, network: network.spec }, built.target),
    network,
    correction: sharedCorrection(built.network, network),
  };
}

/** The reference's state at time 0, rounded as the network's own. */
export function startBeside(
  { network }: WideReference,
  initial: Particles,
  seed: RootSeed,
  replica: Replica,
  { precision, dynamics }: StepPlan,
): SimulationState["reference"] {
  const particles = coupledStart(initial, network, seed, replica.start).buffer;
  if (precision === "float32") particles.set(Float32Array.from(particles));
  return { particles, moments: new Float64Array(dynamics.moments === null ? 0 : 2 * particles.length) };
}

/**
 * `meter` with what a wide reference adds: the gap, raw and corrected, and the reference's own observables under `limit...`, its loss as `limitLoss`.
 * The reference is looked at on the points of the record's other terms.
 */
export function meterBeside(
  meter: Meter,
  network: Network,
  { network: wide, correction }: WideReference,
  points: EvaluationRays | EvaluationSamples,
): Meter {
  return (particles, state) => {
    const measurement = meter(particles, state);
    if (state.reference === null) return measurement;
    const reference = particlesOn(wide.layout, state.reference.particles);
    if (points.kind === "samples") {
      const terms = couplingOnSamples(
        valuesAt(points, network, particles),
        valuesAt(points, wide, reference),
        points.targets,
      );
      return withTerms(measurement, terms, wide.observe(reference, null));
    }
    const { set, measure, target } = points;
    const bundle = network.along(particles, set.directions, set.count);
    const wideBundle = wide.along(reference, set.directions, set.count);
    const isExact = network.sphericalMean(particles).pieces !== null;
    const terms = couplingTerms(bundle, wideBundle, target, measure, set, isExact);
    return withTerms(measurement, terms, wide.observe(reference, wideBundle));
  };

  function withTerms(
    { loss, budget, observables }: Measurement,
    { gap, referenceLoss }: CouplingTerms,
    observed: Record<string, number>,
  ): Measurement {
    const corrected = correction === null ? null : { value: gap.value / correction, error: gap.error / correction };
    return {
      loss,
      budget: { ...budget, trajectoryGap: gap, correctedTrajectoryGap: corrected },
      observables: { ...observables, ...limitNames(observed), limitLoss: referenceLoss.value },
    };
  }
}

function valuesAt({ points, count }: EvaluationSamples, network: Network, particles: Particles): Float64Array {
  const values = new Float64Array(count);
  network.evaluate(particles, points, count, values);
  return values;
}
