// Velocities of the dense three-layer network on samples, with r_s the weighted error, z_is = w_i.x_s + c_i, h = phi(z) and
// B_is = (1/m2) sum_j U_ij a_j phi'(H_js): (w_i, c_i)' = -sum_s r_s B_is phi'(z_is) (x_s, 1), U_ij' = -a_j sum_s r_s phi'(H_js) h_is,
// e_j' = -a_j sum_s r_s phi'(H_js), a_j' = -sum_s r_s phi(H_js). U is cut by columns, the rest by its own neurons: so a thread reads in the
// backward phase only those h_is and U_ij that it wrote itself, and may go on to the next step while others are still in it.
#pragma once

#include "dense-residual.h"

namespace {

/// h_is of the thread's own neurons.
template <class T>
static void denseForward(const Call<T>& call) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const Problem& problem = call.problem;
  const Dense<T> dense = layDense<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const DenseParticles<T> particles = denseParticles(problem, (const T*)call.particles);
  const int d = dense.dimension;
  const int count = pointsInChunk(problem, call.chunk);
  const int groups = roundUp(count, pointGroup) / pointGroup;
  padPoints(call.points + size_t(call.chunk) * chunkPoints(problem) * d, count, d, true, dense.columns, dense.rows);
  packPoints(dense.rows, dense.columns, groups, d, dense.packedPoints);
  const Range blocks = partition(blockCount(dense.m1), call.part, call.parts);
  const int block = blockSize(dense.m1);
  const Reals<T> slope = broadcast<T>(T(problem.negativeSlope));
  for (int number = blocks.from; number < blocks.to; number += 1) {
    const int from = number * block;
    const int to = least(dense.m1, from + block);
    const int width = roundUp(to - from, stripColumns<T>);
    for (int lane = 0; lane < width; lane += 1) dense.biases[lane] = from + lane < to ? particles.c[from + lane] : 0;
    KeepJob<T> job{};
    job.points = dense.packedPoints;
    job.groups = groups;
    job.inputs = d;
    job.rows = particles.w;
    job.rowStride = d;
    job.from = from;
    job.to = to;
    job.packedRows = dense.packedRows;
    job.z = dense.hidden;
    job.stride = dense.hiddenStride;
    layerProducts(job);
    for (int group = 0; group < groups; group += 1) {
      T* hidden = dense.hidden + size_t(group) * pointGroup * dense.hiddenStride + from;
      for (int k = 0; k < width; k += lanes) {
        const Reals<T> bias = load<T>(dense.biases + k);
        UNROLL for (int s = 0; s < pointGroup; s += 1) {
          T* at = hidden + size_t(s) * dense.hiddenStride + k;
          const Reals<T> z = load<T>(at) + bias;
          store<T>(at, z > Reals<T>{} ? z : z * slope);
        }
      }
      // Beyond the last neuron stands what panels left, or nothing yet.
      for (int s = 0; s < pointGroup; s += 1) setZero(hidden + size_t(s) * dense.hiddenStride + (to - from), size_t(width - (to - from)));
      packPoints(hidden, dense.hiddenStride, 1, to - from, dense.packedHidden + (size_t(group) * dense.m1 + from) * pointGroup);
    }
  }
}

/// U's velocity, and that of the strip's first-layer neurons as far as this chunk.
template <class T>
static void backwardStrip(const Call<T>& call, const Dense<T>& dense, const DenseParticles<T>& particles, int column, int count) {
  constexpr int strip = stripColumns<T>;
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const Problem& problem = call.problem;
  const int present = least(strip, dense.m1 - column);
  const int padded = roundUp(count, pointGroup);
  const T slope = T(problem.negativeSlope);

  const T* signals = dense.signals + column;
  int signalStride = dense.hiddenStride;
  if (!dense.hasNorms) {
    signalStrip(problem, dense, particles, column, 0, padded, dense.stripSignals, strip);
    signals = dense.stripSignals;
    signalStride = strip;
  }
  T offsets[strip];
  setZero(offsets, strip);
  for (int s = 0; s < count; s += 1) {
    const Reals<T> weight = broadcast<T>(dense.weights[s]);
    for (int k = 0; k < strip; k += lanes) {
      const Reals<T> q = load<T>(signals + size_t(s) * signalStride + k) * weight;
      store<T>(dense.stripSignals + size_t(s) * strip + k, q);
      store<T>(offsets + k, load<T>(offsets + k) + q);
    }
  }
  const int n = dense.dimension + 1;
  T* gradient = dense.gradient + size_t(column) * n;
  if (call.chunk == 0) setZero(gradient, size_t(present) * n);
  AccumulateJob<T> outer{};
  outer.points = dense.rows;
  outer.pointStride = dense.columns;
  outer.columns = dense.dimension;
  outer.count = count;
  outer.q = dense.stripSignals;
  outer.stride = strip;
  outer.from = 0;
  outer.to = present;
  outer.out = gradient;
  outer.outStride = n;
  accumulateOuter(outer);
  for (int k = 0; k < present; k += 1) gradient[size_t(k) * n + dense.dimension] += offsets[k];

  setZero(dense.stripGradient, size_t(dense.m2) * strip);
  BackwardJob<T> job{};
  job.rows = dense.hidden + column;
  job.rowStride = dense.hiddenStride;
  job.columns = strip;
  job.groups = padded / pointGroup;
  job.weights = dense.weights;
  job.mask = dense.mask;
  job.maskStride = dense.maskStride;
  job.from = 0;
  job.to = dense.m2;
  job.gradient = dense.stripGradient;
  job.gradientStride = strip;
  job.tables = dense.tables;
  layerBackward(job);
  T all[strip];
  setZero(all, strip);
  if (slope != 0) {
    for (int s = 0; s < count; s += 1) addScaledRow(dense.hidden + size_t(s) * dense.hiddenStride + column, dense.weights[s], all, strip);
  }
  T* velocity = call.velocity() + (particles.u - particles.w) + column;
  for (int j = 0; j < dense.m2; j += 1, velocity += dense.m1) {
    T* row = dense.stripGradient + size_t(j) * strip;
    if (slope != 0) {
      for (int k = 0; k < strip; k += 1) row[k] = slope * all[k] + (1 - slope) * row[k];
    }
    prefetchRow(velocity + size_t(rowsAhead) * dense.m1);
    const T factor = -T(problem.speedU) * dense.outerWeights[j];
    if (call.chunk == 0) scaleRow(row, factor, velocity, present);
    else addScaledRow(row, factor, velocity, present);
  }
}

/// The second layer's neurons [from, to): adds the chunk's units to the velocities of e and a.
template <class T>
static void moveOuterNeurons(const Call<T>& call, const Dense<T>& dense, const DenseParticles<T>& particles, int from, int to, int count) {
  const Problem& problem = call.problem;
  const int padded = roundUp(dense.m2, stripColumns<T>);
  const int units = (count + pointUnit - 1) / pointUnit;
  T* velocityE = call.velocity() + (particles.e - particles.w);
  T* velocityA = call.velocity() + (particles.a - particles.w);
  for (int j = from; j < to; j += 1) {
    T offset = 0, output = 0;
    for (int unit = 0; unit < units; unit += 1) {
      offset += dense.unitOffsets[size_t(unit) * padded + j];
      output += dense.unitOutputs[size_t(unit) * padded + j];
    }
    if (call.chunk == 0) velocityE[j] = velocityA[j] = 0;
    velocityE[j] -= T(problem.speedB) * particles.a[j] * offset;
    velocityA[j] -= T(problem.speedA) * (output / T(dense.m1));
  }
}

template <class T>
static void denseBackward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const Dense<T> dense = layDense<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const DenseParticles<T> particles = denseParticles(problem, (const T*)call.particles);
  const int count = pointsInChunk(problem, call.chunk);
  const Range own = particlesOf(dense.m1, call.part, call.parts);
  for (int column = own.from; column < own.to; column += stripColumns<T>) backwardStrip(call, dense, particles, column, count);
  const Range ownOuter = partition(dense.m2, call.part, call.parts);
  moveOuterNeurons(call, dense, particles, ownOuter.from, ownOuter.to, count);
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
