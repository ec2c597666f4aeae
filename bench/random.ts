import seedrandom from "seedrandom";
import { engineLabel, enginesFor, ownDraws, prepareDraw, prepareStep } from "./meanfield-step.ts";
import { definePart } from "./part.ts";
import { prepareItem } from "./peers.ts";
import { type Contender, cpuSeconds, fastestRounds } from "./rounds.ts";
import { percent, significant } from "./table.ts";
import type { Work } from "./work.ts";

/** One generator, or the draws of one engine's step. */
export interface RandomRow {
  readonly what: "normal" | "uniform" | "draws of an sgd step";
  readonly program: string;
  /** Nanoseconds a number; null for a step's draws. */
  readonly nanoseconds: number | null;
  readonly milliseconds: number | null;
  /** Of the time of draws and step together. */
  readonly shareOfStep: number | null;
}

const count = 65_536;
const drawnStep: Omit<Work, "precision"> = {
  work: "two-layer",
  batch: 1024,
  dimension: 32,
  width: 4096,
  secondWidth: 0,
};

/** Nanoseconds a draw, and what draws cost beside the step that they feed. */
export const randomPart = definePart<RandomRow>({
  name: "random",
  title: "Random draws",
  columns: [
    { heading: "what", width: 20, align: "left", text: ({ what }) => what },
    { heading: "program", width: 46, align: "left", text: ({ program }) => program },
    { heading: "ns a number", width: 11, text: ({ nanoseconds }) => significant(nanoseconds) },
    { heading: "ms", width: 7, text: ({ milliseconds }) => significant(milliseconds) },
    { heading: "of a step", width: 9, text: ({ shareOfStep }) => percent(shareOfStep) },
  ],
  async *rows({ peers, progress }) {
    for (const what of ["normal", "uniform"] as const) {
      progress(`random: ${what}`);
      const contenders: Contender[] = [...ownGenerators(what)];
      for (const [library, title] of [
        ["torch", "PyTorch"],
        ["numpy", "NumPy"],
      ] as const) {
        if (peers === null || (library === "torch" && !peers.python.hasTorch)) continue;
        for (const precision of ["f32", "f64"]) {
          const item = { kind: "draw", library, draw: what, precision, count };
          contenders.push(await prepareItem(peers, peers.processes[0], `${title} ${precision}`, item));
        }
      }
      const best = await fastestRounds(contenders);
      for (const { name } of contenders) {
        const nanoseconds = (1e9 * (best.get(name) ?? Number.NaN)) / count;
        yield { what, program: name, nanoseconds, milliseconds: null, shareOfStep: null };
      }
    }
    for (const precision of ["f32", "f64"] as const) {
      const work: Work = { ...drawnStep, precision };
      for (const engine of enginesFor(work)) {
        progress(`random: draws of a step, ${engineLabel(engine)}, ${precision}`);
        const draw = prepareDraw(work, engine);
        const step = prepareStep(work, engine);
        const best = await fastestRounds([
          { name: "draw", round: (repeat) => cpuSeconds(() => draw(repeat)) },
          { name: "step", round: (repeat) => cpuSeconds(() => step.advance(repeat)) },
        ]);
        const [drawn, stepped] = [best.get("draw") ?? Number.NaN, best.get("step") ?? Number.NaN];
        yield {
          what: "draws of an sgd step",
          program: `${engineLabel(engine)}, ${precision}, B = 1024, d = 32, m = 4096`,
          nanoseconds: null,
          milliseconds: 1000 * drawn,
          shareOfStep: drawn / (drawn + stepped),
        };
      }
    }
  },
});

/** Ours and what else a program in JavaScript would take. */
function ownGenerators(what: "normal" | "uniform"): Contender[] {
  const out = new Float64Array(count);
  const alea = seedrandom.alea("bench");
  const from = (uniform: () => number) =>
    what === "normal"
      ? () => {
          for (let index = 0; index < count; index += 2) {
            const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
            const angle = 2 * Math.PI * uniform();
            out[index] = radius * Math.cos(angle);
            out[index + 1] = radius * Math.sin(angle);
          }
        }
      : () => {
          for (let index = 0; index < count; index += 1) out[index] = uniform();
        };
  const contender = (name: string, work: () => void): Contender => ({
    name,
    round: (repeat) =>
      cpuSeconds(() => {
        for (let number = 0; number < repeat; number += 1) work();
      }),
  });
  const method = what === "normal" ? " + Box-Muller" : "";
  return [
    ...ownDraws(what, count).map(({ label, fill }) => contender(`meanfield ${label}, f64`, fill)),
    contender(
      `seedrandom alea${method}`,
      from(() => alea()),
    ),
    contender(
      `Math.random${method}, not seeded`,
      from(() => Math.random()),
    ),
  ];
}
