import { createHash } from "node:crypto";
import {
  type BuiltPlan,
  buildPlan,
  createStepper,
  type DynamicsPlan,
  type ExpectationSpec,
  isSampled,
  radialExact,
  radialObstacle,
  retimed,
  type Stepper,
  sgd,
  targetForThreads,
  wholeLayerSpeeds,
} from "../dynamics/index.ts";
import { chooseEngine, type Engine, type EngineUse, engineUse } from "../engines/index.ts";
import { invalidValue, MeanfieldError } from "../errors.ts";
import { buildLaw } from "../laws/index.ts";
import type { Law } from "../laws/law.ts";
import { buildNetworkLimit, refuseGivenStart, requireLimitDynamics } from "../limits/index.ts";
import { activationOf, buildNetwork, measureWith, type Network } from "../networks/index.ts";
import { integrators } from "../numerics/index.ts";
import { buildTarget } from "../targets/index.ts";
import { unscaled } from "../targets/scaled.ts";
import type { Target } from "../targets/target.ts";
import { type EvaluationOptions, resolveEvaluation } from "./evaluation-options.ts";
import { evaluationPoints } from "./evaluation-points.ts";
import { withFreeEnergy } from "./free-energy.ts";
import { goesOnLonger, recordsBehind } from "./horizon.ts";
import { beforeChoice, exactToleranceOf, stepFromLimit } from "./limit-step-size.ts";
import { createLimitTrack, type LimitTrack } from "./limit-track.ts";
import { createMeter, type Meter } from "./measure.ts";
import { checkStepTimes, memoryObstacle } from "./memory-need.ts";
import { noiseKeys } from "./noise-keys.ts";
import type { SimulateOptions, SimulationSetting } from "./options.ts";
import { checkedOutputScale, learnedTarget, requireZeroStart, scaledMeter } from "./output-scale.ts";
import { createProbeReader, type ProbeReader } from "./probe-values.ts";
import { probePoints } from "./probes.ts";
import { recordSteps } from "./record-times.ts";
import { resolveReplica } from "./replica.ts";
import { settingOf, startOf } from "./setting.ts";
import { chosenBefore, readCheckpoint, type SimulationPlan, type SimulationState } from "./state.ts";
import type { StepChoice } from "./step-choice.ts";
import { trainingKeys } from "./training-set.ts";
import { meterBeside, planReference, startBeside, type WideReference } from "./wide-reference.ts";

/** A simulation ready to run: everything built, nothing stepped. */
export interface Prepared {
  readonly built: BuiltPlan;
  /** The step size that a tolerance led to; null where it was given. */
  readonly choice: StepChoice | null;
  readonly network: Network;
  readonly stepper: Stepper;
  readonly track: LimitTrack | null;
  /** The wide reference with what steps it; null without one. */
  readonly reference: (WideReference & { readonly stepper: Stepper }) | null;
  readonly meter: Meter;
  /** Null where no probes are asked for. */
  readonly readProbes: ProbeReader | null;
  readonly setting: SimulationSetting;
  readonly recordAt: readonly number[];
  readonly state: SimulationState;
  readonly engine: EngineUse;
  /** gamma: the learned function is gamma times the network's. */
  readonly outputScale: number;
  /** Identifies what is simulated, for checkpoints. */
  readonly plan: SimulationPlan;
}

/**
 * Checks the options and gathers what does not change while the simulation runs.
 *
 * @param known the step size that a tolerance has led to before; null: it is chosen now
 */
export function resolvePlan(options: SimulateOptions, known: StepChoice | null = null) {
  const { seed, threads = 1 } = options;
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= 1024)) {
    throw invalidValue("threads", "an integer in [1, 1024]", threads);
  }
  const replica = resolveReplica(options.replica);
  if (options.timeoutMs !== undefined && !(options.timeoutMs > 0)) {
    throw invalidValue("timeoutMs", "a positive number of milliseconds", options.timeoutMs);
  }
  const precision = options.precision ?? "float64";
  const law = buildLaw(options.problem.law);
  const outputScale = checkedOutputScale(options.outputScale ?? 1);
  const target = learnedTarget(buildTarget(options.problem.target), outputScale);
  const network = buildNetwork(options.network, law.dimension);
  const expectation = resolveExpectation(options.dynamics, law, target, network);
  checkMoments(law, network, expectation);
  checkJump(law, target, expectation);
  const dynamics = beforeChoice(options.dynamics, expectation);
  checkStepTimes(dynamics);
  const planned = buildPlan(
    {
      network: network.spec,
      law: law.spec,
      pieces: target.radial?.pieces ?? null,
      dynamics,
      keys: { ...trainingKeys(seed), ...(dynamics.temperature > 0 ? { noise: noiseKeys(network, seed) } : {}) },
      replica: replica.samples,
      precision,
    },
    target,
  );
  const evaluation = resolveEvaluation(options.evaluation);
  const probes = options.probes === undefined ? null : probePoints(law, target, options.probes, seed);
  // Before anything is made in the sizes that were asked for.
  const limit = options.limit ?? null;
  const reference = limit?.kind === "wide-coupling" ? planReference(limit, planned) : null;
  const plans = reference === null ? [planned] : [planned, reference.built];
  const engine = chooseEngine(options, (candidate) => obstacleOf(plans, evaluation, threads, candidate));
  measureWith(engine.measuring);
  if (threads > 1) targetForThreads(planned);
  if (limit !== null && limit.kind !== "wide-coupling") requireLimitDynamics(dynamics);
  const networkLimit =
    limit === null || limit.kind === "wide-coupling"
      ? null
      : {
          ...buildNetworkLimit(limit, network, law, target, wholeLayerSpeeds(dynamics, network)),
          tolerance: limit.tolerance,
        };
  const integrator = integrators[dynamics.integrator];
  const exactTolerance = exactToleranceOf(options.dynamics, networkLimit?.tolerance ?? null);
  const track = networkLimit === null ? null : createLimitTrack(networkLimit, integrator, exactTolerance);
  if (reference !== null && options.start !== undefined) refuseGivenStart();
  const initial = startOf(options, network, replica);
  requireZeroStart(network, law, initial, outputScale);
  const recordTimes = options.recordTimes ?? 40;
  const choice =
    options.dynamics.stepSize === null
      ? (known ?? stepFromLimit(options.dynamics, law, target, networkLimit, track, initial, recordTimes))
      : null;
  const built = choice === null ? planned : retimed(planned, choice.stepSize, choice.steps);
  const recordAt = recordSteps(recordTimes, built.clock, built.plan.dynamics.steps);
  return {
    law,
    target,
    outputScale,
    network,
    built,
    choice,
    engine,
    networkLimit,
    track,
    reference,
    replica,
    probes,
    recordAt,
    evaluation,
    initial,
  };
}

/** Builds what `run` needs, at the start or at the options' checkpoint. */
export function prepare(options: SimulateOptions): Prepared {
  const { seed, threads = 1 } = options;
  const resolved = resolvePlan(options, options.checkpoint === undefined ? null : chosenBefore(options.checkpoint));
  const { law, target, outputScale, network, built, networkLimit, track, reference, replica, evaluation, initial } =
    resolved;
  const engine = engineUse(resolved.engine, built.plan.precision);
  const { dynamics } = built.plan;
  const identity = JSON.stringify([
    { ...built.plan, pieces: null, dynamics: { ...dynamics, steps: null } },
    options.problem.target,
    // A function leaves no trace in JSON; its values do.
    unscaled(target.spec).kind === "radial-function" ? piecesDigest(target) : null,
    outputScale,
    options.limit ?? null,
    evaluation,
    String(seed),
    replica.start,
    options.probes ?? null,
    // The step size follows from what was asked for; what was asked for does not follow from the step size.
    options.dynamics.stepSize === null ? options.dynamics : null,
  ]);
  const plan: SimulationPlan = {
    identity,
    horizon: { steps: dynamics.steps, recordTimes: options.recordTimes ?? null },
  };
  const { choice, probes, recordAt } = resolved;
  let state: SimulationState;
  if (options.checkpoint === undefined) {
    const stepped = networkLimit?.initial(initial) ?? null;
    const exact = stepped === null ? null : (track?.startExact(stepped) ?? null);
    const moments = new Float64Array(dynamics.moments === null ? 0 : 2 * initial.buffer.length);
    const wide = reference === null ? null : startBeside(reference, initial, seed, replica, built.plan);
    state = {
      step: 0,
      particles: initial.buffer,
      moments,
      reference: wide,
      stepped,
      exact,
      records: 0,
      lastRecord: null,
    };
  } else {
    const { horizon, ...before } = readCheckpoint(options.checkpoint, plan, engine);
    const isLonger = goesOnLonger(horizon, plan.horizon, dynamics.schedule);
    state = isLonger ? { ...before, records: recordsBehind(recordAt, before) } : before;
  }
  const points = evaluationPoints(law, target, evaluation, seed);
  const ownMeter = withFreeEnergy(createMeter(network, points, track), built, evaluation);
  const meterOfBoth = reference === null ? ownMeter : meterBeside(ownMeter, network, reference, points);
  const meter = scaledMeter(meterOfBoth, outputScale);
  // Last, since threads that were started would outlive whatever throws after them.
  const stepper = createStepper(built, resolved.engine, state.particles, threads, state.moments);
  const readProbes = probes === null ? null : createProbeReader(probes, network, track, reference, outputScale);
  const prepared = {
    readProbes,
    built,
    choice,
    network,
    stepper,
    track,
    reference: null,
    meter,
    setting: settingOf(options, law, network, outputScale, built, replica),
    recordAt,
    state,
    engine,
    outputScale,
    plan,
  };
  if (reference === null || state.reference === null) return prepared;
  try {
    const { particles, moments } = state.reference;
    const besideStepper = createStepper(reference.built, resolved.engine, particles, threads, moments);
    return { ...prepared, reference: { ...reference, stepper: besideStepper } };
  } catch (error) {
    void stepper.close();
    throw error;
  }
}

/** Why an engine that works here cannot run this simulation: it does not know the problem, or the memory is too small. */
function obstacleOf(
  plans: readonly BuiltPlan[],
  evaluation: EvaluationOptions,
  threads: number,
  engine: Engine,
): MeanfieldError | null {
  for (const { problem } of plans) {
    const reason = engine.supports?.(problem) ?? null;
    if (reason !== null) return new MeanfieldError("unsupported-combination", reason);
  }
  const [built, reference] = plans;
  return memoryObstacle(built, evaluation, threads, engine, undefined, reference);
}

function piecesDigest(target: Target): string {
  const hash = createHash("sha256");
  for (const values of Object.values(target.radial?.pieces ?? {})) hash.update(values);
  return hash.digest("hex");
}

/** The expectation mode asked for, if law and target allow it; radial-exact where they and the network do, sgd of 1024 samples elsewhere, if none was. */
function resolveExpectation(dynamics: DynamicsPlan, law: Law, target: Target, network: Network): ExpectationSpec {
  const isExact = law.radius !== null && (target.radial?.pieces ?? null) !== null;
  const { expectation } = dynamics;
  if (expectation === null) {
    const isRadial = isExact && dynamics.clip === null && radialObstacle(network.spec) === null;
    return isRadial ? radialExact() : sgd({ batch: 1024 });
  }
  if (!isSampled(expectation) && !isExact) {
    const cause = law.radius === null ? `the law ${law.spec.kind}` : `the target ${target.spec.kind}`;
    throw new MeanfieldError(
      "unsupported-combination",
      `expectation: ${expectation.kind} needs a radial law and a radial target, and ${cause} is not radial; use sgd or fixed-samples`,
      { path: "expectation", expected: "sgd or fixed-samples", got: expectation.kind },
    );
  }
  return expectation;
}

/** Rounding would decide for each sample on which side of the target's jump it lies. */
function checkJump({ spec: law }: Law, { spec }: Target, expectation: ExpectationSpec): void {
  const target = unscaled(spec);
  if (!isSampled(expectation) || law.kind !== "sphere" || target.kind !== "ball-indicator") return;
  if (Math.abs(target.radius - law.sphereRadius) > 1e-12 * law.sphereRadius) return;
  throw new MeanfieldError(
    "unsupported-combination",
    `target: the jump of the ball-indicator lies on the sphere of the law (both have radius ${law.sphereRadius}), where rounding would decide its value at each sample; give them different radii`,
    { path: "target", expected: "a radius other than the sphere's", got: String(target.radius) },
  );
}

/**
 * A two-layer or dense network grows linearly along almost every ray: under a law without a second moment its loss is infinite. One of a bounded
 * activation does not, but its loss is measured by a Gauss rule in the radius, which needs the moments too.
 */
function checkMoments(law: Law, network: Network, expectation: ExpectationSpec): void {
  if (network.spec.kind === "bottleneck" || law.radius === null || Number.isFinite(law.radius.secondMoment)) return;
  const { kind } = activationOf(network.spec);
  const under = `under ${law.spec.kind} without a cutoff`;
  const isBounded = kind === "tanh" || kind === "erf";
  const reason = isBounded
    ? `its loss is measured by a Gauss rule, and there is none ${under}`
    : `its loss ${under} is infinite`;
  throw new MeanfieldError(
    "unsupported-combination",
    `radiusCutoff: a ${network.spec.kind} network needs a law with a finite second moment (${reason}, in ${expectation.kind} mode too); set radiusCutoff, for instance to 3`,
    { path: "radiusCutoff", expected: "a number", got: "none", suggestion: "radiusCutoff=3" },
  );
}
