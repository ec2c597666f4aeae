/** Something that can be timed: `round` does the work `repeat` times and says how many seconds that took. */
export interface Contender {
  readonly name: string;
  round(repeat: number): number | Promise<number>;
}

export interface RoundOptions {
  /** Least length of a round in seconds, unless one repetition is longer. @default 0.02 */
  readonly roundSeconds?: number;
  /** Rounds of each contender. @default 9 */
  readonly rounds?: number;
  /** Seconds after which a contender that has had three rounds gets no more. @default 2 */
  readonly budgetSeconds?: number;
}

/**
 * Seconds of one repetition of each contender: the smallest over its rounds. Rounds are interleaved (first of all, second of all, ...), so that a
 * slow spell of the machine meets everybody.
 */
export async function fastestRounds(
  contenders: readonly Contender[],
  { roundSeconds = 0.02, rounds = 9, budgetSeconds = 2 }: RoundOptions = {},
): Promise<Map<string, number>> {
  const best = new Map<string, number>();
  const repeats = new Map<string, number>();
  for (const contender of contenders) {
    // The first call warms up; it may hold a compilation.
    let taken = await contender.round(1);
    let repeat = 1;
    while (taken < roundSeconds / 2) {
      repeat = Math.min(10 * repeat, Math.ceil((1.2 * roundSeconds * repeat) / Math.max(taken, 1e-6)));
      taken = await contender.round(repeat);
    }
    repeats.set(contender.name, Math.max(1, Math.ceil((repeat * roundSeconds) / taken)));
  }
  const spent = new Map<string, number>();
  for (let number = 0; number < rounds; number += 1) {
    for (const { name, round } of contenders) {
      const used = spent.get(name) ?? 0;
      if (number >= 3 && used > budgetSeconds) continue;
      const repeat = repeats.get(name) ?? 1;
      const taken = await round(repeat);
      spent.set(name, used + taken);
      best.set(name, Math.min(best.get(name) ?? Infinity, taken / repeat));
    }
  }
  return best;
}

/**
 * CPU seconds that `work` takes: of the whole process, since Node.js 20 has no clock of one thread. So it holds what the garbage collector and the
 * compiler do meanwhile, which a thread's own clock would leave out.
 */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
