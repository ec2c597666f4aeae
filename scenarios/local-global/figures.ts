import { type Figure, type MemberResults, numerics, type Series } from "meanfield";
import { depths, type Label, labels } from "./networks.ts";
import type { Values } from "./parameters.ts";
import { type Row, repeatsOf, type Summary, trainedName } from "./summary.ts";
import type { TrainedMember } from "./train.ts";

export function figuresOf(results: MemberResults, summary: Summary, values: Values): readonly Figure[] {
  return [
    ...labels.map((label) => errorFigure(summary, label, values)),
    ...labels.map((label) => sensitivityFigure(results, label, values)),
  ];
}

/** Test error against N, networks and kernels. */
function errorFigure({ rows }: Summary, label: Label, { degree }: Values): Figure {
  const curve = (kind: Row["kind"], depth: number): readonly Row[] =>
    rows.filter((row) => row.kind === kind && row.label === label && row.hiddenLayers === depth && row.mean !== null);
  const series = depths.flatMap((depth): Series[] => {
    const group = `${depth} hidden ${depth === 1 ? "layer" : "layers"}`;
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
    id: `error-${label}`,
    title: `Test error, ${degree}-${label} label`,
    caption:
      "Mean test error over the repetitions with 95 % intervals, learning rates tuned by cross-validation; dashed: regression with the tangent kernel of the same depth.",
    x: { label: "training examples", scale: "log" },
    y: { label: "test error", scale: "linear" },
    series,
  };
}

/** Sensitivities along training, mean over repetitions while all of them train. */
function sensitivityFigure(results: MemberResults, label: Label, values: Values): Figure {
  const series = depths.flatMap((depth): Series[] => {
    const runs = repeatsOf(values).map((repeat) => {
      const found = results[trainedName(repeat, values.claimedExamples, depth)].result as unknown as TrainedMember;
      return found[label].sensitivity;
    });
    const shared = (runs[0] ?? [])
      .map(({ epoch }) => epoch)
      .filter((epoch) => runs.every((run) => run.some((record) => record.epoch === epoch)));
    const at = (of: "others" | "first") =>
      shared.map((epoch) => numerics.mean(runs.map((run) => run.find((record) => record.epoch === epoch)?.[of] ?? 0)));
    const group = `${depth} hidden ${depth === 1 ? "layer" : "layers"}`;
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
