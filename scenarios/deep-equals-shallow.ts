import { defineScenario, type JsonObject, MeanfieldError, type MemberResults } from "meanfield";
import { claimsOf } from "./deep-equals-shallow/claims.ts";
import { figuresOf } from "./deep-equals-shallow/figures.ts";
import { parameters, type Values } from "./deep-equals-shallow/parameters.ts";
import { decaysOn, type MeasuredSphere, type Sphere } from "./deep-equals-shallow/spectra.ts";

/**
 * On the sphere, the kernels of infinitely wide ReLU networks have eigenvalues that decay with one exponent at every depth, so that what can be learned with
 * them does not depend on depth either: exponents and prefactors of NNGP and NTK, of steps, where depth does matter, and of the Laplace kernel.
 */
export default defineScenario({
  name: "deep-equals-shallow",
  version: 1,
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
  short: { dimensions: [3], degrees: [100], weightLayers: [2, 3, 5], stepLayers: [3, 4] },
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
    for (const name of ["weightLayers", "stepLayers"] as const) {
      const wrong = values[name].find((layers) => !Number.isInteger(layers));
      if (wrong !== undefined) refuse(name, "whole numbers", wrong);
    }
  },

  members: (values) =>
    values.dimensions.map((dimension, index) => ({ name: `sphere-d${dimension}`, cost: values.degrees[index] ** 2 })),

  async run(context, member) {
    const values = context.parameters;
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
    };
  },

  claims: ({ spheres }) => claimsOf(spheres as unknown as readonly MeasuredSphere[]),

  estimate: (values) => ({
    seconds: 1 + values.degrees.reduce((sum, degree) => sum + 0.2 + degree ** 2 * 1e-5, 0),
    bytes: 100e6,
  }),

  figures: (results, _summary, values) => figuresOf(spheresOf(results, values)),
});

function spheresOf(results: MemberResults, values: Values): readonly Sphere[] {
  return values.dimensions.map((dimension) => results[`sphere-d${dimension}`].result as unknown as Sphere);
}

function refuse(path: string, expected: string, got: unknown): never {
  throw new MeanfieldError("invalid-value", `${path}: expected ${expected}, got ${got}`, { path, expected });
}
