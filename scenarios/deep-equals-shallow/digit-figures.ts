import { type Figure, numerics, type Series } from "meanfield";
import { kernelsOf } from "./digit-claims.ts";
import type { DigitErrors, DigitResult } from "./digits.ts";
import type { Values } from "./parameters.ts";

const marks = { nngp: "line", ntk: "dashed", laplace: "dotted" } as const;
const names = { nngp: "RF", ntk: "NTK", laplace: "Laplace" } as const;

export function digitFigures(results: readonly DigitResult[], { digitSizes }: Values): readonly Figure[] {
  const repeats = kernelsOf(results);
  if (repeats.length === 0) return [];
  const seriesOf = (y: (place: number, at: number) => number, isShown: (kernel: DigitErrors) => boolean): Series[] =>
    repeats[0].flatMap((kernel, place) => {
      const { family, weightLayers } = kernel;
      if (!isShown(kernel)) return [];
      const depth = weightLayers === null ? "" : `, L = ${weightLayers}`;
      return [
        {
          name: `${names[family]}${depth}`,
          mark: marks[family],
          x: digitSizes,
          y: digitSizes.map((_, at) => y(place, at)),
          group: weightLayers === null ? names[family] : `L = ${weightLayers}`,
        },
      ];
    });
  const error = (kernels: readonly DigitErrors[], place: number, at: number) => 100 * kernels[place].errors[at];
  // Of the kernels of the same family.
  const familyError = (kernels: readonly DigitErrors[], place: number, at: number) =>
    numerics.mean(
      kernels.flatMap(({ family }, each) => (family === kernels[place].family ? [error(kernels, each, at)] : [])),
    );
  const x = { label: "training images n", scale: "log" } as const;
  const what = `${repeats.length} repetitions with training and validation images of their own; lambda chosen on validation images. Solid: RF, dashed: NTK; a colour for each depth.`;
  return [
    {
      id: "digits",
      title: "Handwritten digits: depth against the number of images",
      caption: `Test error in percent against the number of training images, mean of ${what} Dotted: Laplace.`,
      x,
      y: { label: "test error, %", scale: "log" },
      series: seriesOf(
        (place, at) => numerics.mean(repeats.map((kernels) => error(kernels, place, at))),
        () => true,
      ),
    },
    {
      id: "digits-depth",
      title: "Handwritten digits: what depth changes",
      caption: `Test error minus its mean over the depths, in percentage points, mean of ${what}`,
      x,
      y: { label: "difference, points", scale: "linear" },
      series: seriesOf(
        (place, at) =>
          numerics.mean(repeats.map((kernels) => error(kernels, place, at) - familyError(kernels, place, at))),
        ({ family }) => family !== "laplace",
      ),
    },
  ];
}
