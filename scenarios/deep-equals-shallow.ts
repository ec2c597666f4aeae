import { defineScenario, type JsonObject, MeanfieldError, type MemberResults } from "meanfield";
import { claimsOf } from "./deep-equals-shallow/claims.ts";
import { figuresOf } from "./deep-equals-shallow/figures.ts";
import { parameters, type Values } from "./deep-equals-shallow/parameters.ts";
import { type KernelErrors, regressCap } from "./deep-equals-shallow/regression.ts";
import { type RegressionSummary, regressionClaims } from "./deep-equals-shallow/regression-claims.ts";
import { regressionFigures } from "./deep-equals-shallow/regression-figures.ts";
import { decaysOn, type MeasuredSphere, type Sphere } from "./deep-equals-shallow/spectra.ts";

/**
 * On the sphere, the kernels of infinitely wide ReLU networks have eigenvalues that decay with one exponent at every depth, so that what can be learned with
 * them does not depend on depth either: exponents and prefactors of NNGP and NTK, of steps, where depth does matter, and of the Laplace kernel; and kernel ridge regression with
 * all of them.
 */
export default defineScenario({
  name: "deep-equals-shallow",
  version: 2,
  title: "Depth does not change how fast the kernels of ReLU networks decay",
  sources: [
    {
      key: "bietti2021",
      text: "A. Bietti, F. Bach, Deep Equals Shallow for ReLU Networks in Kernel Regimes, ICLR 2021",
      url: "https://arxiv.org/abs/2009.14397",
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
    for (const name of ["weightLayers", "stepLayers", "trainingSizes"] as const) {
      const wrong = values[name].find((layers) => !Number.isInteger(layers));
      if (wrong !== undefined) refuse(name, "whole numbers", wrong);
    }
    if (values.repeats === 1) refuse("repeats", "0, or 2 or more, so that there is an interval", 1);
  },

  members: (values) => [
    ...values.dimensions.map((dimension, index) => ({
      name: `sphere-d${dimension}`,
      cost: sphereSeconds(values.degrees[index]),
    })),
    ...repeatsOf(values).map((repeat) => ({ name: `regression-${repeat}`, cost: regressionSeconds(values) })),
  ],

  async run(context, member) {
    const values = context.parameters;
    const repeat = repeatsOf(values).find((each) => member.name === `regression-${each}`);
    if (repeat !== undefined) {
      const kernels = await regressCap({
        seed: context.seed,
        repeat,
        sizes: values.trainingSizes,
        points: values.testInputs,
        async onProgress(fraction) {
          context.progress(fraction);
          await context.pause();
        },
      });
      return { kernels } as unknown as JsonObject;
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
      regression: { repeats: regressionOf(results, values) as unknown as JsonObject[] },
    };
  },

  claims: ({ spheres, regression }, values) => [
    ...claimsOf(spheres as unknown as readonly MeasuredSphere[]),
    ...regressionClaims(regression as unknown as RegressionSummary, values),
  ],

  estimate: (values) => ({
    seconds:
      1 +
      values.degrees.reduce((sum, degree) => sum + sphereSeconds(degree), 0) +
      values.repeats * regressionSeconds(values),
    bytes: 100e6 + 24 * Math.max(...values.trainingSizes) ** 2,
  }),

  figures: (results, summary, values) => [
    ...figuresOf(spheresOf(results, values)),
    ...regressionFigures(summary.regression as unknown as RegressionSummary, values),
  ],
});

function repeatsOf({ repeats }: Values): readonly number[] {
  return Array.from({ length: repeats }, (_, repeat) => repeat);
}

function sphereSeconds(degree: number): number {
  return 0.2 + degree ** 2 * 1e-5;
}

/** Seven kernels, each with seven ridges: entries of the kernel, and factorisations. */
function regressionSeconds({ trainingSizes, testInputs }: Values): number {
  return trainingSizes.reduce((sum, size) => sum + 7 * (size * (size + 2 * testInputs) * 6e-8 + size ** 3 * 1e-10), 0);
}

function regressionOf(results: MemberResults, values: Values): RegressionSummary["repeats"] {
  return repeatsOf(values).map(
    (repeat) => (results[`regression-${repeat}`].result as unknown as { kernels: readonly KernelErrors[] }).kernels,
  );
}

function spheresOf(results: MemberResults, values: Values): readonly Sphere[] {
  return values.dimensions.map((dimension) => results[`sphere-d${dimension}`].result as unknown as Sphere);
}

function refuse(path: string, expected: string, got: unknown): never {
  throw new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path, expected });
}
