// Deep fully connected ReLU networks: mini-batch gradient descent over a stretch of batches, and values. One thread; what a batch needs stays in the
// caches. Layer l has weights w_kj from unit k of the layer below to its unit j, in rows k: forward and the gradient of the weights read them as they
// are, the signals that go back read them transposed (once a batch, a fiftieth of the work).
#pragma once

#include "deep-loss.h"
#include "problem.h"
#include "tile-product.h"

namespace {

enum class DeepTask { train = 0, values = 1 };

/// Every field is a double, as in problem.h; offsets count bytes from the base. src/engines/compiled/deep.ts keeps the order; a test compares.
struct DeepJob {
  double task;
  /// 4 or 8
  double realBytes;
  /// Layers of weights.
  double layers;
  /// `DeepLayer` records, the first layer first.
  double layerRecords;
  /// 0: cross-entropy, 1: square loss
  double isSquare;
  double hasBiases;
  /// Examples of a batch; the last one may have fewer.
  double batch;
  /// Examples to visit, or points to evaluate.
  double count;
  double learningRate;
  /// 0: no velocities
  double momentum;
  /// Rows of d numbers, one after the other.
  double inputs;
  /// Classes (uint32) or rows of targets.
  double targets;
  /// Which example comes when (uint32).
  double order;
  /// Rows of outputs, one after the other: what `values` writes.
  double values;
  /// Scratch: the batch's inputs in rows `inputStride` apart, two arrays of signals, a transposed layer, a row of numbers.
  double batchInputs;
  double inputStride;
  double signals;
  double otherSignals;
  double transposed;
  double row;
  /// Result of `train`: the sum of the examples' losses, each at its batch's visit.
  double loss;
};

struct DeepLayer {
  double inputs, outputs;
  /// Of rows of weights and of activations.
  double stride;
  double weights, biases, weightVelocities, biasVelocities;
  /// The batch's relu(z), or z in the last layer.
  double activations;
};

/// z = b + a w, and relu where the layer has one.
template <class T, bool isLast>
struct ForwardTiles {
  const T* biases;
  T* to;
  size_t stride;
  INLINE_METHOD Reals<T> start(int column) const { return load<T>(biases + column); }
  INLINE_METHOD void finish(int row, int column, Reals<T> z) const {
    if constexpr (!isLast) z = (Reals<T>)((Integers<T>)z & (z > Reals<T>{}));
    store<T>(to + size_t(row) * stride + column, z);
  }
};

/// Signals of the layer below: their sum where its unit is on.
template <class T>
struct SignalTiles {
  const T* activations;
  T* to;
  size_t stride;
  INLINE_METHOD Reals<T> start(int) const { return Reals<T>{}; }
  INLINE_METHOD void finish(int row, int column, Reals<T> sum) const {
    const size_t at = size_t(row) * stride + column;
    store<T>(to + at, (Reals<T>)((Integers<T>)sum & (load<T>(activations + at) > Reals<T>{})));
  }
};

/// p <- p - rate g, or v <- momentum v + g, p <- p - rate v.
template <class T, bool hasMomentum>
INLINE void descend(T* parameters, T* velocities, Reals<T> gradient, T rate, T momentum) {
  if constexpr (hasMomentum) {
    gradient = madd<T>(broadcast<T>(momentum), load<T>(velocities), gradient);
    store<T>(velocities, gradient);
  }
  store<T>(parameters, madd<T>(broadcast<T>(-rate), gradient, load<T>(parameters)));
}

/// The weights' gradient sum_s a_sk signal_sj, on which they descend at once.
template <class T, bool hasMomentum>
struct UpdateTiles {
  T* weights;
  T* velocities;
  size_t stride;
  T rate, momentum;
  INLINE_METHOD Reals<T> start(int) const { return Reals<T>{}; }
  INLINE_METHOD void finish(int row, int column, Reals<T> sum) const {
    const size_t at = size_t(row) * stride + column;
    descend<T, hasMomentum>(weights + at, velocities + at, sum, rate, momentum);
  }
};

template <class T>
struct DeepCall {
  const DeepJob& job;
  uintptr_t base;
  const DeepLayer* layers;
  int last;
  DeepCall(uintptr_t from, DeepJob& what)
      : job(what), base(from), layers((const DeepLayer*)(from + uintptr_t(what.layerRecords))), last(int(what.layers) - 1) {}
  template <class U = T>
  U* at(double offset) const { return (U*)(base + uintptr_t(offset)); }
};

/// What goes into layer `index`: the batch's inputs, or the activations below.
template <class T>
INLINE const T* below(const DeepCall<T>& call, int index, size_t* stride) {
  *stride = index == 0 ? size_t(call.job.inputStride) : size_t(call.layers[index - 1].stride);
  return call.at(index == 0 ? call.job.batchInputs : call.layers[index - 1].activations);
}

template <class T>
static void deepForward(const DeepCall<T>& call, int count) {
  for (int index = 0; index <= call.last; index += 1) {
    const DeepLayer& layer = call.layers[index];
    const size_t stride = size_t(layer.stride);
    size_t step;
    const T* a = below(call, index, &step);
    const Factors<T> factors{a, step, 1, call.at(layer.weights), stride, count, int(layer.outputs), int(layer.inputs)};
    const T* biases = call.at(layer.biases);
    T* to = call.at(layer.activations);
    if (index == call.last) smallProduct(factors, ForwardTiles<T, true>{biases, to, stride});
    else smallProduct(factors, ForwardTiles<T, false>{biases, to, stride});
  }
}

/// b <- b - rate sum_s signal_s, samples in their order.
template <class T, bool hasMomentum>
static void moveBiases(const DeepCall<T>& call, const DeepLayer& layer, const T* signals, int count) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const size_t stride = size_t(layer.stride);
  for (int column = 0; column < int(layer.outputs); column += lanes) {
    Reals<T> sum{};
    for (int s = 0; s < count; s += 1) sum += load<T>(signals + size_t(s) * stride + column);
    descend<T, hasMomentum>(call.at(layer.biases) + column, call.at(layer.biasVelocities) + column, sum, T(call.job.learningRate), T(call.job.momentum));
  }
}

/// Layers from the last to the first: the signals of the layer below from the old weights, then the step.
template <class T, bool hasMomentum>
static void deepBackward(const DeepCall<T>& call, int count) {
  const T* signals = call.at(call.layers[call.last].activations);
  double next = call.job.signals, other = call.job.otherSignals;
  for (int index = call.last; index >= 0; index -= 1) {
    const DeepLayer& layer = call.layers[index];
    const size_t stride = size_t(layer.stride);
    const int inputs = int(layer.inputs), outputs = int(layer.outputs);
    T* weights = call.at(layer.weights);
    size_t step;
    const T* a = below(call, index, &step);
    T* to = call.at(next);
    if (index > 0) {
      T* transposed = call.at(call.job.transposed);
      transposeRows(weights, stride, inputs, outputs, transposed, step);
      smallProduct(Factors<T>{signals, stride, 1, transposed, step, count, inputs, outputs}, SignalTiles<T>{a, to, step});
    }
    smallProduct(Factors<T>{a, 1, step, signals, stride, inputs, outputs, count},
             UpdateTiles<T, hasMomentum>{weights, call.at(layer.weightVelocities), stride, T(call.job.learningRate), T(call.job.momentum)});
    if (call.job.hasBiases != 0) moveBiases<T, hasMomentum>(call, layer, signals, count);
    signals = to;
    const double swapped = next;
    next = other;
    other = swapped;
  }
}

/// Copies the examples order[0 ... count) into the batch's inputs; without an order the first ones.
template <class T>
static void gather(const DeepCall<T>& call, const T* inputs, const uint32_t* order, int count) {
  const size_t dimension = size_t(call.layers[0].inputs), stride = size_t(call.job.inputStride);
  T* to = call.at(call.job.batchInputs);
  for (int s = 0; s < count; s += 1) {
    const T* from = inputs + (order == nullptr ? size_t(s) : size_t(order[s])) * dimension;
    for (size_t k = 0; k < dimension; k += 1) to[size_t(s) * stride + k] = from[k];
  }
}

template <class T>
static double trainOver(const DeepCall<T>& call) {
  const DeepJob& job = call.job;
  const int batch = int(job.batch), count = int(job.count);
  const DeepLayer& last = call.layers[call.last];
  double loss = 0;
  for (int first = 0; first < count; first += batch) {
    const int present = least(batch, count - first);
    const uint32_t* order = call.template at<uint32_t>(job.order) + first;
    gather(call, (const T*)call.at(job.inputs), order, present);
    deepForward(call, present);
    const Outputs<T> outputs{call.at(last.activations), size_t(last.stride), present, int(last.outputs), call.at(job.row)};
    loss += job.isSquare != 0 ? squareLoss(outputs, (const T*)call.at(job.targets), order)
                              : crossEntropy(outputs, call.template at<uint32_t>(job.targets), order);
    if (job.momentum != 0) deepBackward<T, true>(call, present);
    else deepBackward<T, false>(call, present);
  }
  return loss;
}

template <class T>
static void deepValues(const DeepCall<T>& call) {
  const DeepJob& job = call.job;
  const int batch = int(job.batch), count = int(job.count);
  const DeepLayer& last = call.layers[call.last];
  const size_t outputs = size_t(last.outputs);
  for (int first = 0; first < count; first += batch) {
    const int present = least(batch, count - first);
    gather(call, (const T*)call.at(job.inputs) + size_t(first) * size_t(call.layers[0].inputs), nullptr, present);
    deepForward(call, present);
    for (int s = 0; s < present; s += 1) {
      const T* z = call.at(last.activations) + size_t(s) * size_t(last.stride);
      T* to = call.at(job.values) + (size_t(first) + size_t(s)) * outputs;
      for (size_t c = 0; c < outputs; c += 1) to[c] = z[c];
    }
  }
}

template <class T>
static void deepAs(uintptr_t base, DeepJob& job) {
  const DeepCall<T> call(base, job);
  if (DeepTask(int(job.task)) == DeepTask::train) job.loss = trainOver(call);
  else deepValues(call);
}

static void deep(uintptr_t base, uint64_t offset) {
  DeepJob& job = *(DeepJob*)(base + uintptr_t(offset));
  if (job.realBytes == 4) deepAs<float>(base, job);
  else deepAs<double>(base, job);
}

}  // namespace
