// The dense network of a smooth activation: its second layer at a thread's points, and the way back from there to the first.
#pragma once

#include "plain-product.h"
#include "smooth-dense-memory.h"

namespace {

/// sigma(H_js) and a_j sigma'(H_js) at the points of the groups [from, to). e and a stand in `biases` and `gains`.
template <class T>
static void smoothSecondLayer(const Call<T>& call, const SmoothDense<T>& dense, int from, int to) {
  KeepJob<T> products{};
  products.points = dense.packedHidden + size_t(from) * dense.m1 * pointGroup;
  products.groups = to - from;
  products.inputs = dense.m1;
  products.rows = denseParticles(call.problem, (const T*)call.particles).u;
  products.rowStride = dense.m1;
  products.packedRows = dense.packedRows;
  products.z = dense.outer + size_t(from) * pointGroup * dense.outerStride;
  products.stride = dense.outerStride;
  products.panelsAtOnce = outerPanels<T>(dense.m1);
  // Few neurons at a time, whose products are still in the cache when they are activated.
  const int neurons = least(products.panelsAtOnce * panelWidth<T>, 4 * stripColumns<T>);
  for (int first = 0; first < dense.m2; first += neurons) {
    products.from = first;
    products.to = least(dense.m2, first + neurons);
    layerProducts(products);
    const int present = products.to - first;
    const int padded = roundUp(present, 64 / int(sizeof(T)));
    for (int s = from * pointGroup; s < to * pointGroup; s += 1) {
      T* values = dense.outer + size_t(s) * dense.outerStride + first;
      T* gates = dense.gates + size_t(s) * dense.outerStride + first;
      activate<T>(activationOf(call.problem), {values, 1 / T(dense.m1), dense.biases + first, dense.gains + first, padded, values, gates});
      // Beyond the last neuron stands what panels left, or nothing yet.
      setZero(values + present, size_t(padded - present));
      setZero(gates + present, size_t(padded - present));
    }
  }
  for (int group = from; group < to; group += 1) {
    packPoints(dense.gates + size_t(group) * pointGroup * dense.outerStride, dense.outerStride, 1, dense.m2,
               dense.packedGates + size_t(group) * pointGroup * dense.m2);
  }
}

/// B_is sigma'(z_is), B_is = (1/m2) sum_j U_ij a_j sigma'(H_js), for the strip of neurons from `column` on and the points of the groups [from, to);
/// `out` is the row of the first of them.
template <class T>
static void smoothSignals(const Call<T>& call, const SmoothDense<T>& dense, int column, int from, int to, T* out, int stride) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  constexpr int width = panelWidth<T>;
  const T* u = denseParticles(call.problem, (const T*)call.particles).u;
  copyStrip(u + column, size_t(dense.m1), least(stripColumns<T>, dense.m1 - column), dense.m2, dense.strip);
  const Reals<T> share = broadcast<T>(1 / T(dense.m2));
  for (int point = from * pointGroup; point < to * pointGroup; point += tilePoints) {
    const T* gates = dense.packedGates + size_t(point / pointGroup) * pointGroup * dense.m2 + point % pointGroup;
    for (int panel = 0; panel < stripColumns<T>; panel += width) {
      Tile<T> tile{};
      multiplyTile<T>(tile, gates, dense.strip + size_t(panel) * dense.m2, dense.m2);
      UNROLL for (int s = 0; s < tilePoints; s += 1) {
        const T* slopes = dense.hiddenSlopes + size_t(point + s) * dense.hiddenStride + column + panel;
        T* row = out + size_t(point - from * pointGroup + s) * stride + panel;
        UNROLL for (int n = 0; n < panelVectors; n += 1) {
          store<T>(row + n * lanes, tile.z[s][n] * share * load<T>(slopes + n * lanes));
        }
      }
    }
  }
}

/// The weights r_s of the points [from, to): error times 1/batch or the sample's weight, less where the gradient is longer than `clip`.
template <class T>
static void weighSmoothPoints(const Call<T>& call, const SmoothDense<T>& dense, int from, int to) {
  const Problem& problem = call.problem;
  const size_t first = size_t(call.chunk) * chunkPoints(problem);
  const int padded = roundUp(dense.m2, logicalLanes<T>);
  for (int s = from; s < to; s += 1) {
    const T* outer = dense.outer + size_t(s) * dense.outerStride;
    const T error = innerProduct(dense.gains, outer, padded) / T(dense.m2) - call.targets[first + s];
    T factor = call.weights ? call.weights[first + s] : 1 / T(problem.batch);
    if (dense.hasNorms) {
      // |gradient|^2 = r^2 [(|x|^2 + 1) mean_i (B_i sigma'(z_i))^2 + (mean_i h_i^2 + 1) mean_j (a_j sigma'(H_j))^2 + mean_j sigma(H_j)^2]
      const T* row = dense.rows + size_t(s) * dense.columns;
      const T* hidden = dense.hidden + size_t(s) * dense.hiddenStride;
      const T* signal = dense.signals + size_t(s) * dense.hiddenStride;
      const T* gates = dense.gates + size_t(s) * dense.outerStride;
      const T length = innerProduct(row, row, dense.columns);
      const T signals = innerProduct(signal, signal, dense.m1) / T(dense.m1);
      const T activation = innerProduct(hidden, hidden, dense.m1) / T(dense.m1);
      const T square = length * signals + (activation + 1) * (innerProduct(gates, gates, padded) / T(dense.m2)) + innerProduct(outer, outer, padded) / T(dense.m2);
      const T norm = T(__builtin_fabs(error)) * T(__builtin_sqrt(square));
      if (norm > T(problem.clip)) factor *= T(problem.clip) / norm;
    }
    dense.weights[s] = factor * error;
  }
}

/// What one unit of points adds to the velocities of e and a, and its gates times r_s in groups of 8 neurons.
template <class T>
static void sumSmoothUnit(const SmoothDense<T>& dense, int chunk, int from, int to) {
  const int padded = roundUp(dense.m2, logicalLanes<T>);
  const size_t unit = size_t(from / pointUnit) * roundUp(dense.m2, stripColumns<T>);
  setZero(dense.unitOffsets + unit, size_t(padded));
  setZero(dense.unitOutputs + unit, size_t(padded));
  for (int s = from; s < to; s += 1) {
    const T* gates = dense.gates + size_t(s) * dense.outerStride;
    addScaledRow(gates, dense.weights[s], dense.unitOffsets + unit, padded);
    addScaledRow(dense.outer + size_t(s) * dense.outerStride, dense.weights[s], dense.unitOutputs + unit, padded);
    for (int group = 0; group < dense.neuronGroups; group += 1) {
      scaleRow(gates + group * pointGroup, dense.weights[s], dense.weightedGates + (size_t(group) * chunk + s) * pointGroup, pointGroup);
    }
  }
}

template <class T>
static void smoothDenseResidual(const Call<T>& call) {
  const Problem& problem = call.problem;
  const SmoothDense<T> dense = laySmoothDense<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const DenseParticles<T> particles = denseParticles(problem, (const T*)call.particles);
  const int count = pointsInChunk(problem, call.chunk);
  const Range units = partition((count + pointUnit - 1) / pointUnit, call.part, call.parts);
  if (units.from == units.to) return;
  constexpr int groupsInUnit = pointUnit / pointGroup;
  const int fromGroup = units.from * groupsInUnit;
  const int toGroup = least(roundUp(count, pointGroup) / pointGroup, units.to * groupsInUnit);
  const int from = fromGroup * pointGroup;
  const int to = least(count, toGroup * pointGroup);
  for (int j = 0; j < roundUp(dense.m2, stripColumns<T>); j += 1) {
    dense.biases[j] = j < dense.m2 ? particles.e[j] : 0;
    dense.gains[j] = j < dense.m2 ? particles.a[j] : 0;
  }
  smoothSecondLayer(call, dense, fromGroup, toGroup);
  if (dense.hasNorms) {
    for (int column = 0; column < dense.m1; column += stripColumns<T>) {
      smoothSignals(call, dense, column, fromGroup, toGroup, dense.signals + size_t(from) * dense.hiddenStride + column, dense.hiddenStride);
    }
  }
  weighSmoothPoints(call, dense, from, to);
  for (int unit = units.from; unit < units.to; unit += 1) {
    sumSmoothUnit(dense, count, unit * pointUnit, least(count, (unit + 1) * pointUnit));
  }
}

}  // namespace
