import type { Figure } from "meanfield";
import type { Convergence } from "./finite-width.ts";
import type { OneLayer } from "./one-layer.ts";
import type { ParitySplit } from "./parity.ts";

export function figuresOf(
  layer: OneLayer,
  convergence: Convergence,
  splits: readonly ParitySplit[],
): readonly Figure[] {
  return [
    kernelFigure(layer),
    distanceFigure(layer),
    convergenceFigure(convergence, layer.errorConstant),
    parityFigure(splits[0]),
  ];
}

function kernelFigure({ angles, curves }: OneLayer): Figure {
  return {
    id: "kernels",
    title: "One hidden layer with the kernel of four",
    caption:
      "Exact NTKs against the angle between inputs: four hidden layers of ReLU, one hidden layer with the published mimic activation, one hidden layer of ReLU.",
    x: { label: "angle", scale: "linear" },
    y: { label: "NTK", scale: "linear" },
    series: [
      { name: "4 layers, ReLU", mark: "line", x: angles, y: curves.deep },
      { name: "1 layer, mimic", mark: "dashed", x: angles, y: curves.mimic },
      { name: "1 layer, ReLU", mark: "line", x: angles, y: curves.shallow },
    ],
  };
}

function distanceFigure({ angles, curves }: OneLayer): Figure {
  return {
    id: "mimic-distance",
    title: "What the mimic leaves",
    caption: "The mimic's exact NTK minus that of four hidden layers of ReLU, against the angle between inputs.",
    x: { label: "angle", scale: "linear" },
    y: { label: "mimic - deep", scale: "linear" },
    series: [
      { name: "mimic - deep", mark: "line", x: angles, y: curves.mimic.map((value, at) => value - curves.deep[at]) },
      { name: "0", mark: "dotted", x: [0, Math.PI], y: [0, 0] },
    ],
  };
}

function convergenceFigure({ widths, errors }: Convergence, constant: number): Figure {
  return {
    id: "finite-width",
    title: "Finite mimic networks approach their kernel as width^(-1/2)",
    caption:
      "Relative L2 error of the empirical NTK over the angles, root mean square over the draws with 95 % intervals, and what it must be: a constant, by quadrature, over the square root of the width.",
    x: { label: "width", scale: "log" },
    y: { label: "relative error", scale: "log" },
    series: [
      {
        name: "finite networks",
        mark: "points",
        x: widths,
        y: errors.map(({ value }) => value),
        low: errors.map(({ low }) => low),
        high: errors.map(({ high }) => high),
      },
      { name: "exact", mark: "dashed", x: widths, y: widths.map((width) => constant / Math.sqrt(width)) },
    ],
  };
}

function parityFigure({ sine, relu }: ParitySplit): Figure {
  const shares = sine.margins.map((_, index) => index / (sine.margins.length - 1));
  return {
    id: "parity",
    title: "Exact kernels do not learn the parity",
    caption:
      "Share of the test points whose prediction times label is at most the number on the axis, first split; signs are right to the right of 0. The sine's kernel knows the antipodes of training points (1) and nothing else.",
    x: { label: "prediction times label", scale: "linear" },
    y: { label: "share of test points", scale: "linear" },
    series: [
      { name: "0.5 sin 6z, 1 layer", mark: "line", x: sine.margins, y: shares },
      { name: "ReLU, 4 layers", mark: "line", x: relu.margins, y: shares },
      { name: "right of here: right", mark: "dotted", x: [0, 0], y: [0, 1] },
    ],
  };
}
