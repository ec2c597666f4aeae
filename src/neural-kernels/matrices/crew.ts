import { createBarrier } from "../../threads/barrier.ts";
import { createGang, type Gang, type GangPlace } from "../../threads/gang.ts";
import { factorShare } from "./factor-share.ts";
import { type FillWork, fillShare } from "./fill-share.ts";
import { attachMatrix, type MatrixMemory, type SentMemory, sentMemory } from "./matrix-memory.ts";

/** What the threads of a matrix do together, as plain data; a user's own function keeps it in the calling thread. */
export type MatrixWork = { readonly kind: "factor" } | FillWork;

/** What one thread is asked. */
export interface MatrixTask extends GangPlace {
  readonly memory: SentMemory;
  readonly work: MatrixWork;
}

/** One part's share of the work; `wait` is the barrier between phases. */
function share(memory: MatrixMemory, work: MatrixWork, part: number, parts: number, wait: () => void): void {
  if (work.kind === "factor") factorShare(memory, part, parts, wait);
  else fillShare(memory, work, part, parts);
}

/** Gangs by their number of threads; idle threads do not keep the process alive. */
const gangs = new Map<number, { readonly gang: Gang; last: Promise<void> }>();

/**
 * Does a piece of work on as many threads as the memory was made for. Its bits do not depend on their number.
 *
 * @throws MeanfieldError `worker-failed`
 */
export async function runMatrixWork(memory: MatrixMemory, work: MatrixWork): Promise<void> {
  const { parts } = memory.shape;
  if (parts === 1) {
    share(memory, work, 0, 1, () => {});
    return;
  }
  let crew = gangs.get(parts);
  if (crew === undefined) {
    crew = { gang: createGang(parts, "matrix-share"), last: Promise.resolve() };
    gangs.set(parts, crew);
  }
  const { gang } = crew;
  // One piece after the other: a barrier must not be met by parts of different ones.
  const done = crew.last.then(() => gang.run({ memory: sentMemory(memory), work }));
  crew.last = done.catch(() => {});
  try {
    await done;
  } catch (error) {
    // A gang whose barrier was broken is of no more use.
    if (gangs.get(parts) === crew) gangs.delete(parts);
    await gang.close();
    throw error;
  }
}

/** What a thread of a gang runs. */
export function runMatrixShare({ memory, work, part, parts, control }: MatrixTask): void {
  const barrier = createBarrier(new Int32Array(control), parts);
  share(attachMatrix(memory), work, part, parts, () => barrier.wait());
}
