import {
  claim,
  defineScenario,
  laws,
  limits,
  networks,
  parameter,
  problemOf,
  problemParameters,
  targets,
} from "meanfield";

/**
 * The infinite-width limit of the three-layer bottleneck network, alone: with a spherically symmetric first layer F(x) = alpha |x| exactly, and
 * (alpha, v, b) obey a closed system of three ordinary differential equations whose radial integrals are exact.
 */
export default defineScenario({
  name: "bottleneck-limit",
  version: 1,
  title: "The infinite-width limit of the bottleneck network",
  sources: [
    {
      key: "ren2023",
      text: "Y. Ren, M. Zhou, R. Ge, Depth Separation with Multilayer Mean-Field Networks, ICLR 2023 (our instantiation)",
      url: "https://arxiv.org/abs/2304.01063",
    },
    { key: "derivation", text: "our derivation: docs/theory/bottleneck-limit.md" },
  ],
  parameters: {
    ...problemParameters({ dimension: 10, radiusCutoff: null }),
    initialAlpha: parameter.number({ default: 1, min: 0, exclusiveMin: true, max: 1e6, help: "alpha at time 0" }),
    initialV: parameter.number({
      default: -0.1,
      min: -1e6,
      max: 1e6,
      help: "v at time 0; v < 0 unless the law has a cutoff",
    }),
    initialB: parameter.number({ default: 0.1, min: -1e6, max: 1e6, help: "b at time 0" }),
    times: parameter.numbers({
      default: [1, 2, 5, 10, 20, 40, 60, 100, 200, 400],
      min: 0,
      max: 1e7,
      ascending: true,
      unit: "mean-field time",
      help: "when to report the state",
    }),
    tolerance: parameter.number({
      default: 1e-10,
      min: 1e-13,
      max: 1e-2,
      help: "relative and absolute tolerance of the adaptive integrator",
    }),
  },
  short: {},
  headline: "finalLoss",

  validate(values) {
    // A start at which the gradient is infinite, or a law that is not radial, says so here.
    const { limit, initial } = limitOf(values);
    limits.createLimitFlow(limit).start(initial);
  },

  async run({ parameters }) {
    const { target } = problemOf(parameters);
    const { limit, initial } = limitOf(parameters);
    const solve = (tolerance: number) =>
      limits.solveLimit(limit, initial, parameters.times, { relative: tolerance, absolute: tolerance });
    const states = solve(parameters.tolerance);
    const coarser = solve(Math.min(1e-2, 100 * parameters.tolerance));
    const invariant = limit.invariants(initial)[0];
    return {
      trajectory: states.map((y, index) => ({
        time: parameters.times[index],
        alpha: y[0],
        v: y[1],
        b: y[2],
        loss: limit.loss(y),
      })),
      initialLoss: limit.loss(initial),
      invariantDrift: Math.max(...states.map((y) => Math.abs(limit.invariants(y)[0] - invariant))),
      solverDifference: Math.max(...states.map((y, index) => largestDifference(y, coarser[index]))),
      curve: profileCurve(limit.profile(states[states.length - 1]), targets.buildTarget(target)),
      meanRelu: networks.meanReluOfCoordinate(parameters.dimension),
    };
  },

  summarise({ main }) {
    const { trajectory, ...rest } = main.result as unknown as Result;
    return {
      trajectory: trajectory.map((point) => ({ ...point })),
      initialLoss: rest.initialLoss,
      finalLoss: trajectory[trajectory.length - 1].loss,
      invariantDrift: rest.invariantDrift,
      solverDifference: rest.solverDifference,
    };
  },

  claims(summary) {
    const { trajectory, initialLoss, invariantDrift, solverDifference } = summary as unknown as Result;
    const losses = [initialLoss, ...trajectory.map((point) => point.loss)];
    const largestRise = Math.max(...losses.slice(1).map((loss, index) => loss - losses[index]));
    return [
      claim.atMost({
        id: "invariant",
        statement: "alpha - 2 C_d v^2 is conserved by the flow: its largest drift along the trajectory",
        source: "our derivation",
        measured: invariantDrift,
        bound: 1e-7,
      }),
      claim.atMost({
        id: "energy",
        statement: "the loss never rises along the flow: its largest rise between two reported times",
        source: "gradient flow",
        measured: largestRise,
        bound: 1e-10,
      }),
      claim.atMost({
        id: "tolerance",
        statement:
          "the solution does not depend on the solver: largest change of (alpha, v, b) at a hundred times the tolerance",
        source: "observation",
        measured: solverDifference,
        bound: 1e-5,
      }),
    ];
  },

  figures({ main }) {
    const { trajectory, curve } = main.result as unknown as Result;
    const positive = trajectory.filter((point) => point.time > 0);
    const x = positive.map((point) => point.time);
    return [
      {
        id: "state",
        title: "The limit's state",
        caption: "alpha, v and b of the closed system against mean-field time.",
        x: { label: "mean-field time", scale: "log" },
        y: { label: "alpha, v, b", scale: "linear" },
        series: (["alpha", "v", "b"] as const).map((name) => ({
          name,
          mark: "line" as const,
          x,
          y: positive.map((point) => point[name]),
        })),
      },
      {
        id: "loss",
        title: "The limit's loss",
        caption: "1/2 E(fbar - f*)^2 against mean-field time, all radial integrals exact.",
        x: { label: "mean-field time", scale: "log" },
        y: { label: "loss", scale: "log" },
        series: [{ name: "limit", mark: "line", x, y: positive.map((point) => point.loss) }],
      },
      {
        id: "profile",
        title: "The learned profile",
        caption: "fbar(r) at the last time against the target f*(r).",
        x: { label: "radius |x|", scale: "linear" },
        y: { label: "f", scale: "linear" },
        series: [
          { name: "target", mark: "dotted", x: curve.radii, y: curve.target },
          { name: "limit", mark: "line", x: curve.radii, y: curve.limit },
        ],
      },
    ];
  },
});

/** The limit with one atom, and its state at time 0. */
function limitOf(
  values: Parameters<typeof problemOf>[0] & {
    readonly initialAlpha: number;
    readonly initialV: number;
    readonly initialB: number;
  },
) {
  const { law, target } = problemOf(values);
  return {
    limit: limits.createBottleneckLimit({
      law: laws.buildLaw(law),
      target: targets.buildTarget(target),
      secondLayerWidth: 1,
    }),
    initial: limits.bottleneckState({
      alpha: values.initialAlpha,
      v: [values.initialV],
      b: [values.initialB],
    }),
  };
}

interface Result {
  readonly trajectory: readonly { time: number; alpha: number; v: number; b: number; loss: number }[];
  readonly initialLoss: number;
  readonly invariantDrift: number;
  readonly solverDifference: number;
  readonly curve: Curve;
}

type Curve = {
  readonly radii: readonly number[];
  readonly limit: readonly number[];
  readonly target: readonly number[];
};

function profileCurve(profile: limits.LimitProfile, target: targets.Target): Curve {
  const radii = Array.from({ length: 101 }, (_, index) => index / 50);
  return {
    radii,
    limit: radii.map((radius) => profile.value(radius)),
    target: radii.map((radius) => target.radial?.value(radius) ?? 0),
  };
}

function largestDifference(left: Float64Array, right: Float64Array): number {
  return Math.max(...left.map((value, index) => Math.abs(value - right[index])));
}
