// Where the arrays of the dense network of a smooth activation lie. Particles as in dense-memory.h.
#pragma once

#include "dense-memory.h"

namespace {

template <class T>
struct SmoothDense {
  int dimension, m1, m2, columns, hiddenStride, outerStride, neuronGroups;
  bool hasNorms;
  // Shared, one row a point: h_is, sigma'(z_is); sigma(H_js), a_j sigma'(H_js); with clipping B_is sigma'(z_is).
  T* hidden;
  T* hiddenSlopes;
  T* outer;
  T* gates;
  T* signals;
  // Shared, a_j sigma'(H_js) once more: as `packPoints` lays points, for the way back to the first layer; and times r_s in groups of 8 neurons j,
  // point by point, for the way back to U. And h as `packPoints` lays points.
  T* packedHidden;
  T* packedGates;
  T* weightedGates;
  T* weights;
  // Shared: sums of r a_j sigma'(H_j) and r sigma(H_j) over units of points; E[r B_i sigma'(z_i) (x, 1)].
  T* unitOffsets;
  T* unitOutputs;
  T* gradient;
  // The thread's own: its points' coordinates as padded rows and packed, packed rows of w or u.
  T* rows;
  T* packedPoints;
  T* packedRows;
  // The thread's own, filled up with zeros: c of one block and as many ones, or e and a.
  T* biases;
  T* gains;
  // The thread's own, for one strip of columns, by panels: u's rows, and h of all points; and a row for each point.
  T* strip;
  T* stripHidden;
  T* stripSignals;
  Bump end;
};

template <class T>
static SmoothDense<T> laySmoothDense(const Problem& problem, uintptr_t base, int part) {
  constexpr int size = sizeof(T);
  constexpr int strip = stripColumns<T>;
  Bump bump{base};
  SmoothDense<T> dense{};
  const int chunk = roundUp(least(chunkPoints(problem), int(problem.batch)), pointUnit);
  dense.dimension = int(problem.dimension);
  dense.m1 = int(problem.width);
  dense.m2 = int(problem.secondWidth);
  dense.columns = paddedColumns<T>(dense.dimension, true);
  dense.hiddenStride = strideOf(dense.m1, size);
  dense.outerStride = strideOf(dense.m2, size);
  dense.neuronGroups = (dense.m2 + pointGroup - 1) / pointGroup;
  dense.hasNorms = problem.clip != 0;
  const int padded = roundUp(dense.m2, strip);
  dense.hidden = bump.take<T>(size_t(chunk) * dense.hiddenStride);
  dense.hiddenSlopes = bump.take<T>(size_t(chunk) * dense.hiddenStride);
  dense.outer = bump.take<T>(size_t(chunk) * dense.outerStride);
  dense.gates = bump.take<T>(size_t(chunk) * dense.outerStride);
  dense.signals = bump.take<T>(dense.hasNorms ? size_t(chunk) * dense.hiddenStride : 0);
  dense.packedHidden = bump.take<T>(size_t(chunk) * dense.m1);
  dense.packedGates = bump.take<T>(size_t(chunk) * dense.m2);
  dense.weightedGates = bump.take<T>(size_t(chunk) * dense.neuronGroups * pointGroup);
  dense.weights = bump.take<T>(chunk);
  dense.unitOffsets = bump.take<T>(size_t(chunk / pointUnit) * padded);
  dense.unitOutputs = bump.take<T>(size_t(chunk / pointUnit) * padded);
  dense.gradient = bump.take<T>(size_t(dense.m1) * (dense.dimension + 1));
  for (int p = 0; p <= part; p += 1) {
    const size_t packed = packedRowCount<T>(dense.dimension), packedOuter = size_t(outerPanels<T>(dense.m1)) * panelWidth<T> * least(dense.m1, inputBlock);
    const int neurons = padded > blockSize(dense.m1) ? padded : blockSize(dense.m1);
    dense.rows = bump.take<T>(size_t(chunk) * dense.columns);
    dense.packedPoints = bump.take<T>(size_t(chunk) * dense.dimension);
    dense.packedRows = bump.take<T>(packed > packedOuter ? packed : packedOuter);
    dense.biases = bump.take<T>(neurons);
    dense.gains = bump.take<T>(neurons);
    dense.strip = bump.take<T>(size_t(dense.m2) * strip);
    dense.stripHidden = bump.take<T>(size_t(chunk) * strip);
    dense.stripSignals = bump.take<T>(size_t(chunk) * strip);
  }
  dense.end = bump;
  return dense;
}

/// A strip of columns of `count` rows, `stride` apart, panel by panel: to[(panel * count + row) * panelWidth + lane]. Columns from `present` on are zero.
template <class T>
static void copyStrip(const T* rows, size_t stride, int present, int count, T* to) {
  constexpr int width = panelWidth<T>;
  for (int panel = 0; panel < stripColumns<T>; panel += width) {
    const int columns = present - panel < width ? present - panel : width;
    for (int row = 0; row < count; row += 1, to += width) {
      const T* from = rows + size_t(row) * stride + panel;
      __builtin_prefetch(from + rowsAhead * stride, 0, 2);
      if (columns == width) __builtin_memcpy(to, from, width * sizeof(T));
      else for (int lane = 0; lane < width; lane += 1) to[lane] = lane < columns ? from[lane] : 0;
    }
  }
}

}  // namespace
