import { open } from "node:fs/promises";
import { invalidValue, MeanfieldError } from "../../errors.ts";
import { npyHeader } from "../../numerics/npy.ts";
import { runMatrixWork } from "./crew.ts";
import { inputLengths, putInputs } from "./fill-share.ts";
import { inputRows } from "./input-rows.ts";
import type { KernelMatrixOptions } from "./kernel-matrix.ts";
import { allocateMatrix } from "./matrix-memory.ts";
import { resolveKernel } from "./resolve-kernel.ts";

export interface KernelFileOptions extends KernelMatrixOptions {
  /** Where the .npy file goes; an existing one is overwritten. */
  readonly file: string;
  /** Rows that are in memory at a time. @default as many as take 256 MiB, at least 64 */
  readonly blockRows?: number;
}

const defaultBytes = 2 ** 28;

/**
 * `kernelMatrix` into a NumPy file (.npy, little-endian doubles, C order), a strip of rows at a time: for matrices larger than memory, which NumPy reads
 * with `mmap_mode="r"`. The numbers are those of `kernelMatrix` but for the last bit of some, since nothing is mirrored.
 *
 * @throws MeanfieldError as `kernelMatrix`, of whose memory a strip is needed; `file-failed` where the file cannot be written
 */
export async function kernelMatrixToFile(options: KernelFileOptions): Promise<void> {
  const { points, dimension, others, file } = options;
  const { scale, entries, threads } = resolveKernel(options);
  const rows = inputRows(scale, points, dimension, "points");
  const columns = others === undefined ? rows : inputRows(scale, others, dimension, "others");
  const fitting = Math.max(64, 64 * Math.floor(defaultBytes / (8 * 64 * columns.count)));
  const { blockRows = fitting } = options;
  if (!(Number.isInteger(blockRows) && blockRows >= 1))
    throw invalidValue("blockRows", "a positive integer", blockRows);
  const strip = Math.min(rows.count, blockRows);
  const lengths = inputLengths([strip, columns.count], dimension);
  const memory = allocateMatrix({ rows: strip, columns: columns.count, ...lengths, parts: threads });
  try {
    const handle = await open(file, "w");
    try {
      await handle.writeFile(npyHeader([rows.count, columns.count]));
      for (let first = 0; first < rows.count; first += strip) {
        const count = Math.min(strip, rows.count - first);
        const part = (values: Float64Array, width: number) => values.subarray(first * width, (first + count) * width);
        // The last strip may be shorter: what is left of the one before is computed again and not written.
        const some = {
          count,
          dimension,
          rows: part(rows.rows, dimension),
          lengths: part(rows.lengths, 1),
          variances: part(rows.variances, 1),
        };
        putInputs(memory, some, columns);
        await runMatrixWork(memory, { kind: "fill", ...entries, dimension, isSymmetric: false });
        const { buffer, byteOffset } = memory.matrix;
        await handle.writeFile(Buffer.from(buffer, byteOffset, 8 * count * columns.count));
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof MeanfieldError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MeanfieldError(
      "file-failed",
      `file: could not write ${file}: ${reason}`,
      { path: "file" },
      { cause: error },
    );
  }
}
