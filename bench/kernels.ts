import { withEnginePreference } from "../src/engines/index.ts";
import { activations, neuralKernels, numerics } from "../src/index.ts";
import { definePart } from "./part.ts";
import { prepareOnFastest } from "./peers.ts";
import { type Contender, fastestRounds } from "./rounds.ts";
import { significant } from "./table.ts";

/** One program at one size. */
export interface KernelRow {
  readonly what: "NTK matrix, d = 100, L = 4" | "smallest eigenvalue";
  readonly count: number;
  readonly program: string;
  readonly milliseconds: number;
  /** What the other program takes, over this. */
  readonly ratio: number | null;
}

const dimension = 100;
const kernel = neuralKernels.fullyConnected({
  activation: activations.relu(),
  weightLayers: 4,
  normalization: "squared-norm",
});

function inputs(count: number): Float64Array {
  const points = new Float64Array(count * dimension);
  numerics.fillNormal(points, 0, points.length, 0, numerics.deriveKey("bench", "inputs"), 0, 0, 0);
  return points;
}

async function cpuSeconds(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const contender = (name: string, work: () => unknown): Contender => ({
  name,
  round: (repeat) =>
    cpuSeconds(async () => {
      for (let number = 0; number < repeat; number += 1) await work();
    }),
});

/** Kernel matrices beside NumPy, smallest eigenvalues beside ml-matrix's full decomposition. One thread. */
export const kernelsPart = definePart<KernelRow>({
  name: "kernels",
  title: "Kernel matrices and smallest eigenvalues",
  columns: [
    { heading: "what", width: 27, align: "left", text: ({ what }) => what },
    { heading: "n", width: 5, text: ({ count }) => String(count) },
    { heading: "program", width: 30, align: "left", text: ({ program }) => program },
    { heading: "ms", width: 8, text: ({ milliseconds }) => significant(milliseconds) },
    { heading: "ratio", width: 6, text: ({ ratio }) => significant(ratio) },
  ],
  async *rows({ peers, progress }) {
    const count = 4000;
    progress(`kernels: matrix, n = ${count}`);
    const points = inputs(count);
    const own = (engine: "auto" | "wasm") =>
      contender(engine === "auto" ? "meanfield" : "meanfield wasm", () =>
        withEnginePreference({ engine, arithmetic: "auto" }, () =>
          neuralKernels.kernelMatrix({ kernel, points, dimension }),
        ),
      );
    const contenders: Contender[] = [own("auto"), own("wasm")];
    if (peers !== null) {
      const item = { kind: "ntk", count, dimension, layers: 4 };
      contenders.push(await prepareOnFastest(peers, "NumPy by hand", item));
    }
    const best = await fastestRounds(contenders, { rounds: 5, budgetSeconds: 4 });
    const numpy = best.get("NumPy by hand");
    for (const { name } of contenders) {
      const seconds = best.get(name) ?? Number.NaN;
      const ratio = numpy === undefined || name === "NumPy by hand" ? null : numpy / seconds;
      yield { what: "NTK matrix, d = 100, L = 4", count, program: name, milliseconds: 1000 * seconds, ratio };
    }
    for (const size of [1000, 2000]) {
      progress(`kernels: smallest eigenvalue, n = ${size}`);
      const matrix = await neuralKernels.kernelMatrix({ kernel, points: inputs(size), dimension });
      const seconds = Math.min(
        ...[
          await cpuSeconds(() => neuralKernels.smallestEigenvalue(matrix)),
          await cpuSeconds(() => neuralKernels.smallestEigenvalue(matrix)),
        ],
      );
      const full = await cpuSeconds(() => numerics.symmetricEigen(matrix.values, size));
      const row = { what: "smallest eigenvalue", count: size } as const;
      yield { ...row, program: "meanfield, enclosed to 1e-10", milliseconds: 1000 * seconds, ratio: full / seconds };
      yield { ...row, program: "ml-matrix, all eigenvectors", milliseconds: 1000 * full, ratio: null };
    }
  },
});
