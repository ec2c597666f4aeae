import { type Figure, numerics, type Series } from "meanfield";
import type { FeatureSummary } from "./feature-claims.ts";
import type { Values } from "./parameters.ts";
import { featureNetworks } from "./random-features.ts";

export function featureFigures({ repeats }: FeatureSummary, { featureSizes }: Values): readonly Figure[] {
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
          numerics.meanWithInterval(repeats.map((networks) => Math.log(networks[place].errors[at]))),
        );
        const curve = { name, x: featureSizes, y: estimates.map(({ value }) => Math.exp(value)), group: name };
        return [
          { ...curve, mark: "line" },
          {
            ...curve,
            mark: "band",
            low: estimates.map(({ low }) => Math.exp(low)),
            high: estimates.map(({ high }) => Math.exp(high)),
          },
        ];
      }),
    },
  ];
}
