import { type JsonObject, type MemberResults, numerics } from "meanfield";
import type { KernelMember } from "./kernel-regression.ts";
import { type Depth, depths, type Label, labels } from "./networks.ts";
import type { Values } from "./parameters.ts";
import type { TrainedMember } from "./train.ts";

/** The members' names: repetition, N, and hidden layers or the kernels. */
export const trainedName = (repeat: number, count: number, depth: Depth): string => `r${repeat}-n${count}-l${depth}`;
export const kernelName = (repeat: number, count: number): string => `r${repeat}-n${count}-kernel`;

/** Numbers of repetitions, from 1 on. */
export const repeatsOf = ({ repeats }: Values): readonly number[] =>
  Array.from({ length: repeats }, (_, index) => index + 1);

/** One network or kernel at one N, one label. */
export interface Row {
  readonly label: Label;
  readonly kind: "network" | "kernel";
  readonly hiddenLayers: Depth;
  readonly examples: number;
  /** Test errors, one a repetition; null where none was found. */
  readonly errors: readonly (number | null)[];
  readonly mean: number | null;
  /** 95 % interval of the mean over repetitions. */
  readonly low: number | null;
  readonly high: number | null;
  /** Learning rates chosen, one a repetition; empty for kernels. */
  readonly learningRates: readonly (number | null)[];
  /** Epochs to no training error. */
  readonly fittedAt: readonly (number | null)[];
}

/** Share of answers that change with an irrelevant coordinate of the local label, at the end of training, one a repetition. */
export interface SensitivityRow {
  readonly hiddenLayers: Depth;
  readonly others: readonly number[];
  readonly first: readonly number[];
}

export interface Summary {
  readonly rows: readonly Row[];
  readonly sensitivities: readonly SensitivityRow[];
  /** Share of trainings that ended without training error. */
  readonly fitted: number;
  /** Test error with 7 hidden layers over that with 1, local label, at the claims' N. */
  readonly localRatio: number | null;
}

export function summarise(results: MemberResults, values: Values): JsonObject {
  const rows: Row[] = [];
  let [fitted, all] = [0, 0];
  for (const label of labels) {
    for (const examples of values.exampleCounts) {
      for (const hiddenLayers of depths) {
        const learned = repeatsOf(values).map((repeat) => {
          const found = results[trainedName(repeat, examples, hiddenLayers)]?.result as unknown as
            | TrainedMember
            | undefined;
          return found?.[label];
        });
        all += learned.length;
        fitted += learned.filter((each) => each?.status === "fitted").length;
        rows.push({
          ...{ label, kind: "network", hiddenLayers, examples },
          ...spread(learned.map((each) => (each?.status === "fitted" ? each.testError : null))),
          learningRates: learned.map((each) => each?.learningRate ?? null),
          fittedAt: learned.map((each) => each?.fittedAt ?? null),
        });
        if (examples > values.kernelExamples) continue;
        const regressed = repeatsOf(values).map((repeat) => {
          const found = results[kernelName(repeat, examples)]?.result as unknown as KernelMember | undefined;
          return found?.[`depth${hiddenLayers}`][label] ?? null;
        });
        rows.push({
          ...{ label, kind: "kernel", hiddenLayers, examples },
          ...spread(regressed),
          ...{ learningRates: [], fittedAt: [] },
        });
      }
    }
  }
  const sensitivities = depths.map((hiddenLayers): SensitivityRow => {
    const last = repeatsOf(values).flatMap((repeat) => {
      const found = results[trainedName(repeat, values.claimedExamples, hiddenLayers)]?.result as unknown as
        | TrainedMember
        | undefined;
      return found?.local.sensitivity.at(-1) ?? [];
    });
    return { hiddenLayers, others: last.map(({ others }) => others), first: last.map(({ first }) => first) };
  });
  const meanAt = (depth: Depth) => errorsOf({ rows }, "network", "local", depth, values.claimedExamples);
  const [deep, shallow] = [meanAt(7), meanAt(1)];
  const localRatio = deep === null || shallow === null ? null : numerics.mean(deep) / numerics.mean(shallow);
  return { rows, sensitivities, fitted: fitted / all, localRatio } as unknown as JsonObject;
}

function spread(errors: readonly (number | null)[]): Pick<Row, "errors" | "mean" | "low" | "high"> {
  const known = errors.filter((error) => error !== null);
  if (known.length < errors.length || known.length < 2) return { errors, mean: null, low: null, high: null };
  const { value, low, high } = numerics.meanWithInterval(known);
  return { errors, mean: value, low, high };
}

/** A row's errors; null unless every repetition has one. */
export function errorsOf(
  { rows }: Pick<Summary, "rows">,
  kind: Row["kind"],
  label: Label,
  depth: Depth,
  examples: number,
): readonly number[] | null {
  const row = rows.find(
    (each) => each.kind === kind && each.label === label && each.hiddenLayers === depth && each.examples === examples,
  );
  const known = row?.errors.filter((error) => error !== null) ?? [];
  return row === undefined || known.length < row.errors.length || known.length < 2 ? null : known;
}
