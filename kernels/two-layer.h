// Velocities of the two-layer network f(x) = (1/m) sum_i a_i phi(w_i.x + b_i) on samples: with r_s the weighted error and
// G_i = sum_s r_s phi'(z_is) (x_s, 1): (w_i, b_i)' = -a_i G_i, a_i' = -(w_i, b_i).G_i. Particles: w (m x d), b, a.
#pragma once

#include "first-layer.h"

namespace {

template <class T>
struct TwoLayer {
  FirstLayer<T> layer;
  Bump end;
};

template <class T>
static TwoLayer<T> layTwoLayer(const Problem& problem, uintptr_t base, int part) {
  Bump bump{base};
  FirstLayer<T> layer = sharedFirstLayer<T>(problem, bump, true);
  for (int p = 0; p <= part; p += 1) ownFirstLayer(problem, bump, layer);
  return {layer, bump};
}

template <class T>
static void twoLayerForward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const FirstLayer<T> layer = layTwoLayer<T>(problem, call.base + uintptr_t(problem.scratch), call.part).layer;
  const int count = pointsInChunk(problem, call.chunk);
  const T* points = call.points + size_t(call.chunk) * chunkPoints(problem) * layer.dimension;
  takePoints(layer, points, count);
  const T* b = call.particles + size_t(layer.width) * layer.dimension;
  const T* a = b + layer.width;
  const Range blocks = partition(blockCount(layer.width), call.part, call.parts);
  const int block = blockSize(layer.width);
  for (int number = blocks.from; number < blocks.to; number += 1) {
    const int from = number * block;
    for (int lane = 0; lane < block; lane += 1) {
      const bool isPadding = from + lane >= layer.width;
      layer.biases[lane] = isPadding ? 0 : b[from + lane];
      layer.amplitudes[lane] = isPadding ? 0 : a[from + lane];
      layer.rowFactors[lane] = layer.amplitudes[lane] * layer.amplitudes[lane];
    }
    forwardBlock(problem, layer, call.particles, number, count);
  }
}

template <class T>
static void twoLayerResidual(const Call<T>& call) {
  const Problem& problem = call.problem;
  const FirstLayer<T> layer = layTwoLayer<T>(problem, call.base + uintptr_t(problem.scratch), call.part).layer;
  const int count = pointsInChunk(problem, call.chunk);
  const int blocks = blockCount(layer.width);
  const size_t first = size_t(call.chunk) * chunkPoints(problem);
  const Range own = partition(count, call.part, call.parts);
  for (int s = own.from; s < own.to; s += 1) {
    const T error = sumOfBlocks(layer.partial, blocks, count, s) / T(layer.width) - call.targets[first + s];
    T factor = call.weights ? call.weights[first + s] : 1 / T(problem.batch);
    if (layer.hasNorms) {
      // |gradient|^2 = error^2 (1/m) sum_i (phi(z_i)^2 + phi'(z_i)^2 a_i^2 |(x, 1)|^2)
      const T* row = layer.rows + size_t(s) * layer.columns;
      const T square = innerProduct(row, row, layer.columns);
      const T squares = sumOfBlocks(layer.partialSquares, blocks, count, s) + square * sumOfBlocks(layer.partialSlopes, blocks, count, s);
      const T norm = __builtin_fabs(error) * T(__builtin_sqrt(squares / T(layer.width)));
      if (norm > T(problem.clip)) factor *= T(problem.clip) / norm;
    }
    layer.weights[s] = factor * error;
  }
  if (call.part == call.parts - 1) setZero(layer.weights + count, size_t(roundUp(count, pointGroup) - count));
}

template <class T>
static void twoLayerBackward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const FirstLayer<T> layer = layTwoLayer<T>(problem, call.base + uintptr_t(problem.scratch), call.part).layer;
  const int count = pointsInChunk(problem, call.chunk);
  const Range own = particlesOf(layer.width, call.part, call.parts);
  backwardRows(problem, layer, call.chunk, count, own.from, own.to);
  if ((call.chunk + 1) * chunkPoints(problem) < int(problem.batch)) return;
  const int d = layer.dimension;
  const size_t rows = size_t(layer.width) * d;
  const T* w = call.particles;
  const T* b = w + rows;
  const T* a = b + layer.width;
  T* velocityW = call.velocity();
  T* velocityB = velocityW + rows;
  T* velocityA = velocityB + layer.width;
  for (int i = own.from; i < own.to; i += 1) {
    const T* gradient = finishedRow(problem, layer, i);
    const T product = innerProduct(w + size_t(i) * d, gradient, d) + b[i] * gradient[d];
    scaleRow(gradient, -T(problem.speedW) * a[i], velocityW + size_t(i) * d, d);
    velocityB[i] = -T(problem.speedB) * a[i] * gradient[d];
    velocityA[i] = -T(problem.speedA) * product;
  }
}

}  // namespace
