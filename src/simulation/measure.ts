import {
  type ErrorBudget,
  type Measured,
  measureSplits,
  type Split,
  staticSplit,
  trajectoryGap,
  trajectorySplit,
} from "../error-budget/index.ts";
import type { Network, Particles, RayBundle } from "../networks/index.ts";
import { mean, standardError } from "../numerics/index.ts";
import type { EvaluationRays, EvaluationSamples } from "./evaluation-points.ts";
import type { LimitTrack } from "./limit-track.ts";
import type { SimulationState } from "./state.ts";

export interface Measurement {
  readonly loss: Measured;
  readonly budget: ErrorBudget;
  readonly observables: Record<string, number | null>;
}

/** Measures a state: the loss, its split, and the network's observables. */
export type Meter = (particles: Particles, state: SimulationState) => Measurement;

const nothingMeasured: ErrorBudget = Object.freeze({
  meanField: null,
  cross: null,
  crossCentred: null,
  discretization: null,
  timeStep: null,
  sampling: null,
  trajectoryGap: null,
  correctedTrajectoryGap: null,
  trajectory: null,
});

/**
 * The meter of a simulation: along rays with the radius integrated where law and target are radial, on samples of the law elsewhere. Along rays the
 * radius is integrated exactly where everything is piecewise linear; where the network (of a smooth activation) or its spherical mean is not, loss
 * and split share one Gauss rule.
 */
export function createMeter(
  network: Network,
  evaluationPoints: EvaluationRays | EvaluationSamples,
  track: LimitTrack | null,
): Meter {
  if (evaluationPoints.kind === "samples") return sampleMeter(network, evaluationPoints);
  const { set, measure, target: profile } = evaluationPoints;
  return (particles, state) => {
    const bundle = network.along(particles, set.directions, set.count);
    const [split, terms] = measureSplits(
      bundle,
      [staticSplit(bundle, network.sphericalMean(particles), profile), trajectoryTerms(bundle, state)],
      measure,
      set,
    );
    const observables = network.observe(particles, bundle);
    const budget: ErrorBudget = {
      ...nothingMeasured,
      meanField: split.meanField,
      cross: split.cross,
      crossCentred: split.crossCentred,
      discretization: split.discretization,
      ...terms,
    };
    if (track !== null && state.stepped !== null) {
      const best = state.exact?.y ?? state.stepped;
      Object.assign(observables, track.observe(state.stepped), { limitLoss: track.loss(best) });
    }
    return { loss: split.loss, budget, observables };
  };

  function trajectoryTerms(bundle: RayBundle, { stepped, exact }: SimulationState): Split<Partial<ErrorBudget>> {
    if (track === null || stepped === null) return { chains: [], terms: () => ({}) };
    if (exact === null) {
      const { chains, terms } = trajectoryGap(bundle, track.profile(stepped));
      return { chains, terms: (means) => ({ trajectoryGap: terms(means) }) };
    }
    const { chains, terms } = trajectorySplit(bundle, track.profile(stepped), track.profile(exact.y), profile);
    return {
      chains,
      terms(means) {
        const trajectory = terms(means);
        return { trajectory, trajectoryGap: trajectory.gap, timeStep: trajectory.timeStep };
      },
    };
  }
}

/** Without rays only the loss is measured: the mean over samples of the law, with its standard error. */
function sampleMeter(network: Network, { points, count, targets }: EvaluationSamples): Meter {
  const values = new Float64Array(count);
  return (particles) => {
    network.evaluate(particles, points, count, values);
    for (let s = 0; s < count; s += 1) values[s] = 0.5 * (values[s] - targets[s]) ** 2;
    const loss = { value: mean(values), error: standardError(values) };
    return { loss, budget: nothingMeasured, observables: network.observe(particles, null) };
  };
}
