import { availableParallelism } from "node:os";
import { engineLabel, enginesFor, prepareThreadedStep } from "./meanfield-step.ts";
import { definePart } from "./part.ts";
import { openPeers, prepareOnFastest } from "./peers.ts";
import { type Contender, fastestRounds } from "./rounds.ts";
import { significant } from "./table.ts";
import { letterOf, letters, threadWorks, type Work } from "./work.ts";

/** One program with several threads against itself with one. */
export interface ThreadsRow {
  readonly work: Work["work"];
  readonly precision: Work["precision"];
  readonly batch: number;
  readonly dimension: number;
  readonly width: number;
  readonly program: string;
  readonly threads: number;
  /** Wall clock. */
  readonly milliseconds: number;
  /** The same program's time with one thread over this one. */
  readonly speedup: number;
}

/** The stepper on a gang (draws included) and PyTorch, on one thread and on all cores, wall clock. */
export const threadsPart = definePart<ThreadsRow>({
  name: "threads",
  title: "Threads of one simulation",
  columns: [
    { heading: "work", width: 4, align: "left", text: ({ work }) => letterOf(work) },
    { heading: "precision", width: 9, align: "left", text: ({ precision }) => precision },
    {
      heading: "(B, d, m)",
      width: 18,
      align: "left",
      text: ({ batch, dimension, width }) => `${batch}, ${dimension}, ${width}`,
    },
    { heading: "program", width: 22, align: "left", text: ({ program }) => program },
    { heading: "threads", width: 7, text: ({ threads }) => String(threads) },
    { heading: "ms", width: 7, text: ({ milliseconds }) => significant(milliseconds) },
    { heading: "speedup", width: 7, text: ({ speedup }) => significant(speedup) },
  ],
  async *rows({ works, machine, progress }) {
    const counts = [1, ...new Set([2, availableParallelism()])].filter((count) => count <= availableParallelism());
    const peers = [];
    for (const threads of counts) {
      const opened = await openPeers(machine, threads);
      if (opened !== null) peers.push({ threads, opened });
    }
    try {
      for (const work of threadWorks) {
        if (!works.some((letter) => letters[letter] === work.work)) continue;
        const { batch, dimension, width } = work;
        progress(`threads ${letterOf(work.work)} ${work.precision} (${batch}, ${dimension}, ${width})`);
        const contenders: (Contender & { program: string; threads: number; end(): Promise<void> })[] = [];
        for (const engine of enginesFor(work)) {
          for (const threads of counts) {
            const step = prepareThreadedStep(work, engine, threads);
            contenders.push({
              name: `${engine.name} ${threads}`,
              program: engineLabel(engine),
              threads,
              round: (repeat) => wallSeconds(() => step.advance(repeat)),
              end: () => step.close(),
            });
          }
        }
        for (const { threads, opened } of peers) {
          if (!opened.python.hasTorch) continue;
          for (const variant of ["fused", "autograd"]) {
            const item = { kind: "step", ...work, library: "torch", variant };
            const peer = await prepareOnFastest({ ...opened, clock: "wall" }, `${variant} ${threads}`, item);
            contenders.push({ ...peer, program: `PyTorch ${variant}`, threads, end: () => peer.drop() });
          }
        }
        const best = await fastestRounds(contenders, { roundSeconds: 0.05 });
        for (const contender of contenders) await contender.end();
        for (const { name, program, threads } of contenders) {
          const seconds = best.get(name) ?? Number.NaN;
          const alone = contenders.find((other) => other.program === program && other.threads === 1)?.name ?? name;
          yield {
            work: work.work,
            precision: work.precision,
            batch,
            dimension,
            width,
            program,
            threads,
            milliseconds: 1000 * seconds,
            speedup: (best.get(alone) ?? Number.NaN) / seconds,
          };
        }
      }
    } finally {
      for (const { opened } of peers) opened.close();
    }
  },
});

async function wallSeconds(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}
