import { defineScenario, type JsonObject, MeanfieldError, type MemberResults } from "meanfield";
import { claimsOf } from "./deep-equals-shallow/claims.ts";
import {
  digitSeconds,
  featureSeconds,
  largestBytes,
  regressionSeconds,
  sphereSeconds,
} from "./deep-equals-shallow/costs.ts";
import { type DigitSummary, digitClaims, digitSummary } from "./deep-equals-shallow/digit-claims.ts";
import { digitFigures } from "./deep-equals-shallow/digit-figures.ts";
import { type DigitResult, regressDigits } from "./deep-equals-shallow/digits.ts";
import { type FeatureSummary, featureClaims, featureSummary } from "./deep-equals-shallow/feature-claims.ts";
import { featureFigures } from "./deep-equals-shallow/feature-figures.ts";
import { figuresOf } from "./deep-equals-shallow/figures.ts";
import { parameters, type Values } from "./deep-equals-shallow/parameters.ts";
import { type FeatureErrors, regressFeatures } from "./deep-equals-shallow/random-features.ts";
import { type KernelErrors, regressCap } from "./deep-equals-shallow/regression.ts";
import {
  type RegressionSummary,
  regressionClaims,
  regressionSummary,
} from "./deep-equals-shallow/regression-claims.ts";
import { regressionFigures } from "./deep-equals-shallow/regression-figures.ts";
import { decaysOn, type MeasuredSphere, type Sphere } from "./deep-equals-shallow/spectra.ts";

/**
 * On the sphere, the kernels of infinitely wide ReLU networks have eigenvalues that decay with one exponent at every depth, so that what can be learned with
 * them does not depend on depth either: exponents and prefactors of NNGP and NTK, of steps, where depth does matter, and of the Laplace kernel; kernel ridge regression with
 * all of them; random features of shallow and deep networks; and handwritten digits.
 */
export default defineScenario({
  name: "deep-equals-shallow",
  version: 3,
  title: "Depth does not change how fast the kernels of ReLU networks decay",
  sources: [
    {
      key: "bietti2021",
      text: "A. Bietti, F. Bach, Deep Equals Shallow for ReLU Networks in Kernel Regimes, ICLR 2021",
      url: "https://arxiv.org/abs/2009.14397",
    },
    {
      key: "lecun1998",
      text: "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-Based Learning Applied to Document Recognition, Proceedings of the IEEE 86 (1998): the handwritten digits",
      url: "https://doi.org/10.1109/5.726791",
    },
    { key: "derivation", text: "our derivation: docs/theory/neural-kernels.md" },
  ],
  parameters,
  short: {
    dimensions: [3],
    degrees: [100],
    weightLayers: [2, 3, 5],
    stepLayers: [3, 4],
    repeats: 2,
    trainingSizes: [100, 1000],
    testInputs: 1000,
    featureRepeats: 4,
    featureSizes: [128, 512, 2048],
    digitRepeats: 2,
    digitSizes: [100, 300],
    validationImages: 300,
    testImages: 1000,
  },
  headline: "largestExponentError",

  validate(values) {
    for (const [index, dimension] of values.dimensions.entries()) {
      if (!Number.isInteger(dimension)) refuse("dimensions", "whole numbers", dimension);
      const degree = values.degrees[index];
      if (!Number.isInteger(degree)) refuse("degrees", "a whole number for each dimension", degree);
      if (degree < values.firstDegree + 12) {
        refuse(
          "degrees",
          `at least firstDegree + 12 = ${values.firstDegree + 12}, so that there is a line to fit`,
          degree,
        );
      }
    }
    if (values.degrees.length !== values.dimensions.length) {
      refuse("degrees", `${values.dimensions.length} numbers, one for each dimension`, values.degrees.length);
    }
    for (const name of [
      "weightLayers",
      "stepLayers",
      "trainingSizes",
      "featureSizes",
      "digitSizes",
      "digitLayers",
    ] as const) {
      const wrong = values[name].find((layers) => !Number.isInteger(layers));
      if (wrong !== undefined) refuse(name, "whole numbers", wrong);
    }
    for (const name of ["repeats", "featureRepeats", "digitRepeats"] as const) {
      if (values[name] === 1) refuse(name, "0, or 2 or more, so that there is an interval", 1);
    }
  },

  members: (values) => [
    ...values.dimensions.map((dimension, index) => ({
      name: `sphere-d${dimension}`,
      cost: sphereSeconds(values.degrees[index]),
    })),
    ...namesOf("regression", values.repeats).map((name) => ({ name, cost: regressionSeconds(values) })),
    ...namesOf("features", values.featureRepeats).map((name) => ({ name, cost: featureSeconds(values) })),
    ...namesOf("digits", values.digitRepeats).map((name) => ({ name, cost: digitSeconds(values) })),
  ],

  async run(context, member) {
    const values = context.parameters;
    const [part, place] = member.name.split("-");
    const repetition = {
      seed: context.seed,
      repeat: Number(place),
      async onProgress(fraction: number) {
        context.progress(fraction);
        await context.pause();
      },
    };
    if (part === "regression") {
      const { trainingSizes: sizes, testInputs: points } = values;
      return { kernels: await regressCap({ ...repetition, sizes, points }) } as unknown as JsonObject;
    }
    if (part === "features") {
      const { featureSizes: sizes, testInputs: points } = values;
      return { networks: await regressFeatures({ ...repetition, sizes, points }) } as unknown as JsonObject;
    }
    if (part === "digits") {
      const { digitSizes: sizes, digitLayers: depths, validationImages, testImages, imageFolder: folder } = values;
      const options = { ...repetition, sizes, depths, validationImages, testImages, folder };
      return (await regressDigits(options)) as unknown as JsonObject;
    }
    const index = values.dimensions.findIndex((dimension) => member.name === `sphere-d${dimension}`);
    const [dimension, degree] = [values.dimensions[index], values.degrees[index]];
    const { firstDegree, weightLayers, stepLayers } = values;
    const decays = decaysOn({ dimension, degree, firstDegree, weightLayers, stepLayers });
    return { dimension, decays } as unknown as JsonObject;
  },

  summarise(results, values) {
    const spheres = spheresOf(results, values);
    const off = spheres.flatMap(({ dimension, decays }) =>
      decays.flatMap(({ kernel, even }) => {
        if (even === null || (kernel !== "nngp" && kernel !== "ntk")) return [];
        return [Math.abs(even + dimension + (kernel === "nngp" ? 2 : 0))];
      }),
    );
    return {
      largestExponentError: off.length === 0 ? null : Math.max(...off),
      // Without what only figures need.
      spheres: spheres.map(({ dimension, decays }) => ({
        dimension,
        decays: decays.map(({ eigenvalues, ...rest }) => ({ ...rest, mu20: eigenvalues[19] })),
      })) as unknown as JsonObject[],
      regression: regressionSummary(regressionsOf(results, values)) as unknown as JsonObject,
      features: featureSummary(featuresOf(results, values), values) as unknown as JsonObject,
      digits: digitSummary(digitsOf(results, values)) as unknown as JsonObject,
    };
  },

  claims: ({ spheres, regression, features, digits }, values) => [
    ...claimsOf(spheres as unknown as readonly MeasuredSphere[]),
    ...regressionClaims(regression as unknown as RegressionSummary, values),
    ...featureClaims(features as unknown as FeatureSummary, values),
    ...digitClaims(digits as unknown as DigitSummary, values),
  ],

  estimate: (values) => ({
    seconds:
      1 +
      values.degrees.reduce((sum, degree) => sum + sphereSeconds(degree), 0) +
      values.repeats * regressionSeconds(values) +
      values.featureRepeats * featureSeconds(values) +
      values.digitRepeats * digitSeconds(values),
    bytes: largestBytes(values),
  }),

  figures: (results, _, values) => [
    ...figuresOf(spheresOf(results, values)),
    ...regressionFigures(regressionsOf(results, values), values),
    ...featureFigures(featuresOf(results, values), values),
    ...digitFigures(digitsOf(results, values), values),
  ],
});

type Part = "regression" | "features" | "digits";

/** The members of one part. */
function namesOf(part: Part, repeats: number): readonly string[] {
  return Array.from({ length: repeats }, (_, repeat) => `${part}-${repeat}`);
}

function resultsOf<Result>(results: MemberResults, part: Part, repeats: number): readonly Result[] {
  return namesOf(part, repeats).map((name) => results[name].result as unknown as Result);
}

function regressionsOf(results: MemberResults, { repeats }: Values): readonly (readonly KernelErrors[])[] {
  const each = resultsOf<{ readonly kernels: readonly KernelErrors[] }>(results, "regression", repeats);
  return each.map(({ kernels }) => kernels);
}

function featuresOf(results: MemberResults, { featureRepeats }: Values): readonly (readonly FeatureErrors[])[] {
  const each = resultsOf<{ readonly networks: readonly FeatureErrors[] }>(results, "features", featureRepeats);
  return each.map(({ networks }) => networks);
}

function digitsOf(results: MemberResults, { digitRepeats }: Values): readonly DigitResult[] {
  return resultsOf(results, "digits", digitRepeats);
}

function spheresOf(results: MemberResults, values: Values): readonly Sphere[] {
  return values.dimensions.map((dimension) => results[`sphere-d${dimension}`].result as unknown as Sphere);
}

function refuse(path: string, expected: string, got: unknown): never {
  throw new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path, expected });
}
