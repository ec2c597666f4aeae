import { availableParallelism } from "node:os";

/**
 * A barrier for the threads of a gang on shared memory: spin for a moment, since the others are usually microseconds away, then sleep.
 * An abort word is read in every spin and after every sleep, so that a dead thread never hangs the rest.
 */

const arrivedWord = 0;
const generationWord = 1;
const abortWord = 2;

/** Number of 32-bit words of shared memory that a barrier needs. */
export const barrierWords = 4;
/** Looks before a thread goes to sleep, about 0.1 ms: waking one takes long beside a phase. With more threads than cores it would keep the others from working. */
const spins = 20_000;
const spinsWhereCrowded = 1000;
const sleepMs = 50;

/** Thrown out of `wait` when the gang was aborted. */
export class GangAborted extends Error {
  override readonly name = "GangAborted";
  constructor() {
    super("the gang was stopped because one of its threads ended");
  }
}

export interface Barrier {
  /** Returns when all parts have called it; throws `GangAborted` when the gang is aborted. */
  wait(): void;
}

/** One part's view of the barrier on `control` (at least `barrierWords` words of a SharedArrayBuffer, all zero at first). */
export function createBarrier(control: Int32Array, parts: number): Barrier {
  const looks = parts <= availableParallelism() ? spins : spinsWhereCrowded;
  return {
    wait() {
      const generation = Atomics.load(control, generationWord);
      if (Atomics.load(control, abortWord) !== 0) throw new GangAborted();
      if (Atomics.add(control, arrivedWord, 1) === parts - 1) {
        Atomics.store(control, arrivedWord, 0);
        Atomics.add(control, generationWord, 1);
        Atomics.notify(control, generationWord);
        return;
      }
      for (let look = 0; look < looks; look += 1) {
        if (Atomics.load(control, generationWord) !== generation) return;
        if (Atomics.load(control, abortWord) !== 0) throw new GangAborted();
      }
      while (Atomics.load(control, generationWord) === generation) {
        if (Atomics.load(control, abortWord) !== 0) throw new GangAborted();
        Atomics.wait(control, generationWord, generation, sleepMs);
      }
    },
  };
}

/** Makes every present and future `wait` on `control` throw. */
export function abortBarrier(control: Int32Array): void {
  Atomics.store(control, abortWord, 1);
  Atomics.notify(control, generationWord);
}
