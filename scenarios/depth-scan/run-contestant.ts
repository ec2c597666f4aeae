import { type JsonObject, laws, numerics, type RunContext, targets } from "meanfield";
import { type Contestant, problemIn, simulationOf, type Tuning, tuningsOf } from "./contestants.ts";
import type { Values } from "./parameters.ts";

/** A choice of the search with the loss at its last step, averaged over the search's replicas; null where one of them diverged. */
export interface Trial extends Tuning {
  readonly loss: number | null;
}

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
  readonly trials: readonly Trial[];
  readonly chosen: Tuning;
  readonly points: readonly LadderPoint[];
}

/** The search's replicas begin here, beyond those of any ladder. */
const firstSearchReplica = 2 ** 20;

/** One contestant in one dimension: the search for its step size, then the ladder of widths with what was found. */
export async function runContestant(
  context: RunContext<Values>,
  contestant: Contestant,
  dimension: number,
): Promise<JsonObject> {
  const { parameters: values } = context;
  const { widths, replicas, searchReplicas, searchWidth } = values;
  const tunings = tuningsOf(values, contestant);
  const ladderWork = replicas * widths.reduce((sum, width) => sum + width, 0);
  const work = ladderWork + tunings.length * searchReplicas * searchWidth;
  let done = 0;
  context.progress(0);
  const advance = (width: number) => {
    done += width;
    context.progress(Math.min(1, done / work));
  };

  const trials: Trial[] = [];
  for (const [index, tuning] of tunings.entries()) {
    const losses: number[] = [];
    for (let replica = 0; replica < searchReplicas; replica += 1) {
      const run = { replica: firstSearchReplica + replica, hasLimit: false };
      const options = simulationOf(contestant, dimension, searchWidth, tuning, values, run);
      losses.push(await finalLoss(context, options, `search-${index}-${replica}`));
      advance(searchWidth);
    }
    const loss = numerics.mean(losses);
    trials.push({ ...tuning, loss: Number.isFinite(loss) ? loss : null });
  }
  const chosen = bestOf(trials);

  const points: LadderPoint[] = [];
  for (const [index, firstLayerWidth] of widths.entries()) {
    const ends = [];
    for (let replica = 0; replica < replicas; replica += 1) {
      // Other replicas at every width: a wider start of the same replica would begin with the narrower one's neurons.
      const run = { replica: index * replicas + replica, hasLimit: replica === 0 };
      const options = simulationOf(contestant, dimension, firstLayerWidth, chosen, values, run);
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
    trials,
    chosen,
    points,
  };
  return result as unknown as JsonObject;
}

/** The loss after the last step; Infinity where the simulation diverged, which says that its step is too large. */
async function finalLoss(
  context: RunContext<Values>,
  options: ReturnType<typeof simulationOf>,
  name: string,
): Promise<number> {
  try {
    const { records } = await context.simulate(options, name);
    return records[records.length - 1].loss;
  } catch (error) {
    const outcome = (error as { readonly outcome?: { readonly status?: string } }).outcome;
    if (outcome?.status === "diverged") return Number.POSITIVE_INFINITY;
    throw error;
  }
}

function bestOf(trials: readonly Trial[]): Tuning {
  const best = trials.reduce((left, right) => ((right.loss ?? Infinity) < (left.loss ?? Infinity) ? right : left));
  if (best.loss === null) throw new Error("every trial of the search diverged: give smaller step sizes");
  return { stepSize: best.stepSize, finalFraction: best.finalFraction };
}
