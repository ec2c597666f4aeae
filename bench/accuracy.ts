import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeNpy, laws } from "meanfield";
import { evaluateLoss } from "./accuracy/evaluate.ts";
import { type Accuracy, accuracies, ownSettings, task, torchSettings } from "./accuracy/settings.ts";
import { definePart } from "./part.ts";
import { peerEnvironment } from "./peer-process.ts";
import { benchFile, repository } from "./repository.ts";
import { significant } from "./table.ts";

/** One program that trains until a loss is reached. */
export interface AccuracyRow {
  readonly accuracy: Accuracy;
  readonly program: string;
  /** Ours; null for the peers. */
  readonly engine: string | null;
  readonly settings: object;
  /** CPU seconds from the start of the process to its result. */
  readonly seconds: number;
  /** The same without the loading of Node.js or Python and their libraries. */
  readonly trainingSeconds: number;
  /** The largest over the seeds, with its standard error. */
  readonly loss: number;
  readonly lossError: number;
  readonly hasReached: boolean;
  /** `seconds` and `trainingSeconds` over ours. */
  readonly ratio: number;
  readonly trainingRatio: number;
}

const seeds = [1, 2, 3];
const evaluationDirections = 10_000;

interface Trained {
  readonly seconds: number;
  readonly trainingSeconds: number;
  readonly loss: number;
  readonly standardError: number;
  readonly engine?: string;
}

/** Process start to result, of ours and of sgd in PyTorch, for the same independently measured loss. */
export const accuracyPart = definePart<AccuracyRow>({
  name: "accuracy",
  title: "Time to accuracy",
  columns: [
    { heading: "loss", width: 5, text: ({ accuracy }) => accuracy.toExponential(0) },
    {
      heading: "program",
      width: 34,
      align: "left",
      text: ({ program, engine }) => (engine === null ? program : `${program}, ${engine}`),
    },
    { heading: "s", width: 6, text: ({ seconds }) => significant(seconds) },
    { heading: "training s", width: 10, text: ({ trainingSeconds }) => significant(trainingSeconds) },
    { heading: "ratio", width: 6, text: ({ ratio }) => significant(ratio) },
    { heading: "training ratio", width: 14, text: ({ trainingRatio }) => significant(trainingRatio) },
    {
      heading: "reached",
      width: 20,
      align: "left",
      text: ({ loss, lossError, hasReached }) =>
        `${loss.toExponential(2)} +- ${lossError.toExponential(0)}${hasReached ? "" : " missed"}`,
    },
    {
      heading: "settings",
      width: 60,
      align: "left",
      text: ({ settings }) =>
        Object.entries(settings)
          .map(([name, value]) => `${name} ${value}`)
          .join(", "),
    },
  ],
  async *rows({ peers, progress }) {
    for (const accuracy of accuracies) {
      const programs: { program: string; settings: object; train(seed: number): Trained }[] = [
        {
          program: "meanfield",
          settings: ownSettings[accuracy],
          train: (seed) => trainOurs({ ...ownSettings[accuracy], seed }),
        },
      ];
      const python = peers?.python.hasTorch === true ? peers.python.command : null;
      for (const [program, settings] of python === null ? [] : Object.entries(torchSettings)) {
        const chosen = settings[accuracy];
        if (chosen === null) continue;
        programs.push({
          program,
          settings: chosen,
          train: (seed) => trainTheirs(python ?? "", { ...task, ...chosen, seed }),
        });
      }
      const results = programs.map((): Trained[] => []);
      for (const seed of seeds) {
        programs.forEach(({ program, train }, index) => {
          progress(`accuracy ${accuracy.toExponential(0)}: ${program}, seed ${seed}`);
          results[index].push(train(seed));
        });
      }
      const fastest = (runs: readonly Trained[], time: "seconds" | "trainingSeconds"): number =>
        Math.min(...runs.map((run) => run[time]));
      for (const [index, { program, settings }] of programs.entries()) {
        const runs = results[index];
        const worst = runs.reduce((left, right) => (right.loss <= left.loss ? left : right));
        const [seconds, trainingSeconds] = [fastest(runs, "seconds"), fastest(runs, "trainingSeconds")];
        yield {
          accuracy,
          program,
          engine: runs[0].engine ?? null,
          settings,
          seconds,
          trainingSeconds,
          loss: worst.loss,
          lossError: worst.standardError,
          hasReached: worst.loss <= accuracy,
          ratio: seconds / fastest(results[0], "seconds"),
          trainingRatio: trainingSeconds / fastest(results[0], "trainingSeconds"),
        };
      }
    }
  },
});

function trainOurs(settings: object): Trained {
  return trained((out) => [
    process.execPath,
    [join(repository, "dist", "bench", "accuracy", "ours.js"), JSON.stringify({ ...settings, out })],
  ]);
}

function trainTheirs(python: string, settings: object): Trained {
  return trained((out) => [python, [benchFile("accuracy", "torch_sgd.py"), JSON.stringify({ ...settings, out })]]);
}

/** Runs a program that leaves w.npy, v.npy, b.npy and a.npy in `out` and prints its times, and measures the loss of what it left. */
function trained(command: (out: string) => [string, string[]]): Trained {
  const out = mkdtempSync(join(tmpdir(), "meanfield-accuracy-"));
  try {
    const [program, parameters] = command(out);
    const { status, stdout, stderr } = spawnSync(program, parameters, {
      env: peerEnvironment(1, {}),
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`accuracy: ${program} ended with ${status}: ${stderr}`);
    const times = JSON.parse(stdout) as Pick<Trained, "seconds" | "trainingSeconds" | "engine">;
    const read = (name: string): Float64Array => decodeNpy(readFileSync(join(out, `${name}.npy`))).data;
    const particles = { w: read("w"), v: read("v"), b: read("b"), a: read("a") };
    const law = laws.heavyTailed({ dimension: task.dimension, radiusCutoff: task.radiusCutoff });
    return { ...times, ...evaluateLoss(particles, law, evaluationDirections) };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
