import { invalidValue, MeanfieldError, nearestName } from "../errors.ts";
import { type DirectionArrangement, directionArrangements, groupSize } from "../numerics/directions.ts";
import { integrators } from "../numerics/runge-kutta.ts";
import type { AdamMoments } from "./adam.ts";

/** How particles move: plain frozen data. */
export interface DynamicsSpec {
  readonly kind: "gradient-descent" | "adam";
  /** Explicit scheme; `euler` is gradient descent. */
  readonly integrator: "euler" | "heun" | "rungeKutta4";
  /** eta in units of mean-field time, (0, 1000]. */
  readonly stepSize: number;
  readonly schedule: StepSizeSchedule;
  readonly steps: number;
  /** Null: radial-exact where law, target and network allow it, sgd elsewhere. */
  readonly expectation: ExpectationSpec | null;
  /** Factors on the velocities of the layers; 0 freezes a layer. */
  readonly layerSpeeds: LayerSpeeds;
  /** Largest mean-field norm of one example's gradient, sgd only; null for none. */
  readonly clip: number | null;
  /** Adam's coefficients; null for every other kind. */
  readonly moments: AdamMoments | null;
}

/** Factors on the velocities of the layers, in [0, 1e6]; 0 freezes a layer. A network's `layers` says which of its arrays belong to which. */
export interface LayerSpeeds {
  /** @default 1 */
  readonly first: number;
  /** @default 1 */
  readonly second: number;
  /** Only the dense network has a third layer. @default 1 */
  readonly third: number;
}

/** eta_k = stepSize * factor(k): 1; (1 + k/after)^(-exponent); or linear from 1 down to `to` at the last step. */
export type StepSizeSchedule =
  | { readonly kind: "constant" }
  | { readonly kind: "power"; readonly after: number; readonly exponent: number }
  | { readonly kind: "linear"; readonly to: number };

/**
 * How the expectation over inputs is taken: `sgd`, fresh samples each step; `radial-exact`, fresh directions each step and the radius integrated
 * exactly; `population`, one fixed set of directions and the radius exact.
 */
export type ExpectationSpec =
  | { readonly kind: "sgd"; readonly batch: number }
  | {
      readonly kind: "radial-exact" | "population";
      /** Null: the smallest number of whole groups with at least 128 directions. */
      readonly directions: number | null;
      /** Null: antithetic frames up to d = 128, antithetic pairs beyond. */
      readonly arrangement: DirectionArrangement | null;
    };

/** The number of directions that null means in R^dimension: the smallest multiple of the arrangement's group that is at least 128. */
export function defaultDirections(arrangement: DirectionArrangement, dimension: number): number {
  const size = groupSize(arrangement, dimension);
  return Math.ceil(128 / size) * size;
}

/** Velocities that one step of the dynamics takes. */
export function stageCount(dynamics: DynamicsSpec): number {
  return integrators[dynamics.integrator].weights.length;
}

export interface GradientDescentOptions {
  readonly stepSize: number;
  readonly steps: number;
  /** @default { kind: "constant" } */
  readonly schedule?: StepSizeSchedule;
  /** @default radial-exact where law, target and network allow it, sgd elsewhere */
  readonly expectation?: ExpectationSpec;
  /** @default all 1 */
  readonly layerSpeeds?: Partial<LayerSpeeds>;
  /** @default null */
  readonly clip?: number | null;
}

/** Gradient descent theta <- theta - eta m dL/dtheta: the explicit Euler scheme of the mean-field flow, in any expectation mode. */
export function gradientDescent(options: GradientDescentOptions): DynamicsSpec {
  return resolveDynamics({ ...options, integrator: "euler" });
}

/**
 * The mean-field flow by an explicit scheme: Euler (order 1), Heun (2) or classical Runge-Kutta (4), in population mode, where the right-hand
 * side does not change from step to step.
 */
export function flow(
  options: GradientDescentOptions & { readonly integrator?: DynamicsSpec["integrator"] },
): DynamicsSpec {
  const expectation = options.expectation ?? population();
  const integrator = options.integrator ?? "rungeKutta4";
  if (integrator !== "euler" && expectation.kind !== "population") {
    throw new MeanfieldError(
      "unsupported-combination",
      `expectation: ${integrator} needs population, got ${expectation.kind}; its order is lost when every stage sees other points`,
      { path: "expectation", expected: "population", got: expectation.kind },
    );
  }
  return resolveDynamics({ ...options, expectation, integrator });
}

/** `batch` fresh samples of the law at each step, each counting 1/batch; batch in [1, 2^24]. Throws `invalid-value`. */
export function sgd(options: { readonly batch: number }): ExpectationSpec {
  checkCount("batch", options.batch);
  return Object.freeze({ kind: "sgd", batch: options.batch });
}

/** Fresh directions at each step, the radius integrated exactly: no noise of heavy tails. Throws `invalid-value`. */
export function radialExact(options: RadialOptions = {}): ExpectationSpec {
  return radial("radial-exact", options);
}

/** One fixed set of directions for the whole run, the radius integrated exactly: a flow without noise. Throws `invalid-value`. */
export function population(options: RadialOptions = {}): ExpectationSpec {
  return radial("population", options);
}

interface RadialOptions {
  /** Directions a step, exactly so many: the last group of the arrangement may be a part of one. @default null: whole groups, at least 128 directions */
  readonly directions?: number | null;
  /** @default null: antithetic frames up to d = 128, antithetic pairs beyond */
  readonly arrangement?: DirectionArrangement | null;
}

function radial(kind: "radial-exact" | "population", options: RadialOptions): ExpectationSpec {
  const directions = options.directions ?? null;
  if (directions !== null) checkCount("directions", directions);
  const arrangement = options.arrangement ?? null;
  if (arrangement !== null && !directionArrangements.includes(arrangement)) {
    const nearest = nearestName(arrangement, directionArrangements);
    throw invalidValue(
      "arrangement",
      `one of ${directionArrangements.join(", ")}`,
      arrangement,
      nearest === null ? undefined : `did you mean "${nearest}"?`,
    );
  }
  return Object.freeze({ kind, directions, arrangement });
}

/** Fills in the defaults of any kind of dynamics. Throws `invalid-value` and `unsupported-combination`. */
export function resolveDynamics(
  options: GradientDescentOptions & Pick<DynamicsSpec, "integrator">,
  moments: AdamMoments | null = null,
): DynamicsSpec {
  const { stepSize, steps, integrator } = options;
  if (!(stepSize > 0 && stepSize <= 1000)) throw invalidValue("stepSize", "a number in (0, 1000]", stepSize);
  if (!(Number.isSafeInteger(steps) && steps >= 0)) throw invalidValue("steps", "an integer >= 0", steps);
  if (!Object.hasOwn(integrators, integrator)) {
    throw invalidValue("integrator", `one of ${Object.keys(integrators).join(", ")}`, integrator);
  }
  const schedule = options.schedule ?? { kind: "constant" };
  if (!["constant", "power", "linear"].includes(schedule.kind)) {
    throw invalidValue("schedule", "a kind of constant, power or linear", schedule);
  }
  if (schedule.kind === "power" && !(schedule.after > 0 && schedule.exponent >= 0 && schedule.exponent <= 2)) {
    throw invalidValue("schedule", "power with after > 0 and exponent in [0, 2]", schedule);
  }
  if (schedule.kind === "linear" && !(schedule.to >= 0 && schedule.to <= 1)) {
    throw invalidValue("schedule", "linear with to in [0, 1]", schedule);
  }
  const layerSpeeds = { first: 1, second: 1, third: 1, ...options.layerSpeeds };
  for (const name of ["first", "second", "third"] as const) {
    const speed = layerSpeeds[name];
    if (!(speed >= 0 && speed <= 1e6)) throw invalidValue(`layerSpeeds.${name}`, "a number in [0, 1e6]", speed);
  }
  const clip = options.clip ?? null;
  if (clip !== null && !(clip > 0 && clip <= 1e12)) throw invalidValue("clip", "a number in (0, 1e12] or none", clip);
  const expectation = options.expectation ?? null;
  if (clip !== null && expectation !== null && expectation.kind !== "sgd") {
    throw new MeanfieldError(
      "unsupported-combination",
      `clip: per-example clipping needs expectation=sgd, got ${expectation.kind}, where the radius is integrated and no single example exists`,
      { path: "clip", expected: "expectation=sgd", got: expectation.kind },
    );
  }
  return Object.freeze({
    kind: moments === null ? "gradient-descent" : "adam",
    integrator,
    stepSize,
    steps,
    schedule: Object.freeze({ ...schedule }),
    expectation,
    layerSpeeds: Object.freeze(layerSpeeds),
    clip,
    moments,
  });
}

function checkCount(name: string, value: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= 2 ** 24)) {
    throw invalidValue(name, "an integer in [1, 16777216]", value);
  }
}
