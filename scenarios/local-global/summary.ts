import { type JsonObject, type MemberResults, numerics } from "meanfield";
import { type Case, casesOf } from "./cases.ts";
import type { KernelMember } from "./kernel-regression.ts";
import { kernelName, repeatsOf, trainedName } from "./members.ts";
import { type Depth, depths, type Label, labels } from "./networks.ts";
import type { Values } from "./parameters.ts";
import type { Learned, TrainedMember } from "./train.ts";

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

/** What was found for one degree in one dimension. */
export interface CaseSummary {
  readonly rows: readonly Row[];
  readonly sensitivities: readonly SensitivityRow[];
}

export interface Summary extends CaseSummary {
  /** Share of trainings that ended without training error. */
  readonly fitted: number;
  /** Share of chosen rates with a smaller and a larger one in the grid, first case, trainings with the claims' N. */
  readonly ratesInside: number;
  /** Test error with 7 hidden layers over that with 1, local label, at the claims' N. */
  readonly localRatio: number | null;
  readonly second: CaseSummary | null;
}

export function summarise(results: MemberResults, values: Values): JsonObject {
  const cases = casesOf(values);
  const [first, second = null] = cases.map((of) => ({
    rows: labels.flatMap((label) => rowsOf(results, of, label)),
    sensitivities: depths.map((depth) => sensitivityRow(results, of, depth)),
  }));
  const trained = cases.flatMap((of) => of.values.exampleCounts.flatMap((count) => learnedWith(results, of, count)));
  const claimed = learnedWith(results, cases[0], values.claimedExamples);
  const [lowest, highest] = [values.learningRates[0], values.learningRates[values.learningRates.length - 1]];
  const isInside = (each: Learned | undefined) =>
    each !== undefined && each.learningRate !== null && each.learningRate > lowest && each.learningRate < highest;
  const [deep, shallow] = [7, 1].map((depth) =>
    errorsOf(first, "network", "local", depth as Depth, values.claimedExamples),
  );
  const localRatio = deep === null || shallow === null ? null : numerics.mean(deep) / numerics.mean(shallow);
  const fitted = trained.filter((each) => each?.status === "fitted").length / trained.length;
  const ratesInside = claimed.filter(isInside).length / claimed.length;
  return { ...first, fitted, ratesInside, localRatio, second } as unknown as JsonObject;
}

/** What one network learned in one repetition. */
export function learnedOf(
  results: MemberResults,
  of: Case,
  repeat: number,
  count: number,
  depth: Depth,
  label: Label,
): Learned | undefined {
  const found = results[trainedName(of, repeat, count, depth)]?.result as unknown as TrainedMember | undefined;
  return found?.[label];
}

/** All networks' with N examples. */
function learnedWith(results: MemberResults, of: Case, count: number): readonly (Learned | undefined)[] {
  return repeatsOf(of.values).flatMap((repeat) =>
    depths.flatMap((depth) => labels.map((label) => learnedOf(results, of, repeat, count, depth, label))),
  );
}

function rowsOf(results: MemberResults, of: Case, label: Label): readonly Row[] {
  const repeats = repeatsOf(of.values);
  return of.values.exampleCounts.flatMap((examples) =>
    depths.flatMap((hiddenLayers): Row[] => {
      const learned = repeats.map((repeat) => learnedOf(results, of, repeat, examples, hiddenLayers, label));
      const network: Row = {
        ...{ label, kind: "network", hiddenLayers, examples },
        ...spread(learned.map((each) => each?.testError ?? null)),
        learningRates: learned.map((each) => each?.learningRate ?? null),
        fittedAt: learned.map((each) => each?.fittedAt ?? null),
      };
      if (examples > of.values.kernelExamples) return [network];
      const regressed = repeats.map((repeat) => {
        const found = results[kernelName(of, repeat, examples)]?.result as unknown as KernelMember | undefined;
        return found?.[`depth${hiddenLayers}`][label] ?? null;
      });
      const none = { learningRates: [], fittedAt: [] };
      return [network, { ...{ label, kind: "kernel", hiddenLayers, examples }, ...spread(regressed), ...none }];
    }),
  );
}

function sensitivityRow(results: MemberResults, of: Case, hiddenLayers: Depth): SensitivityRow {
  const last = repeatsOf(of.values).flatMap((repeat) => {
    const learned = learnedOf(results, of, repeat, of.values.claimedExamples, hiddenLayers, "local");
    return learned?.sensitivity.at(-1) ?? [];
  });
  return { hiddenLayers, others: last.map(({ others }) => others), first: last.map(({ first }) => first) };
}

function spread(errors: readonly (number | null)[]): Pick<Row, "errors" | "mean" | "low" | "high"> {
  const known = errors.filter((error) => error !== null);
  if (known.length < errors.length || known.length < 2) return { errors, mean: null, low: null, high: null };
  const { value, low, high } = numerics.meanWithInterval(known);
  return { errors, mean: value, low, high };
}

/** A row's errors; null unless every repetition has one. */
export function errorsOf(
  { rows }: Pick<CaseSummary, "rows">,
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
