// A stretch of training of a deep network, and its values, on arrays of exactly their sizes, from any content of the scratch.
#pragma once

#include <math.h>

#include <memory>

#include "../../kernels/deep.h"
#include "../../kernels/kernels.h"
#include "exact-arrays.h"

namespace {

/// Numbers from row to row, as src/engines/deep.ts has them.
template <class T>
size_t strideOf(int count) {
  const size_t bytes = (size_t(count) * sizeof(T) + 63) / 64 * 64;
  return (bytes % 1024 == 0 ? bytes + 64 : bytes) / sizeof(T);
}

template <class T>
struct LayerArrays {
  int inputs, outputs;
  size_t stride;
  Exact<T> weights, biases, weightVelocities, biasVelocities, activations;
  LayerArrays(int from, int to, int batch, bool hasMomentum)
      : inputs(from), outputs(to), stride(strideOf<T>(to)), weights(from * stride), biases(stride), weightVelocities(hasMomentum ? from * stride : 0),
        biasVelocities(hasMomentum ? stride : 0), activations(batch * stride) {}
};

/// The rows' first `outputs` numbers; what is beyond them is nobody's.
template <class T>
void appendRows(Result& result, const Exact<T>& array, size_t stride, int outputs) {
  for (size_t row = 0; row * stride < array.count; row += 1) {
    for (int j = 0; j < outputs; j += 1) {
      const T value = array.data[row * stride + j];
      uint64_t bits = 0;
      memcpy(&bits, &value, sizeof(T));
      result.push_back(value == value ? bits : ~0ull);
    }
  }
}

template <class T>
Result deepStretchOf(const KernelTable& table, Generator& random, int scratchFill) {
  static const int edges[] = {1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 256};
  const auto width = [&]() { return random.oneIn(2) ? random.between(1, 40) : edges[random.between(0, 19)]; };
  const int layers = random.between(1, 4), batch = random.oneIn(3) ? edges[random.between(0, 14)] : random.between(1, 24);
  const bool hasMomentum = random.oneIn(2), isSquare = random.oneIn(2), isWild = random.oneIn(8);
  std::vector<int> sizes{width()};
  for (int layer = 1; layer < layers; layer += 1) sizes.push_back(width());
  sizes.push_back(random.oneIn(4) ? width() : random.between(1, 5));
  // Whole batches and a part of one.
  const int examples = batch * random.between(0, 2) + random.between(1, batch), points = random.between(1, 2 * batch);
  const int dimension = sizes[0], outputs = sizes[layers];

  std::vector<std::unique_ptr<LayerArrays<T>>> arrays;
  Exact<DeepLayer> records(layers);
  size_t widest = strideOf<T>(dimension), largest = 0;
  for (int index = 0; index < layers; index += 1) {
    arrays.push_back(std::make_unique<LayerArrays<T>>(sizes[index], sizes[index + 1], batch, hasMomentum));
    LayerArrays<T>& layer = *arrays.back();
    memset(layer.weights.data, 0, sizeof(T) * layer.weights.count);
    memset(layer.biases.data, 0, sizeof(T) * layer.biases.count);
    memset(layer.weightVelocities.data, 0, sizeof(T) * layer.weightVelocities.count);
    memset(layer.biasVelocities.data, 0, sizeof(T) * layer.biasVelocities.count);
    memset(layer.activations.data, scratchFill, sizeof(T) * layer.activations.count);
    for (int k = 0; k < layer.inputs; k += 1) {
      for (int j = 0; j < layer.outputs; j += 1) layer.weights.data[k * layer.stride + j] = T(2 * random.real() / sqrt(layer.inputs));
    }
    for (int j = 0; j < layer.outputs; j += 1) layer.biases.data[j] = T(0.1 * random.real());
    records.data[index] = {double(layer.inputs),       double(layer.outputs),           double(layer.stride),           layer.weights.address(),
                           layer.biases.address(), layer.weightVelocities.address(), layer.biasVelocities.address(), layer.activations.address()};
    widest = std::max(widest, layer.stride);
    largest = std::max(largest, layer.stride * strideOf<T>(layer.inputs));
  }
  Exact<T> inputs(size_t(examples) * dimension), targets(isSquare ? size_t(examples) * outputs : 0), at(size_t(points) * dimension),
      values(size_t(points) * outputs), batchInputs(batch * strideOf<T>(dimension)), signals(batch * widest), otherSignals(batch * widest),
      transposed(largest), row(widest);
  Exact<uint32_t> labels(isSquare ? 0 : examples), order(examples);
  for (Exact<T>* array : {&inputs, &targets, &at}) fill(random, *array, 1);
  for (Exact<T>* array : {&values, &batchInputs, &signals, &otherSignals, &transposed, &row}) memset(array->data, scratchFill, sizeof(T) * array->count);
  if (isWild) inputs.data[random.between(0, int(inputs.count) - 1)] = T(random.oneIn(2) ? NAN : HUGE_VAL);
  for (size_t s = 0; s < labels.count; s += 1) labels.data[s] = uint32_t(random.between(0, outputs - 1));
  for (int s = 0; s < examples; s += 1) order.data[s] = uint32_t(s);
  for (int s = examples - 1; s > 0; s -= 1) std::swap(order.data[s], order.data[random.between(0, s)]);

  Exact<DeepJob> job(1);
  *job.data = {double(int(DeepTask::train)), double(sizeof(T)), double(layers), records.address(), double(isSquare), double(random.between(0, 1)),
               double(batch), double(examples), 0.05, hasMomentum ? 0.9 : 0, inputs.address(), isSquare ? targets.address() : labels.address(),
               order.address(), values.address(), batchInputs.address(), double(strideOf<T>(dimension)), signals.address(), otherSignals.address(),
               transposed.address(), row.address(), NAN};
  table.deep(0, uint64_t(job.address()));
  Result result;
  Exact<double> loss(1);
  *loss.data = job.data->loss;
  append(result, loss);
  job.data->task = double(int(DeepTask::values));
  job.data->count = points;
  job.data->inputs = at.address();
  table.deep(0, uint64_t(job.address()));
  append(result, values);
  for (const auto& layer : arrays) {
    appendRows(result, layer->weights, layer->stride, layer->outputs);
    appendRows(result, layer->biases, layer->stride, layer->outputs);
    appendRows(result, layer->weightVelocities, layer->stride, layer->outputs);
    appendRows(result, layer->biasVelocities, layer->stride, layer->outputs);
  }
  return result;
}

Result deepOf(const KernelTable& table, uint64_t seed, int scratchFill) {
  Generator random{seed * 0x2545f4914f6cdd1dull + 1};
  return random.oneIn(2) ? deepStretchOf<double>(table, random, scratchFill) : deepStretchOf<float>(table, random, scratchFill);
}

}  // namespace
