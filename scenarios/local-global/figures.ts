import { type Figure, type MemberResults, numerics, type Series } from "meanfield";
import { type Case, casesOf } from "./cases.ts";
import { repeatsOf } from "./members.ts";
import { depths, type Label, labels } from "./networks.ts";
import type { Values } from "./parameters.ts";
import { type CaseSummary, learnedOf, type Row, type Summary } from "./summary.ts";

export function figuresOf(results: MemberResults, summary: Summary, values: Values): readonly Figure[] {
  const [first, second] = casesOf(values);
  return [
    ...labels.map((label) => errorFigure(summary, label, first)),
    ...labels.map((label) => sensitivityFigure(results, label, first)),
    ...(second === undefined || summary.second === null
      ? []
      : labels.map((label) => errorFigure(summary.second as CaseSummary, label, second))),
  ];
}

const layers = (depth: number): string => `${depth} hidden ${depth === 1 ? "layer" : "layers"}`;

/** Test error against N, networks and kernels. */
function errorFigure({ rows }: CaseSummary, label: Label, { prefix, values }: Case): Figure {
  const curve = (kind: Row["kind"], depth: number): readonly Row[] =>
    rows.filter((row) => row.kind === kind && row.label === label && row.hiddenLayers === depth && row.mean !== null);
  const series = depths.flatMap((depth): Series[] => {
    const group = layers(depth);
    const trained = curve("network", depth);
    const kernel = curve("kernel", depth);
    const network: Series[] = [
      {
        ...{ name: group, mark: "line", group },
        x: trained.map(({ examples }) => examples),
        y: trained.map(({ mean }) => mean),
      },
      {
        ...{ name: group, mark: "points", group },
        x: trained.map(({ examples }) => examples),
        y: trained.map(({ mean }) => mean),
        low: trained.map(({ low }) => low),
        high: trained.map(({ high }) => high),
      },
    ];
    if (kernel.length === 0) return network;
    return [
      ...network,
      {
        ...{ name: `${group}: kernel`, mark: "dashed", group },
        x: kernel.map(({ examples }) => examples),
        y: kernel.map(({ mean }) => mean),
      },
    ];
  });
  return {
    id: `${prefix}error-${label}`,
    title: `Test error, ${values.degree}-${label} label in ${values.dimension} dimensions`,
    caption:
      "Mean test error over the repetitions with 95 % intervals, learning rates tuned by cross-validation; dashed: regression with the tangent kernel of the same depth.",
    x: { label: "training examples", scale: "log" },
    y: { label: "test error", scale: "linear" },
    series,
  };
}

/** Sensitivities along training, mean over repetitions while all of them train. */
function sensitivityFigure(results: MemberResults, label: Label, of: Case): Figure {
  const { values } = of;
  const series = depths.flatMap((depth): Series[] => {
    const runs = repeatsOf(values).map(
      (repeat) => learnedOf(results, of, repeat, values.claimedExamples, depth, label)?.sensitivity ?? [],
    );
    const shared = runs[0]
      .map(({ epoch }) => epoch)
      .filter((epoch) => runs.every((run) => run.some((record) => record.epoch === epoch)));
    const at = (which: "others" | "first") =>
      shared.map((epoch) =>
        numerics.mean(runs.map((run) => run.find((record) => record.epoch === epoch)?.[which] ?? 0)),
      );
    const group = layers(depth);
    return [
      { name: group, mark: "line", x: shared, y: at("others"), group },
      { name: `${group}: first ${values.degree}`, mark: "dashed", x: shared, y: at("first"), group },
    ];
  });
  const what =
    label === "local"
      ? `Lines: one of the coordinates that the label does not depend on; dashed: one of the ${values.degree} that it does.`
      : `The label depends on all coordinates alike; dashed: one of the first ${values.degree}.`;
  return {
    id: `sensitivity-${label}`,
    title: `Answers that change with one coordinate, ${values.degree}-${label} label`,
    caption: `Share of test inputs whose class changes when a coordinate is drawn anew, along training with ${values.claimedExamples} examples, mean over coordinates and repetitions. ${what}`,
    x: { label: "epoch", scale: "log" },
    y: { label: "share of answers that change", scale: "linear" },
    series,
  };
}
