import { type JsonObject, type MemberResults, numerics } from "meanfield";
import { type Interval, pairedRatio } from "../estimates/ratio.ts";
import { functionsOf, nameOf } from "./functions.ts";
import type { KernelMember } from "./kernel.ts";
import { type Family, families } from "./networks.ts";
import type { Values } from "./parameters.ts";
import type { LazyMember, RichMember } from "./train.ts";

/** Names of the members. */
export const richName = (repeat: number, count: number, family: Family): string => `r${repeat}-n${count}-${family}`;
export const kernelName = (repeat: number, count: number, family: Family): string =>
  `${richName(repeat, count, family)}-kernel`;
export const lazyName = (repeat: number, family: Family): string => `r${repeat}-${family}-lazy`;

/** Numbers of repetitions, from 1 on. */
export const repeatsOf = ({ repeats }: Values): readonly number[] =>
  Array.from({ length: repeats }, (_, index) => index + 1);

/** One family on one function at one N. */
export interface Row {
  readonly family: Family;
  readonly function: string;
  readonly examples: number;
  /** Test error of the rich network at the end. */
  readonly rich: Interval;
  /** Its training error. */
  readonly training: Interval;
  /** Test error of kernel descent at the same time. */
  readonly kernel: Interval;
  /** Smallest test error of kernel descent over time, which only who knows the test can choose. */
  readonly kernelBest: Interval;
}

/** One family on one function at one output scale above 1. */
export interface ScaleRow {
  readonly family: Family;
  readonly function: string;
  readonly scale: number;
  readonly test: Interval;
  readonly movement: Interval;
  readonly distance: Interval;
  /** Test error of kernel descent on the same examples. */
  readonly kernel: Interval;
}

/** A row's numbers one by one, at the claims' N: lists over repetitions. */
export interface Repetitions {
  readonly family: Family;
  readonly function: string;
  readonly rich: readonly number[];
  readonly kernel: readonly number[];
  readonly kernelBest: readonly number[];
}

export interface Summary {
  readonly rows: readonly Row[];
  readonly scales: readonly ScaleRow[];
  readonly repetitions: readonly Repetitions[];
  /** Rich two-layer network, largest degree: test error on the local function over that on the global one. */
  readonly localOverGlobal: Interval;
}

export function summarise(results: MemberResults, values: Values): JsonObject {
  const names = functionsOf(values).map(({ name }) => name);
  const found = <Result>(name: string): Result => results[name].result as unknown as Result;
  const each = (of: (repeat: number) => number): readonly number[] => repeatsOf(values).map(of);
  const over = (of: (repeat: number) => number): Interval => meanOver(each(of));
  const readings = (family: Family, name: string, examples: number) => {
    const rich = (repeat: number) => found<RichMember>(richName(repeat, examples, family))[name];
    const kernel = (repeat: number) => found<KernelMember>(kernelName(repeat, examples, family))[name];
    return {
      rich: (repeat: number) => last(rich(repeat).test),
      training: (repeat: number) => last(rich(repeat).training),
      kernel: (repeat: number) => kernel(repeat).test[rich(repeat).test.length - 1],
      kernelBest: (repeat: number) => Math.min(...kernel(repeat).test),
    };
  };
  const pairs = families.flatMap((family) => names.map((name) => ({ family, name })));
  const rows = pairs.flatMap(({ family, name }) =>
    values.exampleCounts.map((examples): Row => {
      const { rich, training, kernel, kernelBest } = readings(family, name, examples);
      return {
        ...{ family, function: name, examples },
        ...{ rich: over(rich), training: over(training), kernel: over(kernel), kernelBest: over(kernelBest) },
      };
    }),
  );
  const scales = pairs.flatMap(({ family, name }) =>
    values.scales.map((scale, index): ScaleRow => {
      const lazy = (repeat: number) => found<LazyMember>(lazyName(repeat, family))[name];
      return {
        ...{ family, function: name, scale },
        test: over((repeat) => lazy(repeat).test[index]),
        movement: over((repeat) => lazy(repeat).movement[index]),
        distance: over((repeat) => lazy(repeat).distance[index]),
        kernel: over((repeat) => lazy(repeat).kernel),
      };
    }),
  );
  const repetitions = pairs.map(({ family, name }): Repetitions => {
    const { rich, kernel, kernelBest } = readings(family, name, values.claimedExamples);
    return { family, function: name, rich: each(rich), kernel: each(kernel), kernelBest: each(kernelBest) };
  });
  const largest = values.degrees[values.degrees.length - 1];
  const [local, global] = (["local", "global"] as const).map(
    (locality) => repetitionsOf({ repetitions }, "two-layer", nameOf(locality, largest)).rich,
  );
  const localOverGlobal = pairedRatio(local, global);
  return { localOverGlobal, rows, scales, repetitions } as unknown as JsonObject;
}

/** The row of a family, a function and an N. */
export function rowOf({ rows }: Pick<Summary, "rows">, family: Family, name: string, examples: number): Row {
  const row = rows.find((each) => each.family === family && each.function === name && each.examples === examples);
  if (row === undefined) throw new Error(`there is no row of ${family}, ${name}, ${examples} examples`);
  return row;
}

/** The repetitions of a family and a function at the claims' N. */
export function repetitionsOf(
  { repetitions }: Pick<Summary, "repetitions">,
  family: Family,
  name: string,
): Repetitions {
  const found = repetitions.find((each) => each.family === family && each.function === name);
  if (found === undefined) throw new Error(`there are no repetitions of ${family}, ${name}`);
  return found;
}

function meanOver(numbersOfRepetitions: readonly number[]): Interval {
  const { value, low, high } = numerics.meanWithInterval(numbersOfRepetitions);
  return { value, low, high };
}

function last(values: readonly number[]): number {
  return values[values.length - 1];
}
