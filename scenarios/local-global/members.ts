import { type Case, casesOf } from "./cases.ts";
import { kernelSeconds, trainingSeconds } from "./estimate.ts";
import { type Depth, depths } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** One member: a network of one depth on both labels, or the kernels of all depths, with one repetition's examples. */
export interface Work {
  readonly name: string;
  readonly of: Case;
  readonly repeat: number;
  readonly examples: number;
  readonly hiddenLayers: Depth | "kernels";
  /** Seconds, about. */
  readonly cost: number;
}

/** The members' names: case, repetition, N, and hidden layers or the kernels. */
export const trainedName = ({ prefix }: Case, repeat: number, count: number, depth: Depth): string =>
  `${prefix}r${repeat}-n${count}-l${depth}`;
export const kernelName = ({ prefix }: Case, repeat: number, count: number): string =>
  `${prefix}r${repeat}-n${count}-kernel`;

/** Numbers of repetitions, from 1 on. */
export const repeatsOf = ({ repeats }: Values): readonly number[] =>
  Array.from({ length: repeats }, (_, index) => index + 1);

/** All members of a run. */
export function workOf(runValues: Values): readonly Work[] {
  return casesOf(runValues).flatMap((of) => {
    const { values } = of;
    return repeatsOf(values).flatMap((repeat) =>
      values.exampleCounts.flatMap((examples) => {
        const shared = { of, repeat, examples };
        const trainings = depths.map((hiddenLayers): Work => {
          const name = trainedName(of, repeat, examples, hiddenLayers);
          return { ...shared, name, hiddenLayers, cost: trainingSeconds(hiddenLayers, examples, values) };
        });
        if (examples > values.kernelExamples) return trainings;
        const name = kernelName(of, repeat, examples);
        return [...trainings, { ...shared, name, hiddenLayers: "kernels", cost: kernelSeconds(examples, values) }];
      }),
    );
  });
}
