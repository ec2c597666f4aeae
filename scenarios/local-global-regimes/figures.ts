import { type Figure, type MemberResults, numerics, type Series } from "meanfield";
import type { Interval } from "../estimates/ratio.ts";
import { functionsOf, type Learned } from "./functions.ts";
import type { KernelMember } from "./kernel.ts";
import { type Family, families } from "./networks.ts";
import type { Values } from "./parameters.ts";
import { kernelName, repeatsOf, richName, rowOf, type Summary } from "./summary.ts";
import type { RichMember } from "./train.ts";

const familyLabels: Readonly<Record<Family, string>> = { "two-layer": "2-layer", dense: "3-layer dense" };
const regimes = { rich: "rich", kernel: "kernel" } as const;

export function figuresOf(results: MemberResults, summary: Summary, values: Values): readonly Figure[] {
  return [
    ...values.degrees.map((degree) => examplesFigure(summary, values, degree)),
    ...functionsOf(values).map((learned) => timeFigure(results, values, learned)),
    ...values.degrees.map((degree) => scaleFigure(summary, values, degree)),
  ];
}

/** Test error against N. */
function examplesFigure(summary: Summary, values: Values, degree: number): Figure {
  const series = ofDegree(values, degree).flatMap(({ name, locality }) =>
    families.flatMap((family): Series[] => {
      const rows = values.exampleCounts.map((count) => rowOf(summary, family, name, count));
      const group = `${locality}, ${familyLabels[family]}`;
      const x = values.exampleCounts;
      return [
        { name: group, mark: "line", group, x, y: rows.map(({ rich }) => rich.value) },
        { name: group, mark: "points", group, x, ...bars(rows.map(({ rich }) => rich)) },
        {
          name: `${group}: ${regimes.kernel}`,
          mark: "dashed",
          group,
          x,
          y: rows.map(({ kernelBest }) => kernelBest.value),
        },
      ];
    }),
  );
  return {
    id: `examples-${degree}`,
    title: `Test error against training examples, k = ${degree}`,
    caption: `Rich networks (output scale 1) at time ${values.time}, mean over repetitions with 95 % intervals; dashed: kernel descent with the tangent kernel of their start, stopped at its best time. 1 is the error of f = 0.`,
    x: { label: "training examples", scale: "log" },
    y: { label: "E(f - f*)^2", scale: "log" },
    series,
  };
}

/** Test error against time at the claims' N. */
function timeFigure(results: MemberResults, values: Values, { name, locality, degree }: Learned): Figure {
  const series = families.flatMap((family): Series[] => {
    const rich = repeatsOf(values).map(
      (repeat) => (results[richName(repeat, values.claimedExamples, family)].result as unknown as RichMember)[name],
    );
    const kernel = repeatsOf(values).map(
      (repeat) => (results[kernelName(repeat, values.claimedExamples, family)].result as unknown as KernelMember)[name],
    );
    const group = familyLabels[family];
    // Time 0 has no place on a logarithmic axis.
    const curve = (
      curves: readonly { readonly times: readonly number[] }[],
      of: (repeat: number, at: number) => number,
    ) => {
      const x = curves[0].times.slice(1);
      const spreads = x.map((_, at) => numerics.meanWithInterval(curves.map((_, repeat) => of(repeat, at + 1))));
      return { x, ...bars(spreads) };
    };
    const learned = curve(rich, (repeat, at) => rich[repeat].test[at]);
    const { x, y } = curve(kernel, (repeat, at) => kernel[repeat].test[at]);
    return [
      { name: group, mark: "line", group, x: learned.x, y: learned.y },
      { name: group, mark: "points", group, ...learned },
      { name: `${group}: kernel`, mark: "dashed", group, x, y },
    ];
  });
  return {
    id: `time-${name}`,
    title: `Test error along training, ${degree}-${locality} function`,
    caption: `${values.claimedExamples} examples; rich networks, mean over repetitions with 95 % intervals; dashed: kernel descent in the same steps, followed further.`,
    x: { label: "mean-field time", scale: "log" },
    y: { label: "E(f - f*)^2", scale: "log" },
    series,
  };
}

/** Test error against the output scale. */
function scaleFigure({ rows, scales }: Summary, values: Values, degree: number): Figure {
  const series = ofDegree(values, degree).flatMap(({ name, locality }) =>
    families.flatMap((family): Series[] => {
      const above = scales.filter((each) => each.family === family && each.function === name);
      const rich = rowOf({ rows }, family, name, values.lazyExamples).rich;
      const group = `${locality}, ${familyLabels[family]}`;
      const x = [1, ...values.scales];
      const shown = [rich, ...above.map(({ test }) => test)];
      return [
        { name: group, mark: "line", group, x, y: shown.map(({ value }) => value) },
        { name: group, mark: "points", group, x, ...bars(shown) },
        { name: `${group}: ${regimes.kernel}`, mark: "dashed", group, x, y: x.map(() => above[0].kernel.value) },
      ];
    }),
  );
  return {
    id: `scales-${degree}`,
    title: `From rich to lazy, k = ${degree}`,
    caption: `Test error at time ${values.time} against the output scale, ${values.lazyExamples} examples, mean over repetitions with 95 % intervals; dashed: kernel descent, which knows no scale.`,
    x: { label: "output scale gamma", scale: "log" },
    y: { label: "E(f - f*)^2", scale: "log" },
    series,
  };
}

function ofDegree(values: Values, degree: number): readonly Learned[] {
  return functionsOf(values).filter((learned) => learned.degree === degree);
}

/** Points with bars; a logarithmic axis cannot show one that reaches 0. */
function bars(spreads: readonly Interval[]) {
  return {
    y: spreads.map(({ value }) => value),
    low: spreads.map(({ value, low }) => Math.max(low, value / 10)),
    high: spreads.map(({ high }) => high),
  };
}
