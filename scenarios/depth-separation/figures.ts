import {
  type MemberResults,
  type ProfileCurve,
  problemOf,
  type SimulationRecord,
  standardFigures,
  targets,
} from "meanfield";
import { networksOf } from "./networks.ts";
import type { Values } from "./parameters.ts";

export function figuresOf(results: MemberResults, values: Values) {
  const target = targets.buildTarget(problemOf(values).target);
  const curves: ProfileCurve[] = [];
  const figures = [];
  for (const name of networksOf(values)) {
    const { result, records } = results[name];
    const label = name === "bottleneck" ? "3-layer bottleneck network" : "2-layer network";
    figures.push(
      standardFigures.lossSplit({
        id: `loss-${name}`,
        title: `Loss of the ${label}`,
        records,
        nullLoss: Number(result.nullLoss ?? 0),
      }),
    );
    curves.push(result.profile as unknown as ProfileCurve);
    if (name === "bottleneck") figures.push(...bottleneckFigures(records));
  }
  figures.push(
    standardFigures.profile({
      id: "profile",
      title: "Learned profiles",
      curves,
      target: curves[0].radii.map((radius) => target.radial?.value(radius) ?? 0),
    }),
  );
  return figures;
}

function bottleneckFigures(records: readonly SimulationRecord[]) {
  return [
    standardFigures.observables({
      id: "alpha",
      title: "The first layer and its limit",
      caption:
        "alpha = C_d E|w|^2 and the second layer's means of v and b; dashed: the infinite-width limit with the same step size.",
      label: "alpha, mean v, mean b",
      records,
      curves: [
        { name: "alpha", observable: "alpha", mark: "line", group: "alpha" },
        { name: "alpha, limit", observable: "limitAlpha", mark: "dashed", group: "alpha" },
        { name: "mean v", observable: "v", mark: "line", group: "v" },
        { name: "mean v, limit", observable: "limitV", mark: "dashed", group: "v" },
        { name: "mean b", observable: "b", mark: "line", group: "b" },
        { name: "mean b, limit", observable: "limitB", mark: "dashed", group: "b" },
      ],
    }),
    standardFigures.observables({
      id: "relative-variance",
      title: "Relative variance of F",
      caption: "m1 Var_u F / alpha^2: exactly, by the arc-cosine kernel, and as the evaluation directions see it.",
      label: "m1 Var F / alpha^2",
      records,
      curves: [
        { name: "exact", observable: "exactRelativeVariance", mark: "line" },
        { name: "on the evaluation directions", observable: "relativeVariance", mark: "dashed" },
      ],
    }),
  ];
}
