import { type Figure, numerics } from "meanfield";
import type { Values } from "./parameters.ts";
import { classNetworkNames, classNetworks, notedEpochs } from "./trained-classes.ts";
import type { TrainedResults } from "./trained-members.ts";
import { trainedNetworks } from "./trained-parity.ts";

export function trainedFigures(trained: TrainedResults, values: Values): readonly Figure[] {
  return [learningFigure(trained), widthFigure(trained, values), lossFigure(trained)];
}

/** The three networks of the published table on the first half. */
function learningFigure({ parity }: TrainedResults): Figure {
  const names = ["sine", "large-sine", "relu"] as const;
  const last = Math.max(...names.map((name) => parity[name][0].end.epochs));
  return {
    id: "parity-training",
    title: "Trained networks and the parity",
    caption:
      "Test accuracy along training on the first half. Dashed: exact regression with the infinite-width kernels of the first and the third on the same half.",
    x: { label: "epochs", scale: "log" },
    y: { label: "test accuracy", scale: "linear" },
    series: [
      ...names.map((name) => {
        const moments = parity[name][0].moments.filter(({ epochs }) => epochs > 0);
        return {
          name: trainedNetworks[name].label,
          group: name,
          mark: "line" as const,
          x: moments.map(({ epochs }) => epochs),
          y: moments.map(({ accuracy }) => accuracy),
        };
      }),
      ...(["sine", "relu"] as const).map((name) => {
        const level = parity[name][0].kernel?.accuracy ?? 0;
        return {
          name: `kernel: ${trainedNetworks[name].label}`,
          group: name,
          mark: "dashed" as const,
          x: [10, last],
          y: [level, level],
        };
      }),
    ],
  };
}

function widthFigure({ parity }: TrainedResults, { trainedWidth }: Values): Figure {
  const names = ["sine", "wide-sine", "widest-sine"] as const;
  const widths = names.map((name) => trainedNetworks[name].widthFactor * trainedWidth);
  const points = names.flatMap((name, at) =>
    parity[name].map(({ end }) => [widths[at], end.meanSquaredError] as const),
  );
  const level = numerics.mean(parity.sine.map(({ kernel }) => kernel?.meanSquaredError ?? Number.NaN));
  return {
    id: "parity-width",
    title: "Wider sines come nearer to what the kernel does",
    caption:
      "Parity: mean squared test error of trained networks with 0.5 sin 6z against their width, every network a point, and of exact regression with their infinite-width kernel.",
    x: { label: "width", scale: "log" },
    y: { label: "mean squared error", scale: "log" },
    series: [
      { name: "trained networks", mark: "points", x: points.map(([width]) => width), y: points.map(([, y]) => y) },
      { name: "exact kernel", mark: "dashed", x: [widths[0], widths[2]], y: [level, level] },
    ],
  };
}

/** The first set of points. */
function lossFigure({ classes: [task] }: TrainedResults): Figure {
  return {
    id: "classes-training",
    title: "The mimic trains as the deep network does",
    caption:
      "Training loss on four classes, first set of points: finite networks (lines) and gradient descent with their infinite-width kernels (dashed).",
    x: { label: "epochs", scale: "log" },
    y: { label: "training loss", scale: "linear" },
    series: [
      ...classNetworkNames.map((name) => ({
        name: classNetworks[name].label,
        group: name,
        mark: "line" as const,
        x: notedEpochs,
        y: task.networks[name].training,
      })),
      ...classNetworkNames.map((name) => ({
        name: `kernel: ${classNetworks[name].label}`,
        group: name,
        mark: "dashed" as const,
        x: notedEpochs,
        y: task.kernels[name].training,
      })),
    ],
  };
}
