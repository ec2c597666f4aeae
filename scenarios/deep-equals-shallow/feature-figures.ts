import type { Figure, Series } from "meanfield";
import type { Values } from "./parameters.ts";
import { type FeatureErrors, featureNetworks } from "./random-features.ts";
import { geometricInterval } from "./repetitions.ts";

export function featureFigures(
  repeats: readonly (readonly FeatureErrors[])[],
  { featureSizes }: Values,
): readonly Figure[] {
  if (repeats.length === 0) return [];
  return [
    {
      id: "random-features",
      title: "Random features: a second hidden layer does not help",
      caption: `Mean square error on test inputs against the training size n, geometric mean of ${repeats.length} repetitions with 95 % intervals; lambda chosen on validation inputs. Ridge regression on the last hidden layer of ReLU networks with Gaussian weights, widths of the hidden layers in the legend. Ten neurons in the last layer leave ten features, however large n is.`,
      x: { label: "training inputs n", scale: "log" },
      y: { label: "mean square error", scale: "log" },
      series: featureNetworks.flatMap(({ name }, place): Series[] => {
        const estimates = featureSizes.map((_, at) =>
          geometricInterval(repeats.map((networks) => networks[place].errors[at])),
        );
        const curve = { name, x: featureSizes, y: estimates.map(({ value }) => value), group: name };
        const band = { low: estimates.map(({ low }) => low), high: estimates.map(({ high }) => high) };
        return [
          { ...curve, mark: "line" },
          { ...curve, ...band, mark: "band" },
        ];
      }),
    },
  ];
}
