import { invalidValue, MeanfieldError, nearestName } from "../errors.ts";
import { type DirectionArrangement, directionArrangements, groupSize } from "../numerics/directions.ts";
import { integrators } from "../numerics/runge-kutta.ts";
import type { AdamMoments } from "./adam.ts";
import { type FixedSamplesSpec, hasFixedPoints, isSampled } from "./fixed-samples.ts";
import {
  checkSchedule,
  type GivenStepSize,
  resolveTolerance,
  type StepSizeByTolerance,
  type StepSizeSchedule,
  stepsOf,
} from "./step-size.ts";

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
  /** Largest mean-field norm of one example's gradient, on samples only; null for none. */
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

/**
 * Dynamics whose step size `simulate` chooses before the first step: the largest with which, at every record and at 40 times spread evenly in
 * log(1 + step), the limit stepped by the same scheme stays near the exact one,
 *
 *   sqrt(E(f_(inf,eta) - f_(inf,0))^2) <= tolerance sqrt(E(f_(inf,0) - f*)^2),
 *
 * so that the budget's time-step term is at most tolerance^2 times the limit's loss, and the two limits' losses differ by a factor within
 * (1 +- tolerance)^2. Differences below a hundred times the tolerance of the exact limit count as none. Needs a limit.
 */
export interface ToleranceSpec extends Omit<DynamicsSpec, "stepSize" | "steps"> {
  readonly stepSize: null;
  readonly steps: null;
  readonly tolerance: number;
  /** Mean-field time at which the run ends. */
  readonly time: number;
  /** Steps that the run may take at most. */
  readonly maximumSteps: number;
}

/** Dynamics with steps that are known, or still to be chosen. */
export type DynamicsPlan = DynamicsSpec | ToleranceSpec;

/** The dynamics that a plan becomes with the step size and the number of steps that were chosen for it. */
export function withSteps(plan: ToleranceSpec, stepSize: number, steps: number): DynamicsSpec {
  const { tolerance: _tolerance, time: _time, maximumSteps: _maximumSteps, ...rest } = plan;
  return Object.freeze({ ...rest, stepSize, steps });
}

/**
 * How the expectation over inputs is taken: `sgd`, fresh samples each step; `radial-exact`, fresh directions each step and the radius integrated
 * exactly; `population`, one fixed set of directions and the radius exact; `fixed-samples`, one fixed set of samples.
 */
export type ExpectationSpec =
  | { readonly kind: "sgd"; readonly batch: number }
  | FixedSamplesSpec
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

/** What dynamics have besides their step size. */
export interface MotionOptions {
  /** @default { kind: "constant" } */
  readonly schedule?: StepSizeSchedule;
  /** @default radial-exact where law, target and network allow it, sgd elsewhere */
  readonly expectation?: ExpectationSpec;
  /** @default all 1 */
  readonly layerSpeeds?: Partial<LayerSpeeds>;
  /** @default null */
  readonly clip?: number | null;
}

export type GradientDescentOptions = MotionOptions & GivenStepSize;
/** With a tolerance in place of a step size. */
export type ToleranceOptions = MotionOptions & StepSizeByTolerance;

interface FlowOptions {
  /** @default rungeKutta4 */
  readonly integrator?: DynamicsSpec["integrator"];
}

/**
 * Gradient descent theta <- theta - eta m dL/dtheta: the explicit Euler scheme of the mean-field flow, in any expectation mode. With a `tolerance`
 * the step size is chosen from the limit (`ToleranceSpec`). Throws `invalid-value`, `unsupported-combination`.
 */
export function gradientDescent(options: GradientDescentOptions): DynamicsSpec;
export function gradientDescent(options: ToleranceOptions): ToleranceSpec;
export function gradientDescent(options: GradientDescentOptions | ToleranceOptions): DynamicsPlan;
export function gradientDescent(options: GradientDescentOptions | ToleranceOptions): DynamicsPlan {
  return resolveDynamics({ ...options, integrator: "euler" });
}

/**
 * The mean-field flow by an explicit scheme: Euler (order 1), Heun (2) or classical Runge-Kutta (4), on fixed directions (population) or fixed
 * samples, where the right-hand side does not change from step to step. With a `tolerance` as for gradient descent.
 */
export function flow(options: GradientDescentOptions & FlowOptions): DynamicsSpec;
export function flow(options: ToleranceOptions & FlowOptions): ToleranceSpec;
export function flow(options: (GradientDescentOptions | ToleranceOptions) & FlowOptions): DynamicsPlan;
export function flow(options: (GradientDescentOptions | ToleranceOptions) & FlowOptions): DynamicsPlan {
  const expectation = options.expectation ?? population();
  const integrator = options.integrator ?? "rungeKutta4";
  if (integrator !== "euler" && !hasFixedPoints(expectation)) {
    throw new MeanfieldError(
      "unsupported-combination",
      `expectation: ${integrator} needs population or fixed-samples, got ${expectation.kind}; its order is lost when every stage sees other points`,
      { path: "expectation", expected: "population or fixed-samples", got: expectation.kind },
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

/** What any kind of dynamics is made of, its step size given or by tolerance. */
type AnyOptions = (GradientDescentOptions | ToleranceOptions) & Required<FlowOptions>;
type GivenOptions = GradientDescentOptions & Required<FlowOptions>;

/** Fills in the defaults of any kind of dynamics. Throws `invalid-value` and `unsupported-combination`. */
export function resolveDynamics(options: GivenOptions, moments?: AdamMoments): DynamicsSpec;
export function resolveDynamics(options: AnyOptions): DynamicsPlan;
export function resolveDynamics(options: AnyOptions, moments: AdamMoments | null = null): DynamicsPlan {
  const { integrator } = options;
  const schedule = options.schedule ?? { kind: "constant" };
  checkSchedule(schedule);
  const byTolerance = "tolerance" in options && options.tolerance !== undefined;
  const pace = byTolerance
    ? { stepSize: null, steps: null, ...resolveTolerance(options, schedule) }
    : stepsOf(options as GivenStepSize, schedule);
  if (!Object.hasOwn(integrators, integrator)) {
    throw invalidValue("integrator", `one of ${Object.keys(integrators).join(", ")}`, integrator);
  }
  const layerSpeeds = { first: 1, second: 1, third: 1, ...options.layerSpeeds };
  for (const name of ["first", "second", "third"] as const) {
    const speed = layerSpeeds[name];
    if (!(speed >= 0 && speed <= 1e6)) throw invalidValue(`layerSpeeds.${name}`, "a number in [0, 1e6]", speed);
  }
  const clip = options.clip ?? null;
  if (clip !== null && !(clip > 0 && clip <= 1e12)) throw invalidValue("clip", "a number in (0, 1e12] or none", clip);
  const expectation = options.expectation ?? null;
  if (clip !== null && expectation !== null && !isSampled(expectation)) {
    throw new MeanfieldError(
      "unsupported-combination",
      `clip: per-example clipping needs expectation=sgd or fixed-samples, got ${expectation.kind}, where the radius is integrated and no single example exists`,
      { path: "clip", expected: "expectation=sgd or fixed-samples", got: expectation.kind },
    );
  }
  return Object.freeze({
    kind: moments === null ? "gradient-descent" : "adam",
    integrator,
    ...pace,
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
