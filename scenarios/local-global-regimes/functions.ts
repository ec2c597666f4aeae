import { laws, type Problem, type SampleSet, targets, testSet, trainingSet } from "meanfield";
import type { Values } from "./parameters.ts";

export const localities = ["local", "global"] as const;
export type Locality = (typeof localities)[number];

/** A function to learn, of variance 1 under both laws. */
export interface Learned {
  /** Such as `local-3`. */
  readonly name: string;
  readonly locality: Locality;
  readonly degree: number;
}

/** What is learned, by name. */
export function functionsOf({ degrees }: Values): readonly Learned[] {
  return degrees.flatMap((degree) =>
    localities.map((locality) => ({ name: nameOf(locality, degree), locality, degree })),
  );
}

export const nameOf = (locality: Locality, degree: number): string => `${locality}-${degree}`;

/**
 * The problem of a function. Its other variants are the function at other places of the circle (local: d of them), or with the last factor further on
 * (global: as far as half around the circle, where terms would come twice).
 */
export function problemOf({ locality, degree }: Learned, values: Values, variant = 0): Problem {
  const { dimension } = values;
  const places = Array.from({ length: degree }, (_, index) => index);
  const scale = values.law === "hypercube" ? 1 : null;
  const target =
    locality === "local"
      ? targets.localProduct({ indices: places.map((place) => (place + variant) % dimension), scale })
      : targets.globalProduct({ offsets: [...places.slice(0, -1), degree - 1 + variant], scale });
  return { law: values.law === "hypercube" ? laws.hypercube({ dimension }) : laws.gaussian({ dimension }), target };
}

/** Number of a function's variants, itself among them. */
export function variantCount({ locality, degree }: Learned, { dimension }: Values): number {
  if (locality === "local") return dimension;
  return degree === 1 ? 1 : Math.ceil(dimension / 2) - degree + 1;
}

/** Training and test examples of a repetition. Inputs are the same for every function. */
export function examplesOf(
  problem: Problem,
  count: number,
  repeat: number,
  seed: string | number,
  { testExamples }: Values,
): { readonly training: SampleSet; readonly test: SampleSet } {
  return {
    training: trainingSet({ problem, samples: count, seed, replica: repeat }),
    test: testSet({ problem, samples: testExamples, seed: `${seed}, repetition ${repeat}` }),
  };
}
