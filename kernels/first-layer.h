// The layer of d-dimensional neurons that every network begins with: m rows, points of one chunk, sums over neurons, gradient rows.
#pragma once

#include "problem.h"
#include "rows.h"

namespace {

/// Where the first layer's arrays lie: some are shared by all threads, some belong to one.
template <class T>
struct FirstLayer {
  int width, dimension, columns, maskStride;
  bool hasBias, hasNorms;
  // Shared: partial sums by block and point, mask bytes by group and particle, weights r_s, gradient rows.
  T* partial;
  T* partialSquares;
  T* partialSlopes;
  uint8_t* mask;
  T* weights;
  T* gradient;
  // The thread's own: the chunk's points as padded rows and packed.
  T* rows;
  T* packedPoints;
  T* packedRows;
  T* tiles;
  T* sums;
  T* squares;
  T* slopes;
  T* tables;
  T* permutedSums;
  T* biases;
  T* amplitudes;
  T* rowFactors;
  T* weightedSum;
};

/// Takes the arrays of the shared part; `ownFirstLayer` those of a thread.
template <class T>
static FirstLayer<T> sharedFirstLayer(const Problem& problem, Bump& bump, bool hasBias) {
  FirstLayer<T> layer{};
  const int width = int(problem.width);
  const int chunk = roundUp(least(chunkPoints(problem), int(problem.batch)), pointGroup);
  layer.width = width;
  layer.dimension = int(problem.dimension);
  layer.columns = paddedColumns<T>(layer.dimension, hasBias);
  layer.maskStride = roundUp(width, 64);
  layer.hasBias = hasBias;
  layer.hasNorms = problem.clip != 0;
  const size_t partials = size_t(blockCount(width)) * chunk;
  layer.partial = bump.take<T>(partials);
  layer.partialSquares = bump.take<T>(layer.hasNorms ? partials : 0);
  layer.partialSlopes = bump.take<T>(layer.hasNorms ? partials : 0);
  layer.mask = bump.take<uint8_t>(size_t(chunk / pointGroup) * layer.maskStride);
  layer.weights = bump.take<T>(chunk);
  layer.gradient = bump.take<T>(size_t(width) * layer.columns);
  return layer;
}

template <class T>
static void ownFirstLayer(const Problem& problem, Bump& bump, FirstLayer<T>& layer) {
  const int chunk = roundUp(least(chunkPoints(problem), int(problem.batch)), pointGroup);
  const int block = blockSize(layer.width);
  layer.rows = bump.take<T>(size_t(chunk) * layer.columns);
  layer.packedPoints = bump.take<T>(size_t(chunk) * layer.dimension);
  layer.packedRows = bump.take<T>(packedRowCount<T>(layer.dimension));
  layer.tiles = bump.take<T>(tileCount<T>(layer.dimension, chunk));
  layer.sums = bump.take<T>(size_t(chunk) * logicalLanes<T>);
  layer.squares = bump.take<T>(layer.hasNorms ? size_t(chunk) * logicalLanes<T> : 0);
  layer.slopes = bump.take<T>(layer.hasNorms ? size_t(chunk) * logicalLanes<T> : 0);
  layer.tables = bump.take<T>(size_t(groupsAtOnce) * tableRows * stripBytes / sizeof(T));
  layer.permutedSums = bump.take<T>(sizeof(T) == 4 ? size_t(least(permutedParticles, roundUp(layer.width, 16))) * 16 : 0);
  layer.biases = bump.take<T>(block);
  layer.amplitudes = bump.take<T>(block);
  layer.rowFactors = bump.take<T>(block);
  layer.weightedSum = bump.take<T>(layer.columns);
}

/// Takes up the points of a chunk.
template <class T>
static void takePoints(const FirstLayer<T>& layer, const T* points, int count) {
  padPoints(points, count, layer.dimension, layer.hasBias, layer.columns, layer.rows);
  packPoints(layer.rows, layer.columns, roundUp(count, pointGroup) / pointGroup, layer.dimension, layer.packedPoints);
}

/// Forward product of one block whose biases, amplitudes and row factors are filled in: partial sums and mask bytes.
template <class T>
static void forwardBlock(const Problem& problem, const FirstLayer<T>& layer, const T* w, int block, int count) {
  const int padded = roundUp(count, pointGroup);
  const int from = block * blockSize(layer.width);
  const int to = least(layer.width, from + blockSize(layer.width));
  constexpr int logical = logicalLanes<T>;
  setZero(layer.sums, size_t(padded) * logical);
  if (layer.hasNorms) {
    setZero(layer.squares, size_t(padded) * logical);
    setZero(layer.slopes, size_t(padded) * logical);
  }
  ForwardJob<T> job{};
  job.points = layer.packedPoints;
  job.groups = padded / pointGroup;
  job.inputs = layer.dimension;
  job.rows = w;
  job.rowStride = layer.dimension;
  job.from = from;
  job.to = to;
  job.biases = layer.biases;
  job.amplitudes = layer.amplitudes;
  job.rowFactors = layer.rowFactors;
  job.negativeSlope = T(problem.negativeSlope);
  job.mask = layer.mask;
  job.maskStride = layer.maskStride;
  job.packedRows = layer.packedRows;
  job.tiles = layer.tiles;
  job.sums = layer.sums;
  job.squares = layer.squares;
  job.slopes = layer.slopes;
  layerForward(job, layer.hasNorms);
  for (int s = 0; s < count; s += 1) layer.partial[size_t(block) * count + s] = sumOfLanes(layer.sums + size_t(s) * logical);
  if (!layer.hasNorms) return;
  for (int s = 0; s < count; s += 1) {
    layer.partialSquares[size_t(block) * count + s] = sumOfLanes(layer.squares + size_t(s) * logical);
    layer.partialSlopes[size_t(block) * count + s] = sumOfLanes(layer.slopes + size_t(s) * logical);
  }
}

/// Sum over blocks, in ascending order, of one point's partial sums.
template <class T>
INLINE T sumOfBlocks(const T* partial, int blocks, int count, int sample) {
  T sum = 0;
  for (int block = 0; block < blocks; block += 1) sum += partial[size_t(block) * count + sample];
  return sum;
}

/// Adds the chunk's backward product to the gradient rows of [from, to); the first chunk starts from zero.
template <class T>
static void backwardRows(const Problem& problem, const FirstLayer<T>& layer, int chunk, int count, int from, int to) {
  T* gradient = layer.gradient + size_t(from) * layer.columns;
  if (chunk == 0) setZero(gradient, size_t(to - from) * layer.columns);
  BackwardJob<T> job{};
  job.rows = layer.rows;
  job.rowStride = layer.columns;
  job.columns = layer.dimension + (layer.hasBias ? 1 : 0);
  job.groups = roundUp(count, pointGroup) / pointGroup;
  job.weights = layer.weights;
  job.mask = layer.mask;
  job.maskStride = layer.maskStride;
  job.from = from;
  job.to = to;
  job.gradient = gradient;
  job.gradientStride = layer.columns;
  job.tables = layer.tables;
  job.sums = layer.permutedSums;
  layerBackward(job);
  if (problem.negativeSlope == 0) return;
  // phi' = slope + (1 - slope) 1(z > 0): the sum over all points is the same for every particle.
  if (chunk == 0) setZero(layer.weightedSum, layer.columns);
  for (int s = 0; s < count; s += 1) addScaledRow(layer.rows + size_t(s) * layer.columns, layer.weights[s], layer.weightedSum, layer.columns);
}

/// The gradient row of one particle, once the last chunk is in; for leaky ReLU the row is finished in place.
template <class T>
INLINE T* finishedRow(const Problem& problem, const FirstLayer<T>& layer, int particle) {
  T* row = layer.gradient + size_t(particle) * layer.columns;
  if (problem.negativeSlope == 0) return row;
  const T slope = T(problem.negativeSlope);
  for (int k = 0; k < layer.columns; k += 1) row[k] = slope * layer.weightedSum[k] + (1 - slope) * row[k];
  return row;
}

}  // namespace
