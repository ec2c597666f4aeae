// Velocities of the dense three-layer network of a smooth activation on samples, with r_s the weighted error, z_is = w_i.x_s + c_i, h = sigma(z) and
// B_is = (1/m2) sum_j U_ij a_j sigma'(H_js): (w_i, c_i)' = -sum_s r_s B_is sigma'(z_is) (x_s, 1), U_ij' = -sum_s r_s a_j sigma'(H_js) h_is,
// e_j' = -sum_s r_s a_j sigma'(H_js), a_j' = -sum_s r_s sigma(H_js). Three ordinary products of m1 m2 B multiply-adds. U is cut by columns, as in
// dense.h: in the backward phase a thread reads only those h_is and U_ij that it wrote itself.
#pragma once

#include "smooth-dense-residual.h"

namespace {

/// h_is and sigma'(z_is) of the thread's own neurons.
template <class T>
static void smoothDenseForward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const SmoothDense<T> dense = laySmoothDense<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const DenseParticles<T> particles = denseParticles(problem, (const T*)call.particles);
  const int d = dense.dimension;
  const int count = pointsInChunk(problem, call.chunk);
  const int groups = roundUp(count, pointGroup) / pointGroup;
  padPoints(call.points + size_t(call.chunk) * chunkPoints(problem) * d, count, d, true, dense.columns, dense.rows);
  packPoints(dense.rows, dense.columns, groups, d, dense.packedPoints);
  const Range blocks = partition(blockCount(dense.m1), call.part, call.parts);
  const int block = blockSize(dense.m1);
  for (int number = blocks.from; number < blocks.to; number += 1) {
    const int from = number * block;
    const int present = least(dense.m1 - from, block);
    const int padded = roundUp(present, stripColumns<T>);
    for (int lane = 0; lane < padded; lane += 1) {
      dense.biases[lane] = lane < present ? particles.c[from + lane] : 0;
      dense.gains[lane] = 1;
    }
    KeepJob<T> products{};
    products.points = dense.packedPoints;
    products.groups = groups;
    products.inputs = d;
    products.rows = particles.w;
    products.rowStride = d;
    products.from = from;
    products.to = from + present;
    products.packedRows = dense.packedRows;
    products.z = dense.hidden;
    products.stride = dense.hiddenStride;
    layerProducts(products);
    for (int s = 0; s < groups * pointGroup; s += 1) {
      T* hidden = dense.hidden + size_t(s) * dense.hiddenStride + from;
      T* slopes = dense.hiddenSlopes + size_t(s) * dense.hiddenStride + from;
      activate<T>(activationOf(problem), {hidden, T(1), dense.biases, dense.gains, padded, hidden, slopes});
      // Beyond the last neuron stands what panels left, or nothing yet.
      setZero(hidden + present, size_t(padded - present));
      setZero(slopes + present, size_t(padded - present));
    }
    for (int group = 0; group < groups; group += 1) {
      packPoints(dense.hidden + size_t(group) * pointGroup * dense.hiddenStride + from, dense.hiddenStride, 1, present,
                 dense.packedHidden + (size_t(group) * dense.m1 + from) * pointGroup);
    }
  }
}

/// What the chunk adds to U's velocity in a strip of columns: -speed sum_s (r_s a_j sigma'(H_js)) h_s.
template <class T>
static void moveColumns(const Call<T>& call, const SmoothDense<T>& dense, const DenseParticles<T>& particles, int column, int count) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  constexpr int width = panelWidth<T>;
  const int present = least(stripColumns<T>, dense.m1 - column);
  copyStrip(dense.hidden + column, size_t(dense.hiddenStride), stripColumns<T>, count, dense.stripHidden);
  const T factor = -T(call.problem.speedU);
  T* velocity = call.velocity() + (particles.u - particles.w) + column;
  for (int first = 0; first < dense.m2; first += tilePoints) {
    const T* gates = dense.weightedGates + size_t(first / pointGroup) * count * pointGroup + first % pointGroup;
    const int neurons = least(tilePoints, dense.m2 - first);
    for (int panel = 0; panel < present; panel += width) {
      Tile<T> tile{};
      multiplyTile<T>(tile, gates, dense.stripHidden + size_t(panel) * count, count);
      T sums[tilePoints * width];
      UNROLL for (int j = 0; j < tilePoints; j += 1) {
        UNROLL for (int n = 0; n < panelVectors; n += 1) store<T>(sums + j * width + n * lanes, tile.z[j][n]);
      }
      for (int j = 0; j < neurons; j += 1) {
        T* row = velocity + size_t(first + j) * dense.m1 + panel;
        const size_t columns = size_t(least(width, present - panel));
        if (call.chunk == 0) scaleRow(sums + j * width, factor, row, columns);
        else addScaledRow(sums + j * width, factor, row, columns);
      }
    }
  }
}

/// A strip of first-layer neurons: the gradients of w and c as far as this chunk, and U's velocity.
template <class T>
static void smoothBackwardStrip(const Call<T>& call, const SmoothDense<T>& dense, const DenseParticles<T>& particles, int column, int count) {
  constexpr int strip = stripColumns<T>;
  const int groups = roundUp(count, pointGroup) / pointGroup;
  const T* signals = dense.signals + column;
  size_t signalStride = size_t(dense.hiddenStride);
  if (!dense.hasNorms) {
    smoothSignals(call, dense, column, 0, groups, dense.stripSignals, strip);
    signals = dense.stripSignals;
    signalStride = strip;
  }
  for (int s = 0; s < count; s += 1) scaleRow(signals + size_t(s) * signalStride, dense.weights[s], dense.stripSignals + size_t(s) * strip, strip);
  const int n = dense.dimension + 1;
  const int present = least(strip, dense.m1 - column);
  AccumulateJob<T> outer{};
  outer.points = dense.rows;
  outer.pointStride = dense.columns;
  outer.columns = n;
  outer.count = count;
  outer.q = dense.stripSignals;
  outer.stride = strip;
  outer.from = 0;
  outer.to = present;
  outer.out = dense.gradient + size_t(column) * n;
  outer.outStride = n;
  if (call.chunk == 0) setZero(outer.out, size_t(present) * n);
  accumulateOuter(outer);
  moveColumns(call, dense, particles, column, count);
}

template <class T>
static void smoothDenseBackward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const SmoothDense<T> dense = laySmoothDense<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const DenseParticles<T> particles = denseParticles(problem, (const T*)call.particles);
  const int count = pointsInChunk(problem, call.chunk);
  const Range own = particlesOf(dense.m1, call.part, call.parts);
  for (int column = own.from; column < own.to; column += stripColumns<T>) smoothBackwardStrip(call, dense, particles, column, count);
  const Range ownOuter = partition(dense.m2, call.part, call.parts);
  const int units = (count + pointUnit - 1) / pointUnit;
  const size_t padded = size_t(roundUp(dense.m2, stripColumns<T>));
  T* velocityE = call.velocity() + (particles.e - particles.w);
  T* velocityA = call.velocity() + (particles.a - particles.w);
  for (int j = ownOuter.from; j < ownOuter.to; j += 1) {
    T offset = 0, output = 0;
    for (int unit = 0; unit < units; unit += 1) {
      offset += dense.unitOffsets[size_t(unit) * padded + j];
      output += dense.unitOutputs[size_t(unit) * padded + j];
    }
    if (call.chunk == 0) velocityE[j] = velocityA[j] = 0;
    velocityE[j] -= T(problem.speedB) * offset;
    velocityA[j] -= T(problem.speedA) * output;
  }
  if ((call.chunk + 1) * chunkPoints(problem) < int(problem.batch)) return;
  const int d = dense.dimension;
  T* velocityC = call.velocity() + (particles.c - particles.w);
  for (int i = own.from; i < own.to; i += 1) {
    const T* gradient = dense.gradient + size_t(i) * (d + 1);
    scaleRow(gradient, -T(problem.speedW), call.velocity() + size_t(i) * d, d);
    velocityC[i] = -T(problem.speedC) * gradient[d];
  }
}

}  // namespace
