import {
  checkSimulation,
  claim,
  defineScenario,
  dynamics,
  type JsonObject,
  limits,
  type MemberResults,
  networks,
  numerics,
  parameter,
  problemOf,
  problemParameters,
  simulationParameters,
} from "meanfield";
import { limitStepSeconds, pairSeconds, processBytes, processSeconds, recordPairSeconds } from "./costs/step-costs.ts";

/**
 * How fast a finite network approaches its limit: the discretisation part of the loss, 1/2 E(f - fbar)^2, and the gap to the limit's own trajectory,
 * 1/2 E(f - f_inf)^2, against the width. Both are averages over the first layer's particles, so both should fall as 1/width.
 */

const parameters = {
  ...problemParameters({ dimension: 10, radiusCutoff: 3 }),
  ...simulationParameters(),
  networks: parameter.choice({
    choices: ["both", "bottleneck", "two-layer"],
    default: "both",
    help: "which networks to measure",
  }),
  widths: parameter.numbers({
    default: ({ dimension }) => [4, 8, 16, 32, 64, 128, 256, 512].map((factor) => factor * dimension),
    defaultText: "4, 8, 16, ... 512 times the dimension: whole groups of every start",
    min: 2,
    max: 1e5,
    ascending: true,
    minLength: 3,
    unit: "neurons",
    help: "first-layer widths of the ladder, even",
  }),
  secondLayerWidth: parameter.integer({
    default: 16,
    min: 1,
    max: 1e4,
    unit: "neurons",
    help: "m2 of the bottleneck network",
  }),
  start: parameter.choice({
    choices: networks.firstLayerStarts,
    default: "antithetic-frames",
    help: "arrangement of the first layer's directions, both networks",
  }),
  replicas: parameter.integer({ default: 16, min: 2, max: 1000, help: "independent starts at each width" }),
  stepSize: parameter.number({
    default: 0.5,
    min: 0,
    exclusiveMin: true,
    max: 100,
    unit: "mean-field time",
    help: "eta, both networks",
  }),
  time: parameter.number({
    default: 20,
    min: 0,
    exclusiveMin: true,
    max: 1e6,
    unit: "mean-field time",
    help: "when the parts are measured",
  }),
  directions: parameter.integer({
    default: ({ dimension }) => 2 * dimension * Math.ceil(512 / (2 * dimension)),
    defaultText: "whole antithetic frames, at least 512",
    min: 1,
    max: 1e6,
    help: "directions a step; their noise does not fall with the width",
  }),
  evaluationDirections: parameter.integer({
    default: 400,
    min: 1,
    max: 1e6,
    help: "directions on which the parts are measured",
  }),
} as const;

export default defineScenario({
  name: "discretization-rate",
  version: 1,
  title: "The discretisation error falls as one over the width",
  sources: [
    { key: "derivation", text: "our derivation: docs/theory/discretisation-error.md" },
    {
      key: "mei2019",
      text: "S. Mei, T. Misiakiewicz, A. Montanari, Mean-field theory of two-layers neural networks, COLT 2019 (upper bounds)",
      url: "https://arxiv.org/abs/1902.06015",
    },
  ],
  parameters,
  short: { widths: [40, 80, 120, 200, 320], replicas: 16, time: 10, directions: 160, evaluationDirections: 160 },
  headline: "slopes.discretization.slope",

  validate(values) {
    for (const name of networksOf(values)) {
      for (const width of values.widths) checkSimulation({ ...optionsOf(values, name, width), seed: 0 });
    }
  },

  members: (values) =>
    networksOf(values).flatMap((name) =>
      values.widths.map((width) => ({ name: `${name}-${width}`, cost: width * (name === "two-layer" ? 4 : 1) })),
    ),

  estimate(values) {
    const { dimension, replicas, directions, evaluationDirections, secondLayerWidth, widths } = values;
    const steps = Math.max(1, Math.round(values.time / values.stepSize));
    const seconds = networksOf(values).flatMap((name) =>
      widths.map((width) => {
        const moved = width * steps * directions * pairSeconds[name](dimension);
        const measured = 2 * width * evaluationDirections * recordPairSeconds[name](dimension);
        const limit = steps * limitStepSeconds[name](name === "bottleneck" ? secondLayerWidth : width);
        return replicas * (moved + measured + limit);
      }),
    );
    const bytes = 8 * (dimension + 4) * (6 * Math.max(...widths) + 8 * (directions + evaluationDirections));
    return { seconds: seconds.reduce((sum, each) => sum + each, processSeconds), bytes: processBytes + bytes };
  },

  async run(context, member) {
    const { parameters: values } = context;
    const [, name, width] = /^(bottleneck|two-layer)-(\d+)$/.exec(member.name) ?? [];
    const discretization: number[] = [];
    const trajectoryGap: number[] = [];
    // A wider start begins with the narrower one's neurons, so each width has numbers of its own.
    const firstReplica = values.widths.indexOf(Number(width)) * values.replicas;
    for (let replica = 0; replica < values.replicas; replica += 1) {
      const { records } = await context.simulate(
        { ...optionsOf(values, name as NetworkName, Number(width)), replica: firstReplica + replica },
        `replica-${replica}`,
      );
      const { budget } = records[records.length - 1];
      discretization.push(budget.discretization?.value ?? Number.NaN);
      trajectoryGap.push(budget.trajectoryGap?.value ?? Number.NaN);
      context.progress((replica + 1) / values.replicas);
    }
    return {
      width: Number(width),
      discretization: numerics.mean(discretization),
      discretizationError: numerics.standardError(discretization),
      trajectoryGap: numerics.mean(trajectoryGap),
      trajectoryGapError: numerics.standardError(trajectoryGap),
    };
  },

  summarise(results, values) {
    const chosen = networksOf(values);
    const fitted = (name: NetworkName): JsonObject | null =>
      chosen.includes(name)
        ? {
            discretization: slope(results, name, "discretization"),
            trajectoryGap: slope(results, name, "trajectoryGap"),
          }
        : null;
    return {
      slopes: fitted("bottleneck") ?? fitted("two-layer"),
      bottleneck: fitted("bottleneck"),
      twoLayer: fitted("two-layer"),
      points: chosen.flatMap((name) => ladder(results, name).map((point) => ({ network: name, ...point }))),
    };
  },

  claims(summary, values) {
    return networksOf(values).flatMap((name) => {
      const slopes = slopesOf(summary, name);
      return (["discretization", "trajectoryGap"] as const).map((part) => {
        const { slope: measured, low, high } = slopes[part];
        return claim.decided({
          id: `${name}-${part === "discretization" ? "discretisation" : "trajectory-gap"}`,
          statement: `${name} network: log-log slope of the ${part === "discretization" ? "discretisation part of the loss" : "gap to the limit"} against width`,
          source:
            part === "discretization"
              ? "our derivation: an average over independent groups of particles"
              : "observation: the limit's own trajectory is followed at the same rate",
          measured,
          low,
          high,
          expected: `-1 inside the 95 % interval, and the interval no wider than ${widestInterval}`,
          holds: high - low > widestInterval ? null : low <= -1 && -1 <= high,
        });
      });
    });
  },

  figures: (results, summary, values) =>
    (["discretization", "trajectoryGap"] as const).map((part) => ({
      id: part === "discretization" ? "rate-discretisation" : "rate-gap",
      title: part === "discretization" ? "Discretisation part of the loss" : "Gap to the limit's own trajectory",
      caption: `Means over ${values.replicas} starts with two standard errors at time ${values.time}; dashed: fitted power laws (slopes ${networksOf(
        values,
      )
        .map((name) => `${slopesOf(summary, name)[part].slope.toFixed(3)} ${labelOf(name)}`)
        .join(", ")}).`,
      x: { label: "first-layer width", scale: "log" as const },
      y: { label: part === "discretization" ? "1/2 E(f - fbar)^2" : "1/2 E(f - f_inf)^2", scale: "log" as const },
      series: networksOf(values).flatMap((name) => {
        const points = ladder(results, name);
        const widths = points.map((point) => point.width);
        const { slope: exponent, intercept } = slopesOf(summary, name)[part];
        const label = labelOf(name);
        return [
          {
            name: label,
            mark: "points" as const,
            x: widths,
            y: points.map((point) => point[part]),
            low: points.map((point) => Math.max(point[part] - 2 * point[`${part}Error`], point[part] / 10)),
            high: points.map((point) => point[part] + 2 * point[`${part}Error`]),
            group: label,
          },
          {
            name: `${label}, fit`,
            mark: "dashed" as const,
            x: widths,
            y: widths.map((width) => Math.exp(intercept + exponent * Math.log(width))),
            group: label,
          },
        ];
      }),
    })),
});

type NetworkName = "bottleneck" | "two-layer";

/** An interval wider than this says too little for a verdict. */
const widestInterval = 0.4;

interface Slope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
  readonly intercept: number;
}

interface Slopes {
  readonly discretization: Slope;
  readonly trajectoryGap: Slope;
}

function networksOf(values: { readonly networks: "both" | NetworkName }): readonly NetworkName[] {
  return values.networks === "both" ? ["bottleneck", "two-layer"] : [values.networks];
}

function optionsOf(
  values: Parameters<typeof problemOf>[0] & {
    readonly secondLayerWidth: number;
    readonly start: networks.FirstLayerStart;
    readonly stepSize: number;
    readonly time: number;
    readonly directions: number;
    readonly evaluationDirections: number;
    readonly precision: "float64" | "float32";
  },
  name: NetworkName,
  width: number,
) {
  const { start, secondLayerWidth, stepSize } = values;
  return {
    problem: problemOf(values),
    network:
      name === "bottleneck"
        ? networks.bottleneck({ firstLayerWidth: width, secondLayerWidth, start })
        : networks.twoLayer({ width, start }),
    dynamics: dynamics.gradientDescent({
      stepSize,
      steps: Math.max(1, Math.round(values.time / stepSize)),
      expectation: dynamics.radialExact({ directions: values.directions }),
    }),
    limit: name === "bottleneck" ? limits.bottleneck({ tolerance: null }) : limits.twoLayer(),
    evaluation: { directions: values.evaluationDirections },
    recordTimes: 2,
    precision: values.precision,
  };
}

function labelOf(name: NetworkName): string {
  return name === "bottleneck" ? "3-layer bottleneck" : "2-layer";
}

function slopesOf(summary: JsonObject, name: NetworkName): Slopes {
  return summary[name === "bottleneck" ? "bottleneck" : "twoLayer"] as unknown as Slopes;
}

interface LadderPoint {
  readonly width: number;
  readonly discretization: number;
  readonly discretizationError: number;
  readonly trajectoryGap: number;
  readonly trajectoryGapError: number;
}

function ladder(results: MemberResults, name: NetworkName): readonly LadderPoint[] {
  return Object.entries(results)
    .filter(([member]) => member.startsWith(`${name}-`))
    .map(([, { result }]) => result as unknown as LadderPoint)
    .sort((left, right) => left.width - right.width);
}

function slope(results: MemberResults, name: NetworkName, part: "discretization" | "trajectoryGap"): JsonObject {
  const points = ladder(results, name);
  const fit = numerics.fitPowerLaw(
    points.map((point) => point.width),
    points.map((point) => point[part]),
    { errors: points.map((point) => point[`${part}Error`]) },
  );
  return { slope: fit.slope.value, low: fit.slope.low, high: fit.slope.high, intercept: fit.intercept.value };
}
