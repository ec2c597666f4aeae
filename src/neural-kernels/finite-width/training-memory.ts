import {
  availableMemory,
  bytesText,
  chooseEngine,
  type Engine,
  type MatrixKernels,
  matrixRecordLength,
  packedLength,
} from "../../engines/index.ts";
import { MeanfieldError } from "../../errors.ts";
import type { LayerParameters } from "./finite-parameters.ts";

/** Numbers between the rows of a transposed matrix: where rows are a power of 2 apart, columns fight for the same lines of the cache. */
export const padding = 8;

/** Arrays for the training of one network, in one block of an engine's memory. */
export interface TrainingMemory {
  readonly engine: Engine;
  readonly kernels: MatrixKernels;
  /** Rows of points that fit into `features`: at least the training points. */
  readonly rows: number;
  /** h^0 = x, h^1, ..., h^(L-1), f: rows x sizes[l]. */
  readonly features: readonly Float64Array[];
  /** Other points to evaluate the network at, rows x sizes[0]. */
  readonly others: Float64Array;
  /** sigma'(z^1), ..., sigma'(z^(L-1)), each count x sizes[l]; index 0 is empty. */
  readonly slopes: readonly Float64Array[];
  /** Derivatives of the loss by z^l and by z^(l-1). */
  readonly signals: readonly [Float64Array, Float64Array];
  /** What the network learns, and where it started. */
  readonly parameters: readonly LayerParameters[];
  readonly start: readonly LayerParameters[];
  /** A matrix with rows and columns exchanged, rows `padding` apart. */
  readonly transposed: Float64Array;
  readonly packed: readonly [Float64Array, Float64Array];
}

/** Points that are evaluated together where there are fewer to train on. */
const fewestRows = 64;

/**
 * Memory for the training of a network of these sizes: inputs, widths, outputs.
 *
 * @throws MeanfieldError `out-of-memory` with what is needed and what there is
 */
export function allocateTraining(count: number, sizes: readonly number[]): TrainingMemory {
  const rows = Math.max(count, fewestRows);
  const hidden = sizes.slice(1, -1);
  const layers = sizes.slice(1).map((outputs, layer) => ({ inputs: sizes[layer], outputs }));
  const widest = Math.max(...sizes.slice(1));
  const most = (length: (layer: { readonly inputs: number; readonly outputs: number }) => number) =>
    Math.max(...layers.map(length));
  const parameters = layers.flatMap(({ inputs, outputs }) => [inputs * outputs, outputs]);
  const lengths = [
    ...sizes.map((size) => rows * size),
    rows * sizes[0],
    ...hidden.map((width) => count * width),
    count * widest,
    count * widest,
    ...parameters,
    ...parameters,
    most(({ inputs, outputs }) =>
      Math.max(inputs * (outputs + padding), (count + padding) * Math.max(inputs, outputs)),
    ),
    most(({ inputs, outputs }) =>
      Math.max(packedLength(rows, inputs), packedLength(count, outputs), packedLength(outputs, count)),
    ),
    most(({ inputs, outputs }) =>
      Math.max(packedLength(outputs, inputs), packedLength(inputs, outputs), packedLength(inputs, count)),
    ),
    matrixRecordLength,
  ];
  // Every array begins on a cache line.
  const bytes = lengths.reduce((sum, length) => sum + 64 * Math.ceil(length / 8), 0);
  const available = availableMemory();
  if (bytes > available) throw tooLarge(bytes, available, "this machine's memory");
  const engine = chooseEngine({ precision: "float64" }, ({ largestMemory = Infinity, name }) =>
    bytes > largestMemory ? tooLarge(bytes, largestMemory, `the engine ${name}`) : null,
  );
  const block = engine.allocate(bytes, 1);
  let end = block.start;
  const views = lengths.map((length) => {
    const view = new Float64Array(block.buffer, end, length);
    end += 64 * Math.ceil(length / 8);
    return view;
  });
  const take = (many: number) => views.splice(0, many);
  const takeLayers = (): readonly LayerParameters[] =>
    layers.map(() => {
      const [weights, biases] = take(2);
      return { weights, biases };
    });
  const features = take(sizes.length);
  const [others] = take(1);
  const slopes = [new Float64Array(0), ...take(hidden.length)];
  const [first, second] = take(2);
  const learned = takeLayers();
  const start = takeLayers();
  const [transposed, left, right, record] = views;
  return {
    engine,
    kernels: engine.matrices(block, record, 0),
    rows,
    features,
    others,
    slopes,
    signals: [first, second],
    parameters: learned,
    start,
    transposed,
    packed: [left, right],
  };
}

function tooLarge(bytes: number, most: number, of: string): MeanfieldError {
  const got = `a training that needs ${bytesText(bytes)}`;
  const suggestion = "take narrower layers or fewer points";
  return new MeanfieldError(
    "out-of-memory",
    `widths: expected a training within the ${bytesText(most)} of ${of}, got ${got}; ${suggestion}`,
    { path: "widths", expected: bytesText(most), got, suggestion },
  );
}
