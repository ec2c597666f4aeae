import { checkSimulation, defineScenario, type JsonObject, MeanfieldError, networks } from "meanfield";
import { processBytes, processSeconds } from "./costs/step-costs.ts";
import { claimsOf } from "./lazy-to-rich/claims.ts";
import { figuresOf } from "./lazy-to-rich/figures.ts";
import { parameters } from "./lazy-to-rich/parameters.ts";
import { optionsOf, runScales } from "./lazy-to-rich/run-scales.ts";
import { type Setting, settings, startOf } from "./lazy-to-rich/settings.ts";
import { memberName, type Summary, summaryOf } from "./lazy-to-rich/slopes.ts";

/**
 * From lazy to rich: one network on one training set at output scales gamma from small to large. Large scales follow gradient descent with the tangent
 * kernel of the start, to a power of gamma that the symmetry of the start decides; small ones move their features.
 */
export default defineScenario({
  name: "lazy-to-rich",
  version: 1,
  title: "The kernel regime and the mean-field regime of one network",
  sources: [
    {
      key: "chizat2019",
      text: "L. Chizat, E. Oyallon, F. Bach, On lazy training in differentiable programming, NeurIPS 2019",
      url: "https://arxiv.org/abs/1812.07956",
    },
    {
      key: "jacot2018",
      text: "A. Jacot, F. Gabriel, C. Hongler, Neural tangent kernel: convergence and generalization in neural networks, NeurIPS 2018",
      url: "https://arxiv.org/abs/1806.07572",
    },
    { key: "derivation", text: "our derivation: docs/lazy-to-rich.md" },
  ],
  parameters,
  short: {
    width: 96,
    samples: 16,
    testSamples: 64,
    scales: [0.25, 1, 64, 128, 256, 512],
    fitFrom: 64,
    replicas: 4,
    time: 12,
  },
  headline: "slopes.ridges.distance.value",

  validate(values) {
    const { width, scales, fitFrom } = values;
    if (width % 6 !== 0) throw invalid("width", "a multiple of 6, since ridges have six neurons", String(width));
    if (scales.filter((scale) => scale >= fitFrom).length < 3) {
      throw invalid("fitFrom", "a scale with at least 3 of `scales` from it on", String(fitFrom));
    }
    for (const setting of settings) {
      const options = optionsOf(setting, values);
      const network = networks.buildNetwork(options.network, values.dimension);
      checkSimulation({ ...options, outputScale: 2, seed: 0, start: startOf(setting, network, 0, 0).arrays });
    }
  },

  members: ({ replicas }) =>
    settings.flatMap((setting) =>
      Array.from({ length: replicas }, (_, replica) => ({
        name: memberName(setting, replica),
        cost: setting === "relu" ? 1 : 4,
      })),
    ),

  estimate({ width, samples, testSamples, scales, replicas, stepSize, time, dimension }) {
    const steps = Math.max(1, Math.round(time / stepSize));
    const pairs = samples * width * steps * scales.length * replicas;
    const kernels = samples * (samples + testSamples) * width * scales.length * replicas * settings.length;
    const seconds = processSeconds + pairs * (3 * smoothSeconds + 0.1e-9 * dimension) + kernels * kernelSeconds;
    return { seconds, bytes: processBytes + 8 * width * (2 * samples + testSamples) * 4 };
  },

  async run(context, member) {
    const [, setting, replica] = /^([a-z]+)-(\d+)$/.exec(member.name) ?? [];
    return (await runScales(context, setting as Setting, Number(replica))) as unknown as JsonObject;
  },

  summarise: (results, values) => summaryOf(results, values) as unknown as JsonObject,
  claims: (summary) => claimsOf(summary as unknown as Summary),
  figures: (results, _summary, values) => figuresOf(results, values),
});

/** Seconds for one neuron and one sample of a step with softplus (measured with WebAssembly), and for one neuron and one pair of points of a tangent kernel. */
const smoothSeconds = 7e-8;
const kernelSeconds = 2e-9;

function invalid(path: string, expected: string, got: string): MeanfieldError {
  return new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path, expected, got });
}
