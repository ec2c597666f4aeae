import { checkSimulation, defineScenario, type Member } from "meanfield";
import { processBytes, processSeconds } from "./costs/step-costs.ts";
import { claimsOf } from "./dense-propagation/claims.ts";
import { figuresOf } from "./dense-propagation/figures.ts";
import { parameters, type Values } from "./dense-propagation/parameters.ts";
import { runDrift, runWidth } from "./dense-propagation/run-width.ts";
import { simulationOf, stepsOf } from "./dense-propagation/simulations.ts";
import { middle, type Summary, summarise } from "./dense-propagation/summary.ts";

/**
 * The dense three-layer network against infinite width: a network of width n beside a reference several times as wide that shares its first particles and
 * sees the same samples, over a ladder of n.
 *
 * Theorem (Nguyen, Pham 2020; Pham, Nguyen 2021), as we understand it: for smooth activations the trajectories stay within about 1/sqrt(n) of the
 * mean-field limit, up to logarithms and the step size, with high probability. That the squared gap is *as large as* a constant over n is an observation.
 */
export default defineScenario({
  name: "dense-propagation",
  version: 1,
  title: "A dense 3-layer network approaches its limit as one over the width",
  sources: [
    {
      key: "nguyen2020",
      text: "P.-M. Nguyen, H. T. Pham, A Rigorous Framework for the Mean Field Limit of Multilayer Neural Networks, 2020",
      url: "https://arxiv.org/abs/2001.11443",
    },
    {
      key: "pham2021",
      text: "H. T. Pham, P.-M. Nguyen, Global Convergence of Three-layer Neural Networks in the Mean Field Regime, ICLR 2021",
      url: "https://arxiv.org/abs/2105.05228",
    },
    { key: "derivation", text: "our derivation: docs/theory/wide-coupling.md, docs/theory/dense-network.md" },
  ],
  parameters,
  short: { widths: [8, 16, 32, 64], factor: 3, replicas: 24, time: 20, batch: 128, evaluationDirections: 40 },
  headline: "slope.value",

  validate(values) {
    checkSimulation({ ...simulationOf(values, values.widths[values.widths.length - 1], values.factor, 0), seed: 0 });
  },

  members(values): readonly Member[] {
    const cost = (width: number, factor: number) => width * width * factor * factor;
    const width = middle(values.widths);
    return [
      ...values.widths.map((each) => ({ name: `width-${each}`, cost: cost(each, values.factor) })),
      { name: "twice", cost: cost(width, 2) },
      { name: "identical", cost: cost(width, 1) },
      // Only where sigma(z) = sigma'(z) z is there a balance that the flow conserves.
      ...(values.activation === "relu" ? [{ name: "drift", cost: cost(width, 2) }] : []),
    ];
  },

  estimate(values) {
    const { widths, factor, replicas, batch, dimension, evaluationDirections } = values;
    const seconds = widths.map((width) => {
      const weights = width * width * factor * factor;
      return replicas * weights * (stepsOf(values) * batch * denseSeconds + 5 * evaluationDirections * recordSeconds);
    });
    const widest = factor * widths[widths.length - 1];
    return {
      seconds: seconds.reduce((sum, each) => sum + each, processSeconds),
      bytes: processBytes + 8 * (8 * widest * (widest + dimension) + 4 * batch * widest),
    };
  },

  run(context, member) {
    const { widths, factor, replicas } = context.parameters;
    const width = middle(widths);
    const rung = (index: number) => index * replicas;
    if (member.name === "drift") return runDrift(context, width);
    // The same networks as the ladder's, beside other references.
    if (member.name === "twice") return runWidth(context, width, 2, rung(widths.indexOf(width)));
    if (member.name === "identical") return runWidth(context, width, 1, rung(widths.indexOf(width)));
    const index = widths.findIndex((each) => member.name === `width-${each}`);
    return runWidth(context, widths[index], factor, rung(index));
  },

  summarise,
  claims: (summary, values: Values) => claimsOf(summary as Summary, values),
  figures: (results, summary, values) => figuresOf(results, summary as Summary, values),
});

/** Seconds for one weight U_ji and one sample of a step, and for one weight and one ray of a record: measured as the figures of step-costs.ts. */
const denseSeconds = 1.2e-10;
const recordSeconds = 2e-9;
