import { invalidValue, MeanfieldError } from "../errors.ts";
import { integrators } from "../numerics/runge-kutta.ts";
import type { AdamMoments } from "./adam-step.ts";
import { type ExpectationSpec, population } from "./expectation.ts";
import { hasFixedPoints, isSampled } from "./fixed-samples.ts";
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
  readonly kind: "gradient-descent" | "langevin" | "adam";
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
  /** Layers (`first`, `second`, `third`) and particle arrays (`w`, `a`, ...) that do not move. */
  readonly freeze: readonly string[];
  /** Largest mean-field norm of one example's gradient, on samples only; null for none. */
  readonly clip: number | null;
  /** Adam's coefficients; null for every other kind. */
  readonly moments: AdamMoments | null;
  /** tau >= 0 of the noise sqrt(2 tau) dB on every particle; 0 for none. */
  readonly temperature: number;
  /** lambda >= 0 of the decay -lambda theta; 0 for none. */
  readonly weightDecay: number;
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
 * Dynamics whose step size `simulate` chooses before the first step: the largest with which, at every record from the time `from` on and at 40 times spread evenly
 * in log(1 + step), the limit stepped by the same scheme stays near the exact one,
 *
 *   sqrt(E(f_(inf,eta) - f_(inf,0))^2) <= tolerance sqrt(E(f_(inf,0) - f*)^2),
 *
 * so that the budget's time-step term is at most tolerance^2 times the limit's loss, and the two limits' losses differ by a factor within
 * (1 +- tolerance)^2. Differences (root mean square) below 1e-8, or a hundred times the tolerance of the exact limit, count as none. Needs a limit.
 */
export interface ToleranceSpec extends Omit<DynamicsSpec, "stepSize" | "steps"> {
  readonly stepSize: null;
  readonly steps: null;
  readonly tolerance: number;
  /** Mean-field time at which the run ends. */
  readonly time: number;
  /** Mean-field time from which on the tolerance must hold. */
  readonly from: number;
  /** Steps that the run may take at most. */
  readonly maximumSteps: number;
}

/** Dynamics with steps that are known, or still to be chosen. */
export type DynamicsPlan = DynamicsSpec | ToleranceSpec;

/** The dynamics that a plan becomes with the step size and the number of steps that were chosen for it. */
export function withSteps(plan: ToleranceSpec, stepSize: number, steps: number): DynamicsSpec {
  const { tolerance: _tolerance, time: _time, from: _from, maximumSteps: _maximumSteps, ...rest } = plan;
  return Object.freeze({ ...rest, stepSize, steps });
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
  /** Layers or particle arrays by name that do not move: no velocity, decay or noise. @default none */
  readonly freeze?: readonly string[];
  /** @default null */
  readonly clip?: number | null;
}

/** With the penalty (lambda/2) E|theta|^2 beside the loss. */
export interface DecayOptions {
  /** lambda in [0, 1e6]: theta decays by lambda theta, times its layer's speed. @default 0 */
  readonly weightDecay?: number;
}

export type GradientDescentOptions = MotionOptions & GivenStepSize & DecayOptions;
/** With a tolerance in place of a step size. */
export type ToleranceOptions = MotionOptions & StepSizeByTolerance;

interface FlowOptions {
  /** @default rungeKutta4 */
  readonly integrator?: DynamicsSpec["integrator"];
}

/**
 * Gradient descent theta <- theta - eta (m dL/dtheta + weightDecay theta): the explicit Euler scheme of the mean-field flow, in any expectation
 * mode. With a `tolerance` the step size is chosen from the limit (`ToleranceSpec`). Throws `invalid-value`, `unsupported-combination`.
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
export function flow(options: MotionOptions & GivenStepSize & FlowOptions): DynamicsSpec;
export function flow(options: ToleranceOptions & FlowOptions): ToleranceSpec;
export function flow(options: MotionOptions & (GivenStepSize | StepSizeByTolerance) & FlowOptions): DynamicsPlan;
export function flow(options: MotionOptions & (GivenStepSize | StepSizeByTolerance) & FlowOptions): DynamicsPlan {
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

/** What any kind of dynamics is made of, its step size given or by tolerance. */
type AnyOptions = MotionOptions & (GivenStepSize | StepSizeByTolerance) & Required<FlowOptions> & DecayOptions;
type GivenOptions = MotionOptions & GivenStepSize & Required<FlowOptions> & DecayOptions;
/** What sets a kind of dynamics apart. */
type Kind = Partial<Pick<DynamicsSpec, "kind" | "moments" | "temperature">>;

/** Fills in the defaults of any kind of dynamics. Throws `invalid-value` and `unsupported-combination`. */
export function resolveDynamics(options: GivenOptions, kind?: Kind): DynamicsSpec;
export function resolveDynamics(options: AnyOptions, kind?: Kind): DynamicsPlan;
export function resolveDynamics(options: AnyOptions, kind: Kind = {}): DynamicsPlan {
  const { integrator, freeze = [] } = options;
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
  if (!(Array.isArray(freeze) && freeze.every((name) => typeof name === "string"))) {
    throw invalidValue("freeze", "a list of names of layers or particle arrays", freeze);
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
  const temperature = checkedStrength("temperature", kind.temperature ?? 0);
  const weightDecay = checkedStrength("weightDecay", options.weightDecay ?? 0);
  checkDecay(weightDecay, integrator, pace.stepSize, layerSpeeds);
  return Object.freeze({
    kind: kind.kind ?? "gradient-descent",
    integrator,
    ...pace,
    schedule: Object.freeze({ ...schedule }),
    expectation,
    layerSpeeds: Object.freeze(layerSpeeds),
    freeze: Object.freeze([...freeze]),
    clip,
    moments: kind.moments ?? null,
    temperature,
    weightDecay,
  });
}

function checkedStrength(name: string, value: number): number {
  if (!(value >= 0 && value <= 1e6)) throw invalidValue(name, "a number in [0, 1e6]", value);
  return value;
}

/** Decay is a part of Euler's step along the velocity, and must not be so fast that it overshoots for ever. */
function checkDecay(weightDecay: number, integrator: string, stepSize: number | null, speeds: LayerSpeeds): void {
  if (weightDecay === 0) return;
  if (integrator !== "euler") {
    throw new MeanfieldError(
      "unsupported-combination",
      `weightDecay: expected 0 with ${integrator}, got ${weightDecay}; use dynamics.gradientDescent`,
      { path: "weightDecay", expected: "0", got: String(weightDecay), suggestion: "use dynamics.gradientDescent" },
    );
  }
  const shrinkage = (stepSize ?? 0) * weightDecay * Math.max(speeds.first, speeds.second, speeds.third);
  if (shrinkage < 2) return;
  throw invalidValue(
    "weightDecay",
    "stepSize * weightDecay * layer speed < 2, beyond which the steps of the decay alone grow without bound",
    shrinkage,
    "lower stepSize or weightDecay",
  );
}
