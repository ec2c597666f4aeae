import { MeanfieldError } from "../../errors.ts";
import type { SimulationSetting, SimulationView } from "../options.ts";
import { type SampleSet, trainingSetOf } from "../training-set.ts";

/**
 * An observable: the loss on the fixed training set, (1/2n) sum_s (gamma f(x_s) - f*(x_s))^2, gamma the output scale. (A record's own `loss` is that of the
 * law.) Needs `dynamics.fixedSamples`; a simulation without it fails with `unsupported-combination`.
 */
export function trainingLoss(): (view: SimulationView) => number {
  const sets = new WeakMap<SimulationSetting, SampleSet>();
  return ({ particles, setting }) => {
    const { expectation } = setting.dynamics;
    if (expectation?.kind !== "fixed-samples") {
      const got = expectation === null ? "none" : expectation.kind;
      throw new MeanfieldError(
        "unsupported-combination",
        `expectation: expected fixed-samples, whose points are a training set, got ${got}`,
        { path: "expectation", expected: "fixed-samples", got },
      );
    }
    let set = sets.get(setting);
    if (set === undefined) {
      set = trainingSetOf(setting.law, setting.target, expectation.samples, setting.seed, setting.replica.samples);
      sets.set(setting, set);
    }
    const { points, targets, count } = set;
    const values = new Float64Array(count);
    setting.network.evaluate(particles, points, count, values);
    let sum = 0;
    for (let s = 0; s < count; s += 1) sum += (setting.outputScale * values[s] - targets[s]) ** 2;
    return sum / (2 * count);
  };
}
