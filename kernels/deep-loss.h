// The losses of deep networks at a batch: their sum, and the signals that go back, dloss/dz of the outputs, loss the mean over the batch.
#pragma once

#include "activations.h"
#include "random.h"

namespace {

/// Outputs of a batch: z in rows `stride` apart; the signals take their place.
template <class T>
struct Outputs {
  T* rows;
  size_t stride;
  int count, outputs;
  /// Scratch: as many numbers as a row has.
  T* powers;
};

/// sum_s log(sum_c e^(z_sc)) - z_s,label, and (softmax(z_s) - [c = label]) / count. `labels[order[s]]` is the class of example s.
template <class T>
static double crossEntropy(const Outputs<T>& batch, const uint32_t* labels, const uint32_t* order) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const T share = T(1) / T(batch.count);
  double total = 0;
  for (int s = 0; s < batch.count; s += 1) {
    T* z = batch.rows + size_t(s) * batch.stride;
    const int label = int(labels[order[s]]);
    T largest = z[0];
    for (int c = 1; c < batch.outputs; c += 1) largest = z[c] > largest ? z[c] : largest;
    for (int c = 0; c < batch.outputs; c += lanes) store<T>(batch.powers + c, exponential<T>(load<T>(z + c) - broadcast<T>(largest), Reals<T>{}).whole);
    T sum = 0;
    for (int c = 0; c < batch.outputs; c += 1) sum += batch.powers[c];
    total += naturalLogarithm(broadcast<double>(double(sum)))[0] - (double(z[label]) - double(largest));
    const T inverse = T(1) / sum;
    for (int c = 0; c < batch.outputs; c += 1) z[c] = (batch.powers[c] * inverse - (c == label ? T(1) : T(0))) * share;
  }
  return total;
}

/// 1/2 sum_s |z_s - y_s|^2, and (z_s - y_s) / count.
template <class T>
static double squareLoss(const Outputs<T>& batch, const T* targets, const uint32_t* order) {
  const T share = T(1) / T(batch.count);
  double total = 0;
  for (int s = 0; s < batch.count; s += 1) {
    T* z = batch.rows + size_t(s) * batch.stride;
    const T* y = targets + size_t(order[s]) * size_t(batch.outputs);
    for (int c = 0; c < batch.outputs; c += 1) {
      const T residual = z[c] - y[c];
      total += 0.5 * (double(residual) * double(residual));
      z[c] = residual * share;
    }
  }
  return total;
}

}  // namespace
