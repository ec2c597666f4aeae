import {
  type JsonObject,
  laws,
  networks,
  type RunContext,
  type Simulation,
  type SimulationRecord,
  targets,
} from "meanfield";
import { learnedProfile } from "../networks-compared/learned-profile.ts";
import { largestSplitError } from "../networks-compared/split-error.ts";
import { type NetworkName, simulationOptions } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** Widths above which the exact variance of F, quadratic in the width, would cost more than the simulation. */
const largestExactWidth = 2048;

export async function runNetwork(context: RunContext<Values>, name: NetworkName): Promise<JsonObject> {
  const { parameters: values } = context;
  const isBottleneck = name === "bottleneck";
  const options = simulationOptions(values, name);
  const { records, simulation } = await context.simulate({
    ...options,
    ...(isBottleneck && values.firstLayerWidth <= largestExactWidth
      ? {
          observe: {
            exactRelativeVariance: ({ particles }) => networks.relativeVariance(particles.arrays.w, values.dimension),
          },
        }
      : {}),
  });
  const last = records[records.length - 1];
  const { budget, observables } = last;
  for (const array of simulation.particles().layout.arrays) {
    context.saveArray(array.name, simulation.particles().arrays[array.name], array.shape);
  }
  const law = laws.buildLaw(options.problem.law);
  const target = targets.buildTarget(options.problem.target);
  return {
    loss: last.loss,
    lossError: last.lossError,
    meanField: budget.meanField?.value ?? null,
    cross: budget.cross?.value ?? null,
    crossCentred: budget.crossCentred?.value ?? null,
    discretization: budget.discretization?.value ?? null,
    nullLoss: finiteOrNull(targets.nullLoss(law, target)),
    limitLoss: observables.limitLoss ?? null,
    trajectoryGap: budget.trajectoryGap?.value ?? null,
    timeStep: budget.timeStep?.value ?? null,
    parameters: simulation.network.size,
    time: last.time,
    ...(simulation.stepChoice === null
      ? {}
      : {
          steps: simulation.stepChoice.steps,
          stepSize: simulation.stepChoice.stepSize,
          largestTimeStepError: simulation.stepChoice.timeStepError,
        }),
    ...(isBottleneck
      ? {
          alpha: observables.alpha ?? null,
          limitAlpha: observables.limitAlpha ?? null,
          v: observables.v ?? null,
          b: observables.b ?? null,
          limitV: observables.limitV ?? null,
          limitB: observables.limitB ?? null,
          relativeVariance: observables.relativeVariance ?? null,
          deadAtoms: law.radius === null ? null : deadAtoms(simulation, law.radius, number(observables.alpha)),
        }
      : {}),
    // What the claims need of the whole run.
    splitError: largestSplitError(records),
    ...(isBottleneck ? trajectoryFacts(records, values.firstLayerWidth) : {}),
    profile: learnedProfile(simulation, {
      key: name,
      name: isBottleneck ? "3-layer bottleneck" : "2-layer",
      dimension: values.dimension,
      outermost: Math.max(1.6, law.radius?.quantile(0.98) ?? 2),
    }) as unknown as JsonObject,
  };
}

/** Mass of |x| below an atom's kink under which the atom is as good as dead: gradients hardly reach it. */
const deadMass = 1e-6;

/** Second-layer neurons that are off on all but `deadMass` of the inputs: those with v < 0 whose kink -b/(v alpha) lies in the law's void. */
function deadAtoms(simulation: Simulation, radius: laws.RadialDistribution, alpha: number): number {
  const { v, b } = simulation.particles().arrays;
  let dead = 0;
  for (let j = 0; j < v.length; j += 1) {
    const isOff = v[j] < 0 ? radius.cdf(Math.max(0, -b[j] / (v[j] * alpha))) < deadMass : v[j] === 0 && b[j] <= 0;
    if (isOff) dead += 1;
  }
  return dead;
}

/** How the first layer followed its limit, and how its error moved. */
function trajectoryFacts(records: readonly SimulationRecord[], width: number): JsonObject {
  const gaps = records.map(({ observables }) =>
    Math.abs(Number(observables.alpha ?? Number.NaN) - Number(observables.limitAlpha ?? Number.NaN)),
  );
  const variances = records.map(
    ({ observables }) => observables.exactRelativeVariance ?? observables.relativeVariance ?? null,
  );
  const discretization = records.map(({ budget }) => budget.discretization?.value ?? null);
  const measured = discretization.every((value) => value !== null) ? (discretization as number[]) : null;
  const peak = measured === null ? null : measured.indexOf(Math.max(...measured));
  return {
    scaledAlphaGap: gaps.every(Number.isFinite) ? width * Math.max(...gaps) : null,
    largestVarianceRise: variances.every((value) => value !== null) ? largestRise(variances as number[]) : null,
    firstDiscretization: measured?.[0] ?? null,
    peakDiscretization: measured === null || peak === null ? null : measured[peak],
    peakTime: peak === null ? null : records[peak].time,
    peakIsInside: peak === null ? null : peak > 0 && peak < records.length - 1,
  };
}

/** Largest relative rise between two neighbours; negative if all fall. */
function largestRise(values: readonly number[]): number {
  return Math.max(...values.slice(1).map((value, index) => value / values[index] - 1));
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function number(value: number | null | undefined): number {
  if (typeof value === "number") return value;
  throw new TypeError("an observable of the bottleneck network is missing");
}
