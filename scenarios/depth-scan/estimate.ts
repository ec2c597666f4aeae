import { limitStepSeconds, pairSeconds, processBytes, processSeconds, recordPairSeconds } from "../costs/step-costs.ts";
import { type Contestant, contestants, widthOf } from "./contestants.ts";
import type { Values } from "./parameters.ts";
import { searchWork } from "./search.ts";

/** Seconds that Adam's own arithmetic takes for one number. */
const momentSeconds = 6e-9;

/** What a run costs, roughly, on one thread. */
export function estimateOf(values: Values): { readonly seconds: number; readonly bytes: number } {
  const seconds = values.dimensions.flatMap((dimension) =>
    contestants.map((contestant) => contestantSeconds(contestant, dimension, values)),
  );
  const largest = Math.max(...values.dimensions);
  const points = values.directions + evaluationRays(largest, values);
  const bytes = 8 * (largest + 4) * (12 * Math.max(...values.widths) + 8 * points);
  return { seconds: seconds.reduce((sum, each) => sum + each, processSeconds), bytes: processBytes + 2 * bytes };
}

/** One member: its search and its ladder. */
export function contestantSeconds(contestant: Contestant, dimension: number, values: Values): number {
  const { widths, replicas, searchWidth, steps, secondLayerWidth } = values;
  const network = contestant === "bottleneck" ? "bottleneck" : "two-layer";
  const simulation = (firstLayerWidth: number) => {
    const width = widthOf(contestant, dimension, firstLayerWidth, values);
    const moments = contestant === "two-layer-adam" ? momentSeconds * (dimension + 2) : 0;
    const step = width * (values.directions * pairSeconds[network](dimension) + moments);
    return steps * step + 2 * width * evaluationRays(dimension, values) * recordPairSeconds[network](dimension);
  };
  const limit = (firstLayerWidth: number) => {
    if (contestant === "two-layer-adam") return 0;
    const size = network === "bottleneck" ? secondLayerWidth : widthOf(contestant, dimension, firstLayerWidth, values);
    return steps * limitStepSeconds[network](size);
  };
  const ladder = widths.reduce((sum, width) => sum + replicas * simulation(width) + limit(width), 0);
  return ladder + (searchWork(contestant, values) / searchWidth) * simulation(searchWidth);
}

/** At least 8 antithetic frames. */
function evaluationRays(dimension: number, { evaluationDirections }: Values): number {
  return Math.max(evaluationDirections, 16 * dimension);
}
