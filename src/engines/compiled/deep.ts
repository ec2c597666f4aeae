import type { DeepKernels, DeepLayerMemory, DeepMemory } from "../deep.ts";

/** The fields of `DeepJob` in kernels/deep.h, in their order. */
export const deepJobFields = [
  "task",
  "realBytes",
  "layers",
  "layerRecords",
  "isSquare",
  "hasBiases",
  "batch",
  "count",
  "learningRate",
  "momentum",
  "inputs",
  "targets",
  "order",
  "values",
  "batchInputs",
  "inputStride",
  "signals",
  "otherSignals",
  "transposed",
  "row",
  "loss",
] as const;
type DeepJobRecord = Record<(typeof deepJobFields)[number], number>;

/** The fields of `DeepLayer` there. */
export const deepLayerFields = [
  "inputs",
  "outputs",
  "stride",
  "weights",
  "biases",
  "weightVelocities",
  "biasVelocities",
  "activations",
] as const satisfies readonly (keyof DeepLayerMemory)[];

const tasks = { train: 0, values: 1 } as const;
const place = (field: (typeof deepJobFields)[number]): number => deepJobFields.indexOf(field);

/** Kernels of deep networks on a block of memory; `run` is handed the place of a record. */
export function compiledDeepKernels(run: (job: number) => void, memory: DeepMemory): DeepKernels {
  const { record, problem, layers, inputs, points } = memory;
  const layerRecords = deepJobFields.length;
  const job: DeepJobRecord = {
    task: tasks.train,
    realBytes: problem.precision === "float32" ? 4 : 8,
    layers: layers.length,
    layerRecords: record.byteOffset + 8 * layerRecords,
    isSquare: problem.loss === "square" ? 1 : 0,
    hasBiases: problem.biases ? 1 : 0,
    batch: problem.batchSize,
    count: 0,
    learningRate: 0,
    momentum: 0,
    inputs: inputs.byteOffset,
    targets: (problem.loss === "square" ? memory.targets : memory.labels).byteOffset,
    order: memory.order.byteOffset,
    values: memory.values.byteOffset,
    batchInputs: memory.batchInputs.byteOffset,
    inputStride: memory.inputStride,
    signals: memory.signals[0].byteOffset,
    otherSignals: memory.signals[1].byteOffset,
    transposed: memory.transposed.byteOffset,
    row: memory.row.byteOffset,
    loss: 0,
  };
  record.set(deepJobFields.map((field) => job[field]));
  for (const [index, layer] of layers.entries()) {
    const numbers = deepLayerFields.map((field) => {
      const value = layer[field];
      return typeof value === "number" ? value : value.byteOffset;
    });
    record.set(numbers, layerRecords + numbers.length * index);
  }
  const [task, count, learningRate, momentum, from, loss] = [
    place("task"),
    place("count"),
    place("learningRate"),
    place("momentum"),
    place("inputs"),
    place("loss"),
  ];
  return {
    train(examples, rate, momentumNow) {
      record[task] = tasks.train;
      record[count] = examples;
      record[learningRate] = rate;
      record[momentum] = problem.hasMomentum ? momentumNow : 0;
      record[from] = inputs.byteOffset;
      run(record.byteOffset);
      return record[loss];
    },
    values(given) {
      record[task] = tasks.values;
      record[count] = given;
      record[from] = points.byteOffset;
      run(record.byteOffset);
    },
  };
}
