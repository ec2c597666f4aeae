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

/** Numbers over repetitions, with the 95 % interval of their mean. */
export interface Spread extends Interval {
  readonly each: readonly number[];
}

/** One family on one function at one N. */
export interface Row {
  readonly family: Family;
  readonly function: string;
  readonly examples: number;
  /** Test error of the rich network at the end. */
  readonly rich: Spread;
  /** Its training error. */
  readonly training: Spread;
  /** Test error of kernel descent at the same time. */
  readonly kernel: Spread;
  /** Smallest test error of kernel descent over time, which only who knows the test can choose. */
  readonly kernelBest: Spread;
}

/** One family on one function at one output scale above 1. */
export interface ScaleRow {
  readonly family: Family;
  readonly function: string;
  readonly scale: number;
  readonly test: Spread;
  readonly movement: Spread;
  readonly distance: Spread;
  /** Test error of kernel descent on the same examples. */
  readonly kernel: Spread;
}

export interface Summary {
  readonly rows: readonly Row[];
  readonly scales: readonly ScaleRow[];
  /** Rich two-layer network, largest degree: test error on the local function over that on the global one. */
  readonly localOverGlobal: number;
}

export function summarise(results: MemberResults, values: Values): JsonObject {
  const functions = functionsOf(values);
  const over = (of: (repeat: number) => number) => spreadOf(repeatsOf(values).map(of));
  const found = <Result>(name: string): Result => results[name].result as unknown as Result;
  const rows = families.flatMap((family) =>
    functions.flatMap(({ name }) =>
      values.exampleCounts.map((examples): Row => {
        const rich = (repeat: number) => found<RichMember>(richName(repeat, examples, family))[name];
        const kernel = (repeat: number) => found<KernelMember>(kernelName(repeat, examples, family))[name];
        return {
          ...{ family, function: name, examples },
          rich: over((repeat) => last(rich(repeat).test)),
          training: over((repeat) => last(rich(repeat).training)),
          kernel: over((repeat) => kernel(repeat).test[rich(repeat).test.length - 1]),
          kernelBest: over((repeat) => Math.min(...kernel(repeat).test)),
        };
      }),
    ),
  );
  const scales = families.flatMap((family) =>
    functions.flatMap(({ name }) =>
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
    ),
  );
  const largest = values.degrees[values.degrees.length - 1];
  const [local, global] = (["local", "global"] as const).map(
    (locality) => rowOf({ rows }, "two-layer", nameOf(locality, largest), values.claimedExamples).rich.each,
  );
  return { rows, scales, localOverGlobal: pairedRatio(local, global).value } as unknown as JsonObject;
}

/** The row of a family, a function and an N. */
export function rowOf({ rows }: Pick<Summary, "rows">, family: Family, name: string, examples: number): Row {
  const row = rows.find((each) => each.family === family && each.function === name && each.examples === examples);
  if (row === undefined) throw new Error(`there is no row of ${family}, ${name}, ${examples} examples`);
  return row;
}

function spreadOf(each: readonly number[]): Spread {
  const { value, low, high } = numerics.meanWithInterval(each);
  return { each, value, low, high };
}

function last(values: readonly number[]): number {
  return values[values.length - 1];
}
