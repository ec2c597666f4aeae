import { defineScenario, type JsonObject, MeanfieldError, type RunContext } from "meanfield";
import { processBytes, processSeconds } from "./costs/step-costs.ts";
import { claimsOf } from "./ntk-min-eigenvalue/claims.ts";
import { featureDraws } from "./ntk-min-eigenvalue/features.ts";
import { figuresOf } from "./ntk-min-eigenvalue/figures.ts";
import { deepDraws, networksOfMember, twoLayerDraws } from "./ntk-min-eigenvalue/networks.ts";
import { parameters, type Values } from "./ntk-min-eigenvalue/parameters.ts";
import { drawsOfMember, rateDraws } from "./ntk-min-eigenvalue/rate.ts";
import { bothLaws, cellsOf, proportional } from "./ntk-min-eigenvalue/sphere.ts";
import { memberNames, type Summary, summaryOf } from "./ntk-min-eigenvalue/summary.ts";

/**
 * The smallest eigenvalue of the tangent kernel of ReLU networks: its sharp constant for inputs in proportion to the dimension, the two-sided bounds, the rate on low-dimensional
 * spheres, and what finite widths leave of it, with the ways in which it becomes 0.
 */
export default defineScenario({
  name: "ntk-min-eigenvalue",
  version: 1,
  title: "The smallest eigenvalue of the tangent kernel of ReLU networks, infinitely and finitely wide",
  sources: [
    {
      key: "nguyen2021",
      text: "Q. Nguyen, M. Mondelli, G. Montufar, Tight Bounds on the Smallest Eigenvalue of the Neural Tangent Kernel for Deep ReLU Networks, ICML 2021",
      url: "https://arxiv.org/abs/2012.11654",
    },
    {
      key: "karhadkar2024",
      text: "K. Karhadkar, M. Murray, G. Montufar, Bounds for the smallest eigenvalue of the NTK for arbitrary spherical data of arbitrary dimension, 2024",
      url: "https://arxiv.org/abs/2405.14630",
    },
    { key: "derivation", text: "our derivation: docs/ntk-min-eigenvalue.md, docs/theory/neural-kernels.md" },
  ],
  parameters,
  short: {
    weightLayers: [2, 3, 4],
    dimensions: [40, 80, 320],
    inputRatios: [0.5, 2],
    boundDimensions: [40, 80],
    powerDimensions: [20, 40],
    fixedDimensions: [50, 100, 200],
    draws: 6,
    lowDimensions: [3],
    rateInputs: [32, 64, 128, 256],
    rateDraws: 200,
    networkInputs: 110,
    networkDimensions: [10, 50],
    widths: [2, 8, 50, 2200],
    narrowWidths: [5, 20],
    wideWidth: 1000,
    featureWidths: [400, 8000],
    networkDraws: 10,
  },
  headline: "largestGap",

  validate(values) {
    const whole = [
      "weightLayers",
      "dimensions",
      "boundDimensions",
      "powerDimensions",
      "fixedDimensions",
      "lowDimensions",
      "rateLayers",
      "rateInputs",
      "networkDimensions",
      "widths",
      "narrowWidths",
      "featureWidths",
    ] as const;
    for (const name of whole) {
      const wrong = values[name].find((each) => !Number.isInteger(each));
      if (wrong !== undefined) refuse(name, "whole numbers", wrong);
    }
    const widest = values.widths[values.widths.length - 1];
    if (widest < 20 * values.networkInputs) {
      refuse("widths", `a last one of at least 20 networkInputs = ${20 * values.networkInputs}`, widest);
    }
    if (!values.narrowWidths.includes(20)) refuse("narrowWidths", "20 among them", values.narrowWidths.join(", "));
    if (values.featureWidths[0] <= values.networkInputs) {
      refuse("featureWidths", `widths above networkInputs = ${values.networkInputs}`, values.featureWidths[0]);
    }
  },

  members: (values) => {
    const names = memberNames(values);
    const cost = (of: (index: number) => number) => (name: string, index: number) => ({ name, cost: of(index) });
    const scale = (dimensions: readonly number[]) => cost((index) => (dimensions[index] / 160) ** 2);
    return [
      ...names.proportional.map(scale(values.dimensions)),
      ...names.bounds.map(scale(values.boundDimensions)),
      ...names.powers.map(scale(values.powerDimensions)),
      ...names.fixed.map(cost(() => 1)),
      ...names.rates.map(cost(() => 4)),
      ...names.twoLayer.flat().map(cost(() => 2)),
      ...names.deep.map(cost(() => 3)),
      { name: "features", cost: 4 },
    ];
  },

  async run(context, { name }) {
    return (await runMember(context, name)) as unknown as JsonObject;
  },

  summarise(results, values) {
    return summaryOf(results, values) as unknown as JsonObject;
  },

  claims: (summary, values) => claimsOf(summary as unknown as Summary, values),

  estimate: (values) => ({ seconds: processSeconds + secondsOf(values), bytes: processBytes + bytesOf(values) }),

  figures: (_results, summary, values) => figuresOf(summary as unknown as Summary, values),
});

async function runMember(context: RunContext<Values>, name: string): Promise<object> {
  const values = context.parameters;
  if (name === "features") return featureDraws(context);
  const [, kind, first, chunk] = /^([a-z]+(?:-[a-z]+)*)-d?(\d+)(?:-(\d+))?$/.exec(name) ?? [];
  const dimension = Number(first);
  switch (kind) {
    case "sphere":
      return { cells: await proportional(context, dimension) };
    case "bounds":
      return { cells: await cellsOf(context, { law: "gaussian", purpose: name, dimension, inputs: 2 * dimension }) };
    case "power":
      return { cells: await bothLaws(context, name, dimension, Math.round(dimension ** 1.5)) };
    case "fixed":
      return { cells: await bothLaws(context, name, dimension, values.fixedInputs) };
    case "rate":
      return rateDraws(context, dimension, Number(chunk) * drawsOfMember);
    case "two-layer":
      return { cells: await twoLayerDraws(context, dimension, Number(chunk) * networksOfMember) };
    default:
      return { cells: await deepDraws(context, dimension * networksOfMember) };
  }
}

/** Processor seconds: factorisations and kernels of n rows, and the products of finite networks. */
function secondsOf(values: Values): number {
  const eigen = (rows: number, dimension: number) => 2e-3 + rows ** 3 * 1e-10 + rows ** 2 * (2e-8 + dimension * 1e-10);
  const depths = values.weightLayers.length * values.draws;
  const perRatio = (dimension: number) =>
    values.inputRatios.reduce((sum, ratio) => sum + eigen(ratio * dimension, dimension), 0);
  const infinite =
    depths *
    (values.dimensions.reduce((sum, dimension) => sum + perRatio(dimension), 0) +
      values.boundDimensions.reduce((sum, dimension) => sum + eigen(2 * dimension, dimension), 0) +
      2 * values.powerDimensions.reduce((sum, dimension) => sum + eigen(dimension ** 1.5, dimension), 0) +
      2 * values.fixedDimensions.reduce((sum, dimension) => sum + eigen(values.fixedInputs, dimension), 0));
  const rates =
    values.lowDimensions.length *
    values.rateLayers.length *
    values.rateDraws *
    values.rateInputs.reduce((sum, rows) => sum + eigen(rows, 5), 0);
  const rows = values.networkInputs;
  const products = (width: number, inputs: number) =>
    4e-3 + rows * width * (inputs + rows) * 1e-10 + width * inputs * 2e-8;
  const dimension = values.networkDimensions[values.networkDimensions.length - 1];
  const networks =
    values.networkDraws *
    (values.networkDimensions.length * values.widths.reduce((sum, width) => sum + products(width, dimension), 0) +
      values.narrowWidths.reduce((sum, width) => sum + 3 * products(values.wideWidth, dimension + width), 0) +
      products(values.wideWidth, values.wideWidth / 4) +
      values.featureWidths.reduce((sum, width) => sum + products(width, dimension), 0));
  return infinite + rates + networks;
}

function bytesOf(values: Values): number {
  const most = Math.max(
    values.dimensions[values.dimensions.length - 1] * values.inputRatios[values.inputRatios.length - 1],
    values.powerDimensions[values.powerDimensions.length - 1] ** 1.5,
    values.rateInputs[values.rateInputs.length - 1],
  );
  const widest = Math.max(...values.widths, ...values.featureWidths);
  return 12 * most ** 2 + 48 * values.networkInputs * widest;
}

function refuse(path: string, expected: string, got: unknown): never {
  throw new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path, expected });
}
