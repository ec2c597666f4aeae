import { engineLabel, enginesFor, prepareStep } from "./meanfield-step.ts";
import { definePart } from "./part.ts";
import { type LoopForm, plainStep } from "./peers/plain-typescript.ts";
import { type PeerContender, type Peers, prepareItem, prepareOnFastest } from "./peers.ts";
import { plainInputs } from "./plain-inputs.ts";
import { type Contender, cpuSeconds, fastestRounds } from "./rounds.ts";
import { percent, significant } from "./table.ts";
import { letterOf, letters, nominalFlops, stepWorks, type Work } from "./work.ts";

/** One engine against one peer at one size. */
export interface StepRow {
  readonly work: Work["work"];
  readonly precision: Work["precision"];
  readonly batch: number;
  readonly dimension: number;
  readonly width: number;
  /** Null where no engine of ours takes this step here. */
  readonly engine: string | null;
  readonly threads: number;
  readonly milliseconds: number | null;
  readonly peer: string;
  /** The peer's form that was fastest and the core its BLAS was told to be. */
  readonly peerForm: string;
  readonly peerMilliseconds: number | null;
  /** The peer's time over ours. */
  readonly ratio: number | null;
  /** Nominal operations per second over the peak of one core in this precision. */
  readonly fractionOfPeak: number | null;
}

const torchVariants = ["fused", "chunked", "jit", "autograd"] as const;

/** Largest nominal size at which plain loops are timed: beyond it they take seconds a step. */
const largestPlainFlops = 4e9;

/** One step on one thread, CPU time, against every peer. */
export const stepPart = definePart<StepRow>({
  name: "step",
  title: "One step on one thread",
  columns: [
    { heading: "work", width: 4, align: "left", text: ({ work }) => letterOf(work) },
    { heading: "precision", width: 9, align: "left", text: ({ precision }) => precision },
    {
      heading: "(B, d, m)",
      width: 18,
      align: "left",
      text: ({ batch, dimension, width }) => `${batch}, ${dimension}, ${width}`,
    },
    { heading: "engine", width: 22, align: "left", text: ({ engine }) => engine ?? "none" },
    { heading: "ms", width: 7, text: ({ milliseconds }) => significant(milliseconds) },
    { heading: "of peak", width: 8, text: ({ fractionOfPeak }) => percent(fractionOfPeak) },
    { heading: "peer", width: 17, align: "left", text: ({ peer }) => peer },
    { heading: "ms", width: 7, text: ({ peerMilliseconds }) => significant(peerMilliseconds) },
    { heading: "ratio", width: 7, text: ({ ratio }) => significant(ratio) },
    { heading: "peer's form", width: 44, align: "left", text: ({ peerForm }) => peerForm },
  ],
  async *rows({ works, peers, peak, progress }) {
    for (const work of stepWorks) {
      if (!works.some((letter) => letters[letter] === work.work)) continue;
      progress(`step ${letterOf(work.work)} ${work.precision} (${work.batch}, ${work.dimension}, ${work.width})`);
      const engines = enginesFor(work).map((engine) => ({ name: engineLabel(engine), ...ownContender(work, engine) }));
      const plain = nominalFlops(work) > largestPlainFlops ? [] : plainContenders(work);
      const others = peers === null ? [] : await peerContenders(peers, work);
      const best = await fastestRounds([...engines, ...plain, ...others]);
      for (const other of others) await other.drop();
      const milliseconds = (name: string): number | null => {
        const seconds = best.get(name);
        return seconds === undefined ? null : 1000 * seconds;
      };
      const fastest = (candidates: readonly (Contender & { form: string })[]) =>
        candidates
          .map(({ name, form }) => ({ name, form, time: milliseconds(name) ?? Infinity }))
          .reduce((left, right) => (right.time < left.time ? right : left), { name: "", form: "", time: Infinity });
      const torch = fastest(others.filter(({ name }) => name.startsWith("PyTorch")));
      const loops = fastest(plain);
      const withCore = (name: string): string => {
        const found = others.find((other) => other.name === name);
        return found === undefined ? "" : [found.form, `BLAS ${found.process.label}`].filter(Boolean).join("; ");
      };
      const rivals = [
        {
          peer: "PyTorch best",
          form: torch.name === "" ? "" : `${torch.name.slice(8)}: ${withCore(torch.name)}`,
          time: torch.time,
        },
        {
          peer: "PyTorch autograd",
          form: withCore("PyTorch autograd"),
          time: milliseconds("PyTorch autograd") ?? Infinity,
        },
        { peer: "NumPy", form: withCore("NumPy"), time: milliseconds("NumPy") ?? Infinity },
        { peer: "plain TypeScript", form: loops.form, time: loops.time },
      ];
      for (const engine of engines.length === 0 ? [null] : engines.map(({ name }) => name)) {
        const own = engine === null ? null : milliseconds(engine);
        const fractionOfPeak =
          own === null || peak === null ? null : nominalFlops(work) / (own * 1e6) / peak[work.precision];
        for (const { peer, form, time } of rivals) {
          const peerMilliseconds = Number.isFinite(time) ? time : null;
          yield {
            work: work.work,
            precision: work.precision,
            batch: work.batch,
            dimension: work.dimension,
            width: work.width,
            engine,
            threads: 1,
            milliseconds: own,
            peer,
            peerForm: form,
            peerMilliseconds,
            ratio: own === null || peerMilliseconds === null ? null : peerMilliseconds / own,
            fractionOfPeak,
          };
        }
      }
    }
  },
});

function ownContender(work: Work, engine: Parameters<typeof prepareStep>[1]) {
  const step = prepareStep(work, engine);
  return { round: (repeat: number) => cpuSeconds(() => step.advance(repeat)) };
}

function plainContenders(work: Work): (Contender & { form: string })[] {
  const { particles, x, y } = plainInputs(work);
  return (["straightforward", "blocked"] satisfies LoopForm[]).map((form) => {
    const step = plainStep(work, form, particles, x, y, 1e-6);
    return { name: form, form, round: (repeat) => cpuSeconds(() => step.advance(repeat)) };
  });
}

/** The variants of PyTorch on the BLAS core where the fused one is fastest, and NumPy on its own best. */
async function peerContenders(peers: Peers, work: Work): Promise<PeerContender[]> {
  const item = { kind: "step", ...work };
  const contenders: PeerContender[] = [];
  if (peers.python.hasTorch) {
    const fused = await prepareOnFastest(peers, "PyTorch fused", { ...item, library: "torch", variant: "fused" });
    contenders.push(fused);
    for (const variant of torchVariants.slice(1)) {
      const other = { ...item, library: "torch", variant };
      contenders.push(await prepareItem(peers, fused.process, `PyTorch ${variant}`, other));
    }
  }
  contenders.push(await prepareOnFastest(peers, "NumPy", { ...item, library: "numpy", variant: "fused" }));
  return contenders;
}
