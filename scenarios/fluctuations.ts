import { checkSimulation, defineScenario } from "meanfield";
import { limitStepSeconds, pairSeconds, processBytes, processSeconds, sampleSeconds } from "./costs/step-costs.ts";
import { claimsOf } from "./fluctuations/claims.ts";
import { figuresOf } from "./fluctuations/figures.ts";
import { parameters, type Values } from "./fluctuations/parameters.ts";
import { batchFactor, membersOf, middleIndex, runMember } from "./fluctuations/run-member.ts";
import { quietSimulationOf, simulationOf } from "./fluctuations/simulations.ts";
import { type Summary, summarise } from "./fluctuations/summary.ts";

/**
 * How a network scatters about its limit: m times the squared deviation settles (law of large numbers, central limit theorem), the noise of samples does
 * not fall with m, and a grid of starts and streams tells the two apart.
 */
export default defineScenario({
  name: "fluctuations",
  version: 1,
  title: "Width times the squared deviation from the limit settles",
  sources: [
    {
      key: "mei2019",
      text: "S. Mei, T. Misiakiewicz, A. Montanari, Mean-field theory of two-layers neural networks, COLT 2019 (upper bounds)",
      url: "https://arxiv.org/abs/1902.06015",
    },
    { key: "derivation", text: "our derivation: docs/theory/replicas.md, docs/theory/discretisation-error.md" },
  ],
  parameters,
  short: { widths: [40, 80, 160, 320, 640, 1280], starts: 12, streams: 5, batchStreams: 16, shapeStarts: 100, time: 8 },
  headline: "width.value",

  validate(values) {
    const width = values.widths[values.widths.length - 1];
    checkSimulation({ ...simulationOf(values, width, batchFactor * values.batch), seed: 0 });
    checkSimulation({ ...quietSimulationOf(values, width, 0), seed: 0 });
  },

  members: membersOf,

  estimate(values) {
    const { network, widths, starts, streams, shapeStarts, dimension, batch, secondLayerWidth } = values;
    const steps = Math.max(1, Math.round(values.time / values.stepSize));
    const limit = (width: number) => limitStepSeconds[network](network === "bottleneck" ? secondLayerWidth : width);
    // Journal and checkpoint of a run that is itself short.
    const fileSeconds = 0.02;
    const grid = (width: number, points: number) =>
      starts * streams * (steps * (width * points * sampleSeconds(dimension) + limit(width)) + fileSeconds);
    const batchShare = (values.batchStarts * values.batchStreams) / (starts * streams);
    const widest = widths[widths.length - 1];
    const shape =
      shapeStarts * (steps * (widest * 130 * pairSeconds[network](dimension) + limit(widest)) + fileSeconds);
    const seconds = [
      ...widths.map((width) => grid(width, batch)),
      grid(widths[middleIndex(values)], (1 + batchFactor) * batch) * batchShare,
      shape,
    ];
    return {
      seconds: seconds.reduce((sum, each) => sum + each, processSeconds),
      bytes: processBytes + 8 * (dimension + 4) * (6 * widest + 4 * batchFactor * batch),
    };
  },

  run: runMember,
  summarise,
  claims: (summary, values: Values) => claimsOf(summary as Summary, values),
  figures: (results, _summary, values) => figuresOf(results, values),
});
