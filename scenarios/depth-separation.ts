import {
  checkSimulation,
  claim,
  defineScenario,
  dynamics,
  type JsonObject,
  laws,
  limits,
  type MemberResults,
  networks,
  numerics,
  type ProfileCurve,
  parameter,
  problemOf,
  problemParameters,
  type RunContext,
  type Simulation,
  type SimulationRecord,
  standardFigures,
  targets,
} from "meanfield";

/**
 * Depth separation, learned: the three-layer bottleneck network learns ReLU(1 - |x|), a two-layer network with at least as many parameters and as
 * many steps learns it far less well at these sizes; both stand beside their infinite-width limits, with the loss split along the way.
 *
 * Theorem: in high dimension no two-layer network of polynomial width approximates the target to accuracy 1/poly(d) under a law of this family
 * (Safran, Eldan, Shamir 2019); a variant of gradient flow on a three-layer network learns it (Ren, Zhou, Ge 2023).
 * Our instantiation: law with a cutoff, network, start and step sizes below. Observation: the gap that this scenario measures, at fixed d.
 */

const parameters = {
  ...problemParameters({ dimension: 10, radiusCutoff: 3 }),
  networks: parameter.choice({
    choices: ["both", "bottleneck", "two-layer"],
    default: "both",
    help: "which networks to simulate",
  }),
  firstLayerWidth: parameter.integer({
    default: 1024,
    min: 1,
    max: 1e6,
    unit: "neurons",
    help: "m1 of the bottleneck network",
  }),
  secondLayerWidth: parameter.integer({
    default: 16,
    min: 1,
    max: 1e5,
    unit: "neurons",
    help: "m2 of the bottleneck network",
  }),
  twoLayerWidth: parameter.integer({
    default: ({ dimension, firstLayerWidth, secondLayerWidth }) =>
      2 * Math.ceil((firstLayerWidth * dimension + 2 * secondLayerWidth) / (dimension + 2) / 2),
    defaultText: "the smallest even width with at least as many parameters as the bottleneck network",
    min: 2,
    max: 1e6,
    unit: "neurons",
    help: "width of the two-layer network, even",
  }),
  start: parameter.choice({
    choices: networks.firstLayerStarts,
    default: "antithetic-frames",
    help: "arrangement of the bottleneck network's first-layer directions",
  }),
  secondLayerStart: parameter.choice({
    choices: ["uniform", "equal"],
    default: "uniform",
    help: "v ~ U[-.6,-.02], b ~ U[.1,.9], or all atoms at initialV, initialB",
  }),
  twoLayerStart: parameter.choice({
    choices: networks.firstLayerStarts,
    default: "antithetic-frames",
    help: "arrangement of the two-layer network's directions",
  }),
  initialAlpha: parameter.number({
    default: 1,
    min: 0,
    exclusiveMin: true,
    max: 1e6,
    help: "alpha = C_d E|w|^2 at the start",
  }),
  initialV: parameter.number({
    default: -0.1,
    min: -1e6,
    max: 1e6,
    help: "v of every atom with secondLayerStart=equal",
  }),
  initialB: parameter.number({
    default: 0.1,
    min: -1e6,
    max: 1e6,
    help: "b of every atom with secondLayerStart=equal",
  }),
  trainOuterWeights: parameter.boolean({
    default: false,
    help: "whether the bottleneck network's output weights a move",
  }),
  stepSize: parameter.number({
    default: 1,
    min: 0,
    exclusiveMin: true,
    max: 1000,
    unit: "mean-field time",
    help: "eta of the bottleneck network",
  }),
  twoLayerStepSize: parameter.number({
    default: 1.4,
    min: 0,
    exclusiveMin: true,
    max: 1000,
    unit: "mean-field time",
    help: "eta of the two-layer network's first step",
  }),
  finalStepSize: parameter.number({
    default: 1,
    min: 0,
    max: 1,
    help: "last step size of the bottleneck network as a fraction of the first (linear in between)",
  }),
  twoLayerFinalStepSize: parameter.number({
    default: 0.02,
    min: 0,
    max: 1,
    help: "last step size of the two-layer network as a fraction of the first (linear in between)",
  }),
  steps: parameter.integer({ default: 2000, min: 1, max: 1e9, help: "steps of both networks" }),
  time: parameter.number({
    default: null,
    nullable: true,
    min: 0,
    exclusiveMin: true,
    max: 1e9,
    unit: "mean-field time",
    help: "if given, steps = time/stepSize",
  }),
  expectation: parameter.choice({
    choices: ["radial-exact", "population", "sgd"],
    default: "radial-exact",
    help: "how E_x is taken: fresh directions with the radius exact, one fixed set of them, or fresh samples",
  }),
  directions: parameter.integer({
    default: null,
    nullable: true,
    min: 1,
    max: 1e6,
    help: "directions a step in the radial modes; none: whole groups, at least 128",
  }),
  directionArrangement: parameter.choice({
    choices: ["antithetic-frames", "frames", "antithetic-pairs", "independent"],
    default: "antithetic-frames",
    help: "arrangement of the training and evaluation directions",
  }),
  batch: parameter.integer({ default: 1024, min: 1, max: 1e6, help: "samples a step with expectation=sgd" }),
  clip: parameter.number({
    default: null,
    nullable: true,
    min: 0,
    exclusiveMin: true,
    max: 1e9,
    help: "largest mean-field norm of one sample's gradient, with expectation=sgd",
  }),
  evaluationDirections: parameter.integer({
    default: 400,
    min: 1,
    max: 1e6,
    help: "directions on which losses are measured, under a key of their own; rounded up to whole groups",
  }),
  recordTimes: parameter.numbers({
    default: null,
    nullable: true,
    min: 0,
    max: 1e9,
    ascending: true,
    unit: "mean-field time",
    help: "when to measure; none: 40 times, evenly in log(1 + step)",
  }),
  starts: parameter.integer({
    default: 200,
    min: 8,
    max: 1e5,
    help: "independent starts over which the relative variance is averaged",
  }),
  separationFactor: parameter.number({
    default: 50,
    min: 1,
    max: 1e9,
    help: "factor by which the two-layer loss is claimed to exceed the bottleneck network's",
  }),
} as const;

type Values = Parameters<typeof simulationOptions>[0];

export default defineScenario({
  name: "depth-separation",
  version: 1,
  title: "Depth separation: a 3-layer mean-field network learns ReLU(1-|x|), beside a 2-layer one",
  sources: [
    {
      key: "ren2023",
      text: "Y. Ren, M. Zhou, R. Ge, Depth Separation with Multilayer Mean-Field Networks, ICLR 2023 (our instantiation)",
      url: "https://arxiv.org/abs/2304.01063",
    },
    {
      key: "safran2019",
      text: "I. Safran, R. Eldan, O. Shamir, Depth Separations in Neural Networks: What is Actually Being Separated?, COLT 2019",
      url: "https://arxiv.org/abs/1904.06984",
    },
    {
      key: "eldan2016",
      text: "R. Eldan, O. Shamir, The Power of Depth for Feedforward Neural Networks, COLT 2016",
      url: "https://arxiv.org/abs/1512.03965",
    },
    { key: "derivation", text: "our derivations: docs/theory" },
  ],
  parameters,
  short: { firstLayerWidth: 160, steps: 150, evaluationDirections: 160, starts: 100, separationFactor: 5 },
  headline: "bottleneck.loss",

  validate(values) {
    for (const network of networksOf(values)) {
      checkSimulation({ ...simulationOptions(values, network), seed: 0 });
    }
  },

  members(values) {
    const chosen = networksOf(values).map((name) => ({ name, cost: name === "two-layer" ? 20 : 10 }));
    if (!networksOf(values).includes("bottleneck")) return chosen;
    return [...chosen, { name: "conservation", cost: 2 }, { name: "starts", cost: 1 }];
  },

  run(context, member) {
    if (member.name === "conservation") return measureConservation(context);
    if (member.name === "starts") return Promise.resolve(measureStarts(context));
    return runNetwork(context, member.name === "two-layer" ? "two-layer" : "bottleneck");
  },

  summarise(results) {
    return {
      bottleneck: results.bottleneck === undefined ? null : networkSummary(results.bottleneck.result),
      twoLayer: results["two-layer"] === undefined ? null : networkSummary(results["two-layer"].result),
      lossRatio:
        results.bottleneck === undefined || results["two-layer"] === undefined
          ? null
          : number(results["two-layer"].result.loss) / number(results.bottleneck.result.loss),
      starts: results.starts?.result ?? null,
      conservation: results.conservation?.result ?? null,
    };
  },

  claims: (summary, values) => claimsOf(summary as unknown as Summary, values),

  figures: (results, _summary, values) => figuresOf(results, values),
});

type NetworkName = "bottleneck" | "two-layer";

function networksOf(values: { readonly networks: "both" | NetworkName }): readonly NetworkName[] {
  return values.networks === "both" ? ["bottleneck", "two-layer"] : [values.networks];
}

/** The simulation of one of the two networks. */
function simulationOptions(
  values: Parameters<typeof problemOf>[0] & {
    readonly networks: "both" | NetworkName;
    readonly firstLayerWidth: number;
    readonly secondLayerWidth: number;
    readonly twoLayerWidth: number;
    readonly start: networks.FirstLayerStart;
    readonly secondLayerStart: "uniform" | "equal";
    readonly twoLayerStart: networks.FirstLayerStart;
    readonly initialAlpha: number;
    readonly initialV: number;
    readonly initialB: number;
    readonly trainOuterWeights: boolean;
    readonly stepSize: number;
    readonly twoLayerStepSize: number;
    readonly finalStepSize: number;
    readonly twoLayerFinalStepSize: number;
    readonly steps: number;
    readonly time: number | null;
    readonly expectation: "radial-exact" | "population" | "sgd";
    readonly directions: number | null;
    readonly directionArrangement: "antithetic-frames" | "frames" | "antithetic-pairs" | "independent";
    readonly batch: number;
    readonly clip: number | null;
    readonly evaluationDirections: number;
    readonly recordTimes: readonly number[] | null;
    readonly starts: number;
    readonly separationFactor: number;
  },
  name: NetworkName,
) {
  const isBottleneck = name === "bottleneck";
  const problem = problemOf(values);
  const isRadial = laws.buildLaw(problem.law).radius !== null;
  const stepSize = isBottleneck ? values.stepSize : values.twoLayerStepSize;
  const finalStepSize = isBottleneck ? values.finalStepSize : values.twoLayerFinalStepSize;
  return {
    problem,
    network: isBottleneck
      ? bottleneckOf(values, values.firstLayerWidth)
      : networks.twoLayer({ width: values.twoLayerWidth, start: values.twoLayerStart }),
    dynamics: dynamics.gradientDescent({
      stepSize,
      steps: stepsOf(values),
      schedule: finalStepSize === 1 ? { kind: "constant" } : { kind: "linear", to: finalStepSize },
      expectation: expectationOf(values),
      clip: values.clip,
    }),
    limit: isRadial ? (isBottleneck ? limits.bottleneck() : limits.twoLayer()) : null,
    evaluation: { directions: values.evaluationDirections, arrangement: values.directionArrangement },
    recordTimes: values.recordTimes ?? 40,
  };
}

function bottleneckOf(values: Values, firstLayerWidth: number) {
  return networks.bottleneck({
    firstLayerWidth,
    secondLayerWidth: values.secondLayerWidth,
    start: values.start,
    initialAlpha: values.initialAlpha,
    secondLayerStart: values.secondLayerStart,
    initialV: values.initialV,
    initialB: values.initialB,
    trainOuterWeights: values.trainOuterWeights,
  });
}

function expectationOf({ expectation, batch, directions, directionArrangement }: Values): dynamics.ExpectationSpec {
  if (expectation === "sgd") return dynamics.sgd({ batch });
  const options = { directions, arrangement: directionArrangement };
  return expectation === "population" ? dynamics.population(options) : dynamics.radialExact(options);
}

/** Both networks take this many steps. */
function stepsOf({ time, steps, stepSize }: Values): number {
  return time === null ? steps : Math.max(1, Math.round(time / stepSize));
}

/** Widths above which the exact variance of F, quadratic in the width, would cost more than the simulation. */
const largestExactWidth = 2048;

async function runNetwork(context: RunContext<Values>, name: NetworkName): Promise<JsonObject> {
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
    ...(isBottleneck
      ? {
          alpha: observables.alpha ?? null,
          limitAlpha: observables.limitAlpha ?? null,
          v: observables.v ?? null,
          b: observables.b ?? null,
          limitV: observables.limitV ?? null,
          limitB: observables.limitB ?? null,
          relativeVariance: observables.relativeVariance ?? null,
        }
      : {}),
    // What the claims need of the whole run.
    splitError: largestSplitError(records),
    ...(isBottleneck ? trajectoryFacts(records, values.firstLayerWidth) : {}),
    profile: profileOf(simulation, name, values, law.radius?.quantile(0.98) ?? 2) as unknown as JsonObject,
  };
}

/** Largest relative amount by which a record's splits, static and along the trajectory, miss its loss. */
function largestSplitError(records: readonly SimulationRecord[]): number | null {
  let largest: number | null = null;
  for (const { loss, budget } of records) {
    const { meanField, cross, discretization, trajectory } = budget;
    const sums: number[] = [];
    if (meanField !== null && cross !== null && discretization !== null) {
      sums.push(meanField.value + cross.value + discretization.value);
    }
    if (trajectory !== null) sums.push(Object.values(trajectory).reduce((sum, term) => sum + term.value, 0));
    for (const sum of sums) largest = Math.max(largest ?? 0, Math.abs(sum - loss) / loss);
  }
  return largest;
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

/** f along radii: mean and percentiles over directions under a key of their own. */
function profileOf(simulation: Simulation, name: string, values: Values, outermost: number): ProfileCurve {
  const rays = 100;
  const { dimension } = values;
  const directions = numerics.arrangedDirections(
    rays,
    "antithetic-pairs",
    dimension,
    numerics.deriveKey("profile", name),
  );
  const radii = Array.from({ length: 81 }, (_, index) => (Math.max(1.6, outermost) * index) / 80);
  const particles = simulation.particles();
  const limit = simulation.limit();
  const points = new Float64Array(directions.length);
  const outputs = new Float64Array(rays);
  const columns = radii.map((radius) => {
    for (let index = 0; index < points.length; index += 1) points[index] = radius * directions[index];
    simulation.network.evaluate(particles, points, rays, outputs);
    const sorted = outputs.slice().sort();
    return { mean: numerics.mean(outputs), low: sorted[4], high: sorted[rays - 5] };
  });
  return {
    name: name === "bottleneck" ? "3-layer bottleneck" : "2-layer",
    radii,
    mean: columns.map((column) => column.mean),
    low: columns.map((column) => column.low),
    high: columns.map((column) => column.high),
    limit: limit === null ? null : radii.map((radius) => limit.value(radius)),
  };
}

/** The exact relative variance of F over independent starts, no training. */
function measureStarts(context: RunContext<Values>): JsonObject {
  const { parameters: values, seed } = context;
  const { dimension, start, starts, firstLayerWidth } = values;
  const arrangement = networks.arrangementOfStart(start) ?? "independent";
  const group = numerics.groupSize(arrangement, dimension);
  // The prediction holds for whole groups at any width, so a width that is cheap to square serves.
  const width = Math.max(1, Math.round(Math.min(firstLayerWidth, 240) / group)) * group;
  const network = networks.buildNetwork({ ...bottleneckOf(values, width), secondLayerWidth: 1 }, dimension);
  const measured: number[] = [];
  for (let replica = 0; replica < starts; replica += 1) {
    const { w } = network.start(seed, replica).arrays;
    measured.push(networks.relativeVariance(w, dimension, values.initialAlpha));
    if (replica % 16 === 0) context.progress(replica / starts);
  }
  return {
    width,
    relativeVariance: numerics.mean(measured),
    error: numerics.standardError(measured),
    predicted: networks.expectedRelativeVariance(start, dimension),
  };
}

/** Drift of mean |w|^2 - 2 mean v^2 at width 128 over the same time with two step sizes. */
async function measureConservation(context: RunContext<Values>): Promise<JsonObject> {
  const { parameters: values } = context;
  const { problem } = simulationOptions(values, "bottleneck");
  if (laws.buildLaw(problem.law).radius === null) return { drift: null, halvedDrift: null, ratio: null };
  // Small enough that the drift's second order in the step size is a small part of it.
  const coarse = Math.min(values.stepSize, 0.25);
  const steps = Math.max(1, Math.round(20 / coarse));
  const drift = async (halvings: number, name: string): Promise<number> => {
    const { records } = await context.simulate(
      {
        problem,
        network: bottleneckOf(values, 128),
        dynamics: dynamics.gradientDescent({
          stepSize: coarse / 2 ** halvings,
          steps: steps * 2 ** halvings,
          expectation: dynamics.population({ arrangement: "antithetic-frames" }),
        }),
        evaluation: { directions: 1 },
        recordTimes: 2,
      },
      name,
    );
    const [first, last] = [records[0], records[records.length - 1]];
    return number(last.observables.conserved) - number(first.observables.conserved);
  };
  const full = await drift(0, "full-step");
  const half = await drift(1, "half-step");
  return { stepSize: coarse, drift: full, halvedDrift: half, ratio: full / half };
}

interface Summary {
  readonly bottleneck: NetworkSummary | null;
  readonly twoLayer: NetworkSummary | null;
  readonly lossRatio: number | null;
  readonly starts: { readonly relativeVariance: number; readonly error: number; readonly predicted: number } | null;
  readonly conservation: {
    readonly ratio: number | null;
    readonly drift: number | null;
    readonly halvedDrift: number | null;
  } | null;
}

interface NetworkSummary {
  readonly loss: number;
  readonly lossError: number;
  readonly splitError: number | null;
  readonly scaledAlphaGap?: number | null;
  readonly largestVarianceRise?: number | null;
  readonly firstDiscretization?: number | null;
  readonly discretization: number | null;
  readonly peakDiscretization?: number | null;
  readonly peakIsInside?: boolean | null;
}

/** A member's result without what only figures need. */
function networkSummary({ profile: _profile, ...rest }: JsonObject): JsonObject {
  return rest;
}

function claimsOf({ bottleneck, twoLayer, starts, conservation }: Summary, values: Values) {
  const claims = [];
  const splitErrors = [bottleneck?.splitError, twoLayer?.splitError].filter((value) => typeof value === "number");
  claims.push(
    claim.atMost({
      id: "split-adds-up",
      statement:
        "the parts of the loss add up to the loss measured by itself: largest relative difference over all records, static and trajectory split",
      source: "identity",
      measured: splitErrors.length === 0 ? null : Math.max(...splitErrors),
      bound: 1e-12,
    }),
  );
  if (starts !== null) {
    claims.push(
      claim.within({
        id: "start-variance",
        statement: `m1 Var_u F / alpha^2 averaged over ${values.starts} starts (${values.start}) agrees with its expectation within 4 standard errors`,
        source: "our derivation: docs/theory/discretisation-error.md",
        measured: starts.relativeVariance,
        expected: starts.predicted,
        tolerance: 4 * starts.error,
      }),
    );
  }
  if (conservation !== null) {
    claims.push(
      claim.interval({
        id: "conservation",
        statement:
          "mean |w|^2 - 2 mean v^2 is conserved up to O(stepSize): at width 128 its drift over time 20 halves with the step size (ratio of drifts)",
        source: "our derivation: docs/theory/bottleneck-limit.md",
        measured: conservation.ratio,
        from: 1.6,
        to: 2.4,
      }),
    );
  }
  if (bottleneck !== null) claims.push(...bottleneckClaims(bottleneck));
  if (bottleneck !== null && twoLayer !== null) {
    claims.push(
      claim.atLeast({
        id: "separation",
        statement: "the 2-layer loss divided by the 3-layer loss, after as many steps with at least as many parameters",
        source: "observation (the theorems are about approximation in high dimension; docs/depth-separation.md)",
        measured: twoLayer.loss / bottleneck.loss,
        low: Math.max(0, twoLayer.loss - 2 * twoLayer.lossError) / (bottleneck.loss + 2 * bottleneck.lossError),
        high:
          bottleneck.loss > 2 * bottleneck.lossError
            ? (twoLayer.loss + 2 * twoLayer.lossError) / (bottleneck.loss - 2 * bottleneck.lossError)
            : null,
        bound: values.separationFactor,
      }),
    );
  }
  return claims;
}

/** Largest m1 |alpha - limit alpha| that the claim allows along a run. */
const alphaGapBound = 2;
/** Relative rise of the variance that the noise of a step's directions may cause. */
const varianceNoise = 1e-3;

function bottleneckClaims(bottleneck: NetworkSummary) {
  const { peakIsInside = null, firstDiscretization = null, peakDiscretization = null, discretization } = bottleneck;
  return [
    claim.atMost({
      id: "alpha-follows-limit",
      statement: "m1 |alpha - limit alpha| stays bounded along the run: its largest value",
      source: "our derivation: the gap is O(1/m1)",
      measured: bottleneck.scaledAlphaGap ?? null,
      bound: alphaGapBound,
    }),
    claim.atMost({
      id: "variance-falls",
      statement:
        "the relative variance of F falls throughout, up to the noise of sampled directions (one part in a thousand): its largest relative rise between two records",
      source: "our derivation: docs/theory/discretisation-error.md",
      measured: bottleneck.largestVarianceRise ?? null,
      bound: varianceNoise,
    }),
    claim.decided({
      id: "discretisation-rises-then-falls",
      statement:
        "the discretisation part of the loss rises while |v| grows, and then falls: last value / largest value",
      source: "our derivation: docs/theory/discretisation-error.md",
      measured: discretization === null || peakDiscretization === null ? null : discretization / peakDiscretization,
      expected: "the largest value neither first nor last",
      // A run that ends before the fall cannot tell; one that never rises contradicts.
      holds:
        peakIsInside === null || firstDiscretization === null || peakDiscretization === null
          ? null
          : peakIsInside || (peakDiscretization > firstDiscretization ? null : false),
    }),
  ];
}

function figuresOf(results: MemberResults, values: Values) {
  const target = targets.buildTarget(problemOf(values).target);
  const curves: ProfileCurve[] = [];
  const figures = [];
  for (const name of networksOf(values)) {
    const { result, records } = results[name];
    const label = name === "bottleneck" ? "3-layer bottleneck network" : "2-layer network";
    figures.push(
      standardFigures.lossSplit({
        id: `loss-${name}`,
        title: `Loss of the ${label}`,
        records,
        nullLoss: number(result.nullLoss ?? 0),
      }),
    );
    curves.push(result.profile as unknown as ProfileCurve);
    if (name === "bottleneck") figures.push(...bottleneckFigures(records));
  }
  figures.push(
    standardFigures.profile({
      id: "profile",
      title: "Learned profiles",
      curves,
      target: curves[0].radii.map((radius) => target.radial?.value(radius) ?? 0),
    }),
  );
  return figures;
}

function bottleneckFigures(records: readonly SimulationRecord[]) {
  return [
    standardFigures.observables({
      id: "alpha",
      title: "The first layer and its limit",
      caption:
        "alpha = C_d E|w|^2 and the second layer's means of v and b; dashed: the infinite-width limit with the same step size.",
      label: "alpha, mean v, mean b",
      records,
      curves: [
        { name: "alpha", observable: "alpha", mark: "line", group: "alpha" },
        { name: "alpha, limit", observable: "limitAlpha", mark: "dashed", group: "alpha" },
        { name: "mean v", observable: "v", mark: "line", group: "v" },
        { name: "mean v, limit", observable: "limitV", mark: "dashed", group: "v" },
        { name: "mean b", observable: "b", mark: "line", group: "b" },
        { name: "mean b, limit", observable: "limitB", mark: "dashed", group: "b" },
      ],
    }),
    standardFigures.observables({
      id: "relative-variance",
      title: "Relative variance of F",
      caption:
        "m1 Var_u F / alpha^2, which gradient flow shrinks throughout, while the discretisation part of the loss rises and then falls.",
      label: "m1 Var F / alpha^2",
      records,
      curves: [
        { name: "exact", observable: "exactRelativeVariance", mark: "line" },
        { name: "on the evaluation directions", observable: "relativeVariance", mark: "dashed" },
      ],
    }),
  ];
}

function number(value: unknown): number {
  if (typeof value === "number") return value;
  throw new TypeError(`expected a number, got ${String(value)}`);
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
