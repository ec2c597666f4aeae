import { type JsonObject, laws, type RunContext, targets } from "meanfield";
import { type Contestant, problemIn, simulationOf } from "./contestants.ts";
import type { Values } from "./parameters.ts";
import { type SearchResult, searchStepSize, searchWork } from "./search.ts";

/** One width of the ladder: the numbers of its replicas, after the last step. */
export interface LadderPoint {
  /** Of the contestant's own first layer. */
  readonly width: number;
  readonly parameters: number;
  readonly losses: readonly number[];
  readonly meanField: readonly number[];
  readonly discretization: readonly number[];
  /** Of the limit of the first replica's own atoms, at the same step; null for Adam. */
  readonly limitLoss: number | null;
}

/** What a member returns. */
export interface ContestantResult {
  readonly contestant: Contestant;
  readonly dimension: number;
  /** Loss of the best constant. */
  readonly nullLoss: number;
  readonly search: SearchResult;
  readonly points: readonly LadderPoint[];
}

/** One contestant in one dimension: the search for its step size, then the ladder of widths with what was found. */
export async function runContestant(
  context: RunContext<Values>,
  contestant: Contestant,
  dimension: number,
): Promise<JsonObject> {
  const { parameters: values } = context;
  const { widths, replicas } = values;
  const work = replicas * widths.reduce((sum, width) => sum + width, 0) + searchWork(contestant, values);
  let done = 0;
  context.progress(0);
  const advance = (width: number) => {
    done += width;
    context.progress(Math.min(1, done / work));
  };
  const search = await searchStepSize(context, contestant, dimension, advance);

  const points: LadderPoint[] = [];
  for (const [index, firstLayerWidth] of widths.entries()) {
    const ends = [];
    for (let replica = 0; replica < replicas; replica += 1) {
      // Other replicas at every width: a wider start of the same replica would begin with the narrower one's neurons.
      const run = { replica: index * replicas + replica, hasLimit: replica === 0 };
      const options = simulationOf(contestant, dimension, firstLayerWidth, search.chosen, values, run);
      const { records, simulation } = await context.simulate(options, `width-${firstLayerWidth}-${replica}`);
      ends.push({ record: records[records.length - 1], network: simulation.network });
      advance(firstLayerWidth);
    }
    const [{ network, record }] = ends;
    points.push({
      width: network.spec.kind === "two-layer" ? network.spec.width : firstLayerWidth,
      parameters: network.size,
      losses: ends.map((end) => end.record.loss),
      meanField: ends.map((end) => end.record.budget.meanField?.value ?? Number.NaN),
      discretization: ends.map((end) => end.record.budget.discretization?.value ?? Number.NaN),
      limitLoss: record.observables.limitLoss ?? null,
    });
  }
  const { law, target } = problemIn(dimension, values);
  const result: ContestantResult = {
    contestant,
    dimension,
    nullLoss: targets.nullLoss(laws.buildLaw(law), targets.buildTarget(target)),
    search,
    points,
  };
  return result as unknown as JsonObject;
}
