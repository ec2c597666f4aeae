import type { DeepKernels, DeepMemory } from "../deep.ts";

/** Where the fields of `DeepJob` in kernels/deep.h stand that change from call to call, or come back. */
const fields = { task: 0, count: 7, learningRate: 8, momentum: 9, inputs: 10, loss: 20 } as const;
const tasks = { train: 0, values: 1 } as const;
/** Doubles of the record before those of the layers. */
const headLength = 24;

/** Kernels of deep networks on a block of memory; `run` is handed the place of a record. */
export function compiledDeepKernels(run: (job: number) => void, memory: DeepMemory): DeepKernels {
  const { record, problem, layers, inputs, points } = memory;
  const head = [
    tasks.train,
    problem.precision === "float32" ? 4 : 8,
    layers.length,
    record.byteOffset + 8 * headLength,
    problem.loss === "square" ? 1 : 0,
    problem.biases ? 1 : 0,
    problem.batchSize,
    0,
    0,
    0,
    inputs.byteOffset,
    (problem.loss === "square" ? memory.targets : memory.labels).byteOffset,
    memory.order.byteOffset,
    memory.values.byteOffset,
    memory.batchInputs.byteOffset,
    memory.inputStride,
    memory.signals[0].byteOffset,
    memory.signals[1].byteOffset,
    memory.transposed.byteOffset,
    memory.row.byteOffset,
    0,
  ];
  record.set(head);
  // The fields of `DeepLayer`.
  for (const [index, layer] of layers.entries()) {
    const arrays = [layer.weights, layer.biases, layer.weightVelocities, layer.biasVelocities, layer.activations];
    const numbers = [layer.inputs, layer.outputs, layer.stride, ...arrays.map(({ byteOffset }) => byteOffset)];
    record.set(numbers, headLength + numbers.length * index);
  }
  return {
    train(count, learningRate, momentum) {
      record[fields.task] = tasks.train;
      record[fields.count] = count;
      record[fields.learningRate] = learningRate;
      record[fields.momentum] = problem.hasMomentum ? momentum : 0;
      record[fields.inputs] = inputs.byteOffset;
      run(record.byteOffset);
      return record[fields.loss];
    },
    values(count) {
      record[fields.task] = tasks.values;
      record[fields.count] = count;
      record[fields.inputs] = points.byteOffset;
      run(record.byteOffset);
    },
  };
}
