import { type Figure, numerics, type Series } from "meanfield";
import type { Values } from "./parameters.ts";
import { type Floor, floors, type KernelErrors } from "./regression.ts";

/** The kernels' errors, one list a repetition. */
type Repeats = readonly (readonly KernelErrors[])[];

export function regressionFigures(repeats: Repeats, values: Values): readonly Figure[] {
  if (repeats.length === 0) return [];
  return (["tight", "loose"] as const).map((floor) => errorFigure(repeats, values, floor));
}

const marks = { nngp: "line", ntk: "dashed", laplace: "dotted" } as const;

function errorFigure(repeats: Repeats, { trainingSizes }: Values, floor: Floor): Figure {
  const [kernels] = repeats;
  return {
    id: `regression-${floor}`,
    title: `Kernel regression of a cap on S^3, lambda down to 10^${floors[floor]}`,
    caption: `Mean square error on test inputs against the training size n, mean of ${repeats.length} repetitions; lambda chosen on validation inputs. ${floor === "tight" ? "The ridge is too large for large n: kernels with slower decay (NTK, Laplace) do better." : "With ridges small enough the seven kernels agree."} Solid: RF, dashed: NTK, dotted: Laplace; a colour for each depth.`,
    x: { label: "training inputs n", scale: "log" },
    y: { label: "mean square error", scale: "log" },
    series: kernels.map(
      ({ name, family, weightLayers }, place): Series => ({
        name,
        mark: marks[family],
        x: trainingSizes,
        y: trainingSizes.map((_, at) => numerics.mean(repeats.map((each) => each[place].errors[floor][at]))),
        group: weightLayers === null ? name : `L = ${weightLayers}`,
      }),
    ),
  };
}
