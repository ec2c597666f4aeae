// Velocities of the two-layer network of a smooth activation on samples, with r_s the weighted error: (w_i, b_i)' = -sum_s r_s a_i sigma'(z_is) (x_s, 1),
// a_i' = -sum_s r_s sigma(z_is). The derivative is no bit here, so sigma and a sigma' of a chunk are kept until r_s is known, and the way back is an
// ordinary product. Chunks are so short that they stay in the cache. Particles: w (m x d), b, a.
#pragma once

#include "first-layer.h"
#include "plain-product.h"

namespace {

template <class T>
struct SmoothTwoLayer {
  int width, dimension, columns, stride;
  bool hasNorms;
  // Shared, one row a point: sigma(z_is), and a_i sigma'(z_is), times r_s in the backward phase. A thread touches its own neurons' columns only.
  T* values;
  T* slopes;
  // Shared: sums over blocks of neurons by point: of a_i sigma(z_is), and with clipping of the squares of either; weights r_s.
  T* partial;
  T* partialValues;
  T* partialSlopes;
  T* weights;
  // Shared, by neuron: sum_s r_s a_i sigma'(z_is) (x_s, 1), and sum_s r_s sigma(z_is).
  T* gradient;
  T* outputs;
  // The thread's own: its points as padded rows and packed, packed rows of w, and b and a of one block.
  T* rows;
  T* packedPoints;
  T* packedRows;
  T* biases;
  T* amplitudes;
  Bump end;
};

template <class T>
static SmoothTwoLayer<T> laySmoothTwoLayer(const Problem& problem, uintptr_t base, int part) {
  Bump bump{base};
  SmoothTwoLayer<T> layer{};
  const int width = int(problem.width);
  const int chunk = roundUp(least(chunkPoints(problem), int(problem.batch)), pointGroup);
  layer.width = width;
  layer.dimension = int(problem.dimension);
  layer.columns = paddedColumns<T>(layer.dimension, true);
  layer.stride = strideOf(width, sizeof(T));
  layer.hasNorms = problem.clip != 0;
  const size_t partials = size_t(blockCount(width)) * chunk;
  layer.values = bump.take<T>(size_t(chunk) * layer.stride);
  layer.slopes = bump.take<T>(size_t(chunk) * layer.stride);
  layer.partial = bump.take<T>(partials);
  layer.partialValues = bump.take<T>(layer.hasNorms ? partials : 0);
  layer.partialSlopes = bump.take<T>(layer.hasNorms ? partials : 0);
  layer.weights = bump.take<T>(chunk);
  layer.gradient = bump.take<T>(size_t(width) * (layer.dimension + 1));
  layer.outputs = bump.take<T>(roundUp(width, stripColumns<T>));
  for (int p = 0; p <= part; p += 1) {
    layer.rows = bump.take<T>(size_t(chunk) * layer.columns);
    layer.packedPoints = bump.take<T>(size_t(chunk) * layer.dimension);
    layer.packedRows = bump.take<T>(packedRowCount<T>(layer.dimension));
    layer.biases = bump.take<T>(blockSize(width));
    layer.amplitudes = bump.take<T>(blockSize(width));
  }
  layer.end = bump;
  return layer;
}

template <class T>
static void smoothTwoLayerForward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const SmoothTwoLayer<T> layer = laySmoothTwoLayer<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const int d = layer.dimension;
  const int count = pointsInChunk(problem, call.chunk);
  const int groups = roundUp(count, pointGroup) / pointGroup;
  padPoints(call.points + size_t(call.chunk) * chunkPoints(problem) * d, count, d, true, layer.columns, layer.rows);
  packPoints(layer.rows, layer.columns, groups, d, layer.packedPoints);
  const T* b = call.particles + size_t(layer.width) * d;
  const T* a = b + layer.width;
  const Range blocks = partition(blockCount(layer.width), call.part, call.parts);
  const int block = blockSize(layer.width);
  for (int number = blocks.from; number < blocks.to; number += 1) {
    const int from = number * block;
    const int present = least(layer.width - from, block);
    const int padded = roundUp(present, stripColumns<T>);
    for (int lane = 0; lane < padded; lane += 1) {
      layer.biases[lane] = lane < present ? b[from + lane] : 0;
      layer.amplitudes[lane] = lane < present ? a[from + lane] : 0;
    }
    KeepJob<T> products{};
    products.points = layer.packedPoints;
    products.groups = groups;
    products.inputs = d;
    products.rows = call.particles;
    products.rowStride = d;
    products.from = from;
    products.to = from + present;
    products.packedRows = layer.packedRows;
    products.z = layer.values;
    products.stride = layer.stride;
    layerProducts(products);
    for (int s = 0; s < count; s += 1) {
      T* values = layer.values + size_t(s) * layer.stride + from;
      T* slopes = layer.slopes + size_t(s) * layer.stride + from;
      activate<T>(activationOf(problem), {values, T(1), layer.biases, layer.amplitudes, padded, values, slopes});
      // Beyond the last neuron stands what panels left, or nothing yet.
      setZero(values + present, size_t(padded - present));
      setZero(slopes + present, size_t(padded - present));
      const size_t at = size_t(number) * count + s;
      layer.partial[at] = innerProduct(layer.amplitudes, values, padded);
      if (!layer.hasNorms) continue;
      layer.partialValues[at] = innerProduct(values, values, padded);
      layer.partialSlopes[at] = innerProduct(slopes, slopes, padded);
    }
  }
}

template <class T>
static void smoothTwoLayerResidual(const Call<T>& call) {
  const Problem& problem = call.problem;
  const SmoothTwoLayer<T> layer = laySmoothTwoLayer<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const int count = pointsInChunk(problem, call.chunk);
  const int blocks = blockCount(layer.width);
  const size_t first = size_t(call.chunk) * chunkPoints(problem);
  const Range own = partition(count, call.part, call.parts);
  for (int s = own.from; s < own.to; s += 1) {
    const T error = sumOfBlocks(layer.partial, blocks, count, s) / T(layer.width) - call.targets[first + s];
    T factor = call.weights ? call.weights[first + s] : 1 / T(problem.batch);
    if (layer.hasNorms) {
      // |gradient|^2 = error^2 (1/m) sum_i (sigma(z_i)^2 + (a_i sigma'(z_i))^2 |(x, 1)|^2)
      const T* row = layer.rows + size_t(s) * layer.columns;
      const T square = innerProduct(row, row, layer.columns);
      const T squares = sumOfBlocks(layer.partialValues, blocks, count, s) + square * sumOfBlocks(layer.partialSlopes, blocks, count, s);
      const T norm = T(__builtin_fabs(error)) * T(__builtin_sqrt(squares / T(layer.width)));
      if (norm > T(problem.clip)) factor *= T(problem.clip) / norm;
    }
    layer.weights[s] = factor * error;
  }
}

template <class T>
static void smoothTwoLayerBackward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const SmoothTwoLayer<T> layer = laySmoothTwoLayer<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const int n = layer.dimension + 1;
  const int count = pointsInChunk(problem, call.chunk);
  const Range own = particlesOf(layer.width, call.part, call.parts);
  if (own.from >= own.to) return;
  const size_t padded = size_t(roundUp(own.to, stripColumns<T>) - own.from);
  if (call.chunk == 0) {
    setZero(layer.gradient + size_t(own.from) * n, size_t(own.to - own.from) * n);
    setZero(layer.outputs + own.from, padded);
  }
  for (int s = 0; s < count; s += 1) {
    T* slopes = layer.slopes + size_t(s) * layer.stride + own.from;
    scaleRow(slopes, layer.weights[s], slopes, padded);
    addScaledRow(layer.values + size_t(s) * layer.stride + own.from, layer.weights[s], layer.outputs + own.from, padded);
  }
  AccumulateJob<T> outer{};
  outer.points = layer.rows;
  outer.pointStride = layer.columns;
  outer.columns = n;
  outer.count = count;
  outer.q = layer.slopes;
  outer.stride = layer.stride;
  outer.from = own.from;
  outer.to = own.to;
  outer.out = layer.gradient + size_t(own.from) * n;
  outer.outStride = n;
  accumulateOuter(outer);
  if ((call.chunk + 1) * chunkPoints(problem) < int(problem.batch)) return;
  T* velocityB = call.velocity() + size_t(layer.width) * layer.dimension;
  T* velocityA = velocityB + layer.width;
  for (int i = own.from; i < own.to; i += 1) {
    const T* gradient = layer.gradient + size_t(i) * n;
    scaleRow(gradient, -T(problem.speedW), call.velocity() + size_t(i) * layer.dimension, layer.dimension);
    velocityB[i] = -T(problem.speedB) * gradient[layer.dimension];
    velocityA[i] = -T(problem.speedA) * layer.outputs[i];
  }
}

}  // namespace
