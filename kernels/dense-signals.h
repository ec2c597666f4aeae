// The way back through the dense network's second layer: B_is phi'(z_is), B_is = (1/m2) sum_j U_ij a_j phi'(H_js). The bits of H select among
// the rows a_j U_j, as in the other backward products, but now each *point* adds table rows, one for 8 neurons.
#pragma once

#include "dense-memory.h"

namespace {

/// a, filled up with zeros.
template <class T>
static void takeOuterWeights(const Dense<T>& dense, const DenseParticles<T>& particles) {
  for (int j = 0; j < roundUp(dense.m2, stripColumns<T>); j += 1) dense.outerWeights[j] = j < dense.m2 ? particles.a[j] : 0;
}

/// B_is phi'(z_is) for the strip of neurons from `column` on and the points [from, to); `out` is the row of point `from`.
template <class T>
static void signalStrip(const Problem& problem, const Dense<T>& dense, const DenseParticles<T>& particles, int column, int from, int to, T* out,
                        int stride) {
  constexpr int strip = stripColumns<T>;
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const int present = least(strip, dense.m1 - column);
  const int groups = (dense.m2 + pointGroup - 1) / pointGroup;
  // A copy in one piece: rows of u may lie powers of two apart, and the last strip reaches beyond them.
  for (int j = 0; j < dense.m2; j += 1) {
    const T* row = particles.u + size_t(j) * dense.m1 + column;
    T* copy = dense.strip + size_t(j) * strip;
    if (present == strip) {
      prefetchRow(row + size_t(rowsAhead) * dense.m1);
      __builtin_memcpy(copy, row, stripBytes);
    } else {
      for (int k = 0; k < strip; k += 1) copy[k] = k < present ? row[k] : 0;
    }
  }
  setZero(dense.strip + size_t(dense.m2) * strip, size_t(groups * pointGroup - dense.m2) * strip);
  for (int s = from; s < to; s += 1) setZero(out + size_t(s - from) * stride, strip);
  BackwardJob<T> job{};
  job.rows = dense.strip;
  job.rowStride = strip;
  job.columns = strip;
  job.groups = groups;
  job.weights = dense.outerWeights;
  job.mask = dense.neuronMask;
  job.maskStride = dense.neuronMaskStride;
  job.from = from;
  job.to = to;
  job.gradient = out;
  job.gradientStride = stride;
  job.tables = dense.tables;
  layerBackward(job);
  const T slope = T(problem.negativeSlope);
  const T share = 1 / T(dense.m2);
  // phi' = slope + (1 - slope) 1(H > 0): what all neurons add with the factor `slope` is the same for every point.
  T all[strip];
  setZero(all, strip);
  if (slope != 0) {
    for (int j = 0; j < dense.m2; j += 1) addScaledRow(dense.strip + size_t(j) * strip, dense.outerWeights[j], all, strip);
    for (int k = 0; k < strip; k += 1) all[k] *= slope;
  }
  for (int s = from; s < to; s += 1) {
    const T* hidden = dense.hidden + size_t(s) * dense.hiddenStride + column;
    T* row = out + size_t(s - from) * stride;
    prefetchRow(hidden + size_t(rowsAhead) * dense.hiddenStride);
    for (int k = 0; k < strip; k += lanes) {
      const Integers<T> isOn = load<T>(hidden + k) > Reals<T>{};
      Reals<T> sum = load<T>(row + k);
      if (slope != 0) sum = sum * (1 - slope) + load<T>(all + k);
      sum = sum * share;
      store<T>(row + k, slope != 0 ? (isOn ? sum : sum * slope) : (Reals<T>)((Integers<T>)sum & isOn));
    }
  }
}

}  // namespace
