import {
  claim,
  defineScenario,
  dynamics,
  limits,
  networks,
  numerics,
  parameter,
  problemOf,
  problemParameters,
} from "meanfield";

const starts = ["sphere", "antithetic-frames"] as const;

/** How much wider a network with independent directions must be to be as close to its limit as one that starts in antithetic frames. */
export default defineScenario({
  name: "start-comparison",
  version: 1,
  title: "What a structured start is worth",
  sources: [{ key: "derivation", text: "our derivation: docs/theory/discretisation-error.md" }],
  parameters: {
    ...problemParameters({ dimension: 6, radiusCutoff: 3 }),
    width: parameter.integer({ default: 96, min: 1, max: 1e5, unit: "neurons", help: "first-layer width" }),
    replicas: parameter.integer({ default: 24, min: 2, max: 1000, help: "independent starts" }),
    time: parameter.number({ default: 10, min: 0.5, max: 1e4, unit: "mean-field time", help: "when to measure" }),
  },
  short: { replicas: 8 },
  headline: "ratio.value",

  members: () => starts.map((name) => ({ name })),

  async run(context, member) {
    const { parameters } = context;
    const parts: number[] = [];
    for (let replica = 0; replica < parameters.replicas; replica += 1) {
      const options = {
        problem: problemOf(parameters),
        network: networks.bottleneck({
          firstLayerWidth: parameters.width,
          secondLayerWidth: 4,
          start: starts.find((start) => start === member.name) ?? "sphere",
        }),
        dynamics: dynamics.gradientDescent({ stepSize: 0.5, steps: Math.round(parameters.time / 0.5) }),
        limit: limits.bottleneck(),
        recordTimes: 2,
        replica,
      };
      const { records } = await context.simulate(options, `replica-${replica}`);
      parts.push(records[records.length - 1].budget.discretization?.value ?? 0);
      context.progress((replica + 1) / parameters.replicas);
    }
    return { discretization: numerics.mean(parts), error: numerics.standardError(parts) };
  },

  summarise(results) {
    const [independent, structured] = starts.map((name) => results[name].result as Record<string, number>);
    const value = independent.discretization / structured.discretization;
    const relative = Math.hypot(
      independent.error / independent.discretization,
      structured.error / structured.discretization,
    );
    return { ratio: { value, error: value * relative }, independent, structured };
  },

  claims(summary) {
    const { value, error } = summary.ratio as Record<string, number>;
    return [
      claim.atLeast({
        id: "structured-start",
        statement: "discretisation part of the loss: independent directions / antithetic frames, at equal width",
        source: "observation",
        measured: value,
        low: value - 2 * error,
        high: value + 2 * error,
        bound: 5,
      }),
    ];
  },

  figures: (results) => [
    {
      id: "starts",
      title: "The discretisation part by start",
      caption: "Mean over replicas with two standard errors.",
      x: { label: "start (0: independent, 1: antithetic frames)", scale: "linear" },
      y: { label: "discretisation part of the loss", scale: "log" },
      series: starts.map((name, index) => {
        const { discretization, error } = results[name].result as Record<string, number>;
        return {
          name,
          mark: "points" as const,
          x: [index],
          y: [discretization],
          low: [discretization - 2 * error],
          high: [discretization + 2 * error],
        };
      }),
    },
  ],
});
