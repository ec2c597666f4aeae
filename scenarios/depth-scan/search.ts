import { numerics, type RunContext } from "meanfield";
import { type Contestant, simulationOf, type Tuning, tuningsOf } from "./contestants.ts";
import type { Values } from "./parameters.ts";

/** A choice with the losses at its last step: one start in the first round, further ones if it was a finalist; null where one diverged. */
export interface Trial extends Tuning {
  readonly losses: readonly (number | null)[];
}

export interface SearchResult {
  /** All choices in their order. */
  readonly trials: readonly Trial[];
  readonly chosen: Tuning;
}

/** The search's replicas begin here, beyond those of any ladder. */
const firstReplica = 2 ** 20;

/**
 * The step size and its final fraction for one contestant, the same procedure with the same numbers of trials for all: every choice on one start; the
 * best of them on further starts, since a step near the edge of stability does well on some starts and badly on most; the smallest mean wins.
 *
 * @param advance told the width of each simulation that is done
 */
export async function searchStepSize(
  context: RunContext<Values>,
  contestant: Contestant,
  dimension: number,
  advance: (width: number) => void,
): Promise<SearchResult> {
  const { parameters: values } = context;
  const { searchWidth, finalists, finalistReplicas } = values;
  const tunings = tuningsOf(values, contestant);
  const lossOf = async (index: number, replica: number): Promise<number | null> => {
    const run = { replica: firstReplica + replica, hasLimit: false };
    const options = simulationOf(contestant, dimension, searchWidth, tunings[index], values, run);
    const loss = await finalLoss(context, options, `search-${index}-${replica}`);
    advance(searchWidth);
    return loss;
  };
  const losses: (number | null)[][] = [];
  for (const index of tunings.keys()) losses.push([await lossOf(index, 0)]);
  const entered = [...tunings.keys()]
    .sort((left, right) => meanLoss(losses[left]) - meanLoss(losses[right]))
    .slice(0, finalists);
  for (const index of entered) {
    for (let replica = 1; replica <= finalistReplicas; replica += 1) losses[index].push(await lossOf(index, replica));
  }
  const best = entered.reduce((left, right) => (meanLoss(losses[right]) < meanLoss(losses[left]) ? right : left));
  if (meanLoss(losses[best]) === Infinity) {
    throw new Error("every finalist of the search diverged: give smaller step sizes");
  }
  return { trials: tunings.map((tuning, index) => ({ ...tuning, losses: losses[index] })), chosen: tunings[best] };
}

/** Widths of the search's simulations, added up. */
export function searchWork(contestant: Contestant, values: Values): number {
  const trials = tuningsOf(values, contestant).length;
  return values.searchWidth * (trials + Math.min(trials, values.finalists) * values.finalistReplicas);
}

/** Mean over a trial's starts; Infinity where one of them diverged. */
export function meanLoss(losses: readonly (number | null)[]): number {
  return numerics.mean(losses.map((loss) => loss ?? Infinity));
}

/** The loss after the last step; null where the simulation diverged, which says that its step is too large. */
async function finalLoss(
  context: RunContext<Values>,
  options: ReturnType<typeof simulationOf>,
  name: string,
): Promise<number | null> {
  try {
    const { records } = await context.simulate(options, name);
    return records[records.length - 1].loss;
  } catch (error) {
    const outcome = (error as { readonly outcome?: { readonly status?: string } }).outcome;
    if (outcome?.status === "diverged") return null;
    throw error;
  }
}
