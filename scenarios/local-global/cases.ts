import type { Values } from "./parameters.ts";

/** A degree k in a dimension d: all networks and kernels learn it, each at all its N. */
export interface Case {
  readonly name: "first" | "second";
  /** What the members' names and seeds begin with. */
  readonly prefix: string;
  /** The run's values with this case's degree, dimension and numbers of examples. */
  readonly values: Values;
}

/** The cases of a run: `degree` in `dimension`, and the second one if there is any. */
export function casesOf(values: Values): readonly Case[] {
  const first: Case = { name: "first", prefix: "", values };
  if (values.secondDegree === 0) return [first];
  const { secondDegree: degree, secondDimension: dimension, secondExampleCounts: exampleCounts } = values;
  const claimedExamples = exampleCounts.includes(values.claimedExamples)
    ? values.claimedExamples
    : exampleCounts[exampleCounts.length - 1];
  return [
    first,
    { name: "second", prefix: "second-", values: { ...values, degree, dimension, exampleCounts, claimedExamples } },
  ];
}
