import { type JsonObject, type Member, type RunContext, simulateReplicas } from "meanfield";
import type { Values } from "./parameters.ts";
import { quietSimulationOf, simulationOf } from "./simulations.ts";

/** Samples of a step of the member with a larger batch, as a multiple of the others'. */
export const batchFactor = 4;

/** The width that is looked at with a larger batch, too: the middle of the ladder. */
export function middleIndex({ widths }: Values): number {
  return Math.floor((widths.length - 1) / 2);
}

export function membersOf(values: Values): readonly Member[] {
  const runs = values.starts * values.streams;
  const batchRuns = values.batchStarts * values.batchStreams;
  const middle = values.widths[middleIndex(values)];
  return [
    ...values.widths.map((width) => ({ name: `width-${width}`, cost: runs * width })),
    { name: "small-batch", cost: batchRuns * middle },
    { name: "large-batch", cost: batchRuns * middle * batchFactor },
    { name: "shape", cost: (values.shapeStarts * values.widths[values.widths.length - 1]) / 2 },
  ];
}

export async function runMember(context: RunContext<Values>, { name }: Member): Promise<JsonObject> {
  const { parameters: values } = context;
  const { widths, starts, streams, batchStarts, batchStreams, batch } = values;
  if (name === "shape") return runShape(context, widths[widths.length - 1]);
  if (name === "small-batch" || name === "large-batch") {
    // Starts beyond those of the ladder.
    const grid = { starts: batchStarts, samples: batchStreams, firstStart: widths.length * starts };
    return runGrid(context, widths[middleIndex(values)], grid, name === "small-batch" ? batch : batchFactor * batch);
  }
  const index = widths.findIndex((width) => name === `width-${width}`);
  return runGrid(context, widths[index], { starts, samples: streams, firstStart: index * starts }, batch);
}

/** Starts by streams. */
type GridShape = Parameters<typeof simulateReplicas>[1];

/**
 * The split of the gap at every record time. Starts of different widths are independent (a wider start begins with the narrower one's neurons, so each
 * width has numbers of its own); the streams are the same for all.
 */
async function runGrid(
  context: RunContext<Values>,
  width: number,
  grid: GridShape,
  batch: number,
): Promise<JsonObject> {
  const { parameters: values, seed } = context;
  let done = 0;
  const splits = await simulateReplicas(
    { ...simulationOf(values, width, batch), seed },
    grid,
    async (options, name) => {
      const finished = await context.simulate(options, name);
      done += 1;
      context.progress(done / (grid.starts * grid.samples));
      return finished;
    },
  );
  const part = (name: "bias" | "width" | "sampling" | "interaction" | "gap") =>
    splits.map((split) => ({
      value: split[name].value,
      error: split[name].error,
      low: split[name].low,
      high: split[name].high,
    }));
  return {
    width,
    times: splits.map(({ time }) => time),
    gap: part("gap"),
    bias: part("bias"),
    widthPart: part("width"),
    sampling: part("sampling"),
    interaction: part("interaction"),
  };
}

/** f - f_inf at one point inside the target's support, for many starts. */
async function runShape(context: RunContext<Values>, width: number): Promise<JsonObject> {
  const { shapeStarts } = context.parameters;
  const deviations: number[] = [];
  for (let start = 0; start < shapeStarts; start += 1) {
    const { records } = await context.simulate(quietSimulationOf(context.parameters, width, start), `start-${start}`);
    const { network, limit } = records[records.length - 1].probes ?? { network: [], limit: null };
    // The third node of the first ray's rule, a radius inside the target's support.
    deviations.push(network[2] - (limit?.[2] ?? Number.NaN));
    context.progress((start + 1) / shapeStarts);
  }
  return { width, deviations };
}
