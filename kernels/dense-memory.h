// Where the dense network's arrays lie: f(x) = (1/m2) sum_j a_j phi(H_j), H_j = e_j + (1/m1) sum_i U_ij h_i, h_i = phi(w_i.x + c_i).
// Particles: w (m1 x d), c (m1), u (m2 x m1: row j into neuron j), e (m2), a (m2).
#pragma once

#include "problem.h"
#include "rows.h"

namespace {

/// Rows of a strip that are asked for ahead: they lie pages apart, which the processor does not foresee.
constexpr int rowsAhead = 16;

/// Asks for one row of a strip.
template <class T>
INLINE void prefetchRow(const T* row) {
  UNROLL for (int byte = 0; byte < stripBytes; byte += 64) __builtin_prefetch((const char*)row + byte, 0, 2);
}

/// Bytes of u's packed rows: with long rows a product reads the points from afar, so many panels pass by while a few of them are near.
constexpr int packedOuterBytes = 256 * 1024;

/// Panels of u that are packed together.
template <class T>
INLINE int outerPanels(int inputs) {
  const int panels = packedOuterBytes / (panelWidth<T> * int(sizeof(T)) * least(inputs, inputBlock));
  return panels < 1 ? 1 : panels;
}

template <class T>
struct DenseParticles {
  const T *w, *c, *u, *e, *a;
};

template <class T>
INLINE DenseParticles<T> denseParticles(const Problem& problem, const T* particles) {
  const size_t m1 = size_t(problem.width), m2 = size_t(problem.secondWidth);
  const T* c = particles + m1 * size_t(problem.dimension);
  return {particles, c, c + m1, c + m1 + m1 * m2, c + m1 + m1 * m2 + m2};
}

template <class T>
struct Dense {
  int dimension, m1, m2, columns, hiddenStride, outerStride, maskStride, neuronMaskStride;
  bool hasNorms;
  // Shared, one row a point: h_is; m1 phi(H_js); with clipping B_is phi'(z_is).
  T* hidden;
  T* outer;
  T* signals;
  // Shared: h as `packPoints` lays points; a byte for each (8 points, j), and for each (8 neurons j, point); weights r_s.
  T* packedHidden;
  uint8_t* mask;
  uint8_t* neuronMask;
  T* weights;
  // Shared: sums of r phi'(H_j) and m1 r phi(H_j) over units of points; E[r B_i phi'(z_i) (x, 1)].
  T* unitOffsets;
  T* unitOutputs;
  T* gradient;
  // The thread's own: its points' coordinates as padded rows and packed, packed rows of w or u, and sums over j, one logical vector a point.
  T* rows;
  T* packedPoints;
  T* packedRows;
  T* sums;
  T* squares;
  T* slopes;
  // The thread's own, filled up with zeros: c, or m1 e; a / m1; a.
  T* biases;
  T* amplitudes;
  T* outerWeights;
  // The thread's own, for one strip of columns: tables, u's columns, u's gradient, and a row for each point.
  T* tables;
  T* strip;
  T* stripGradient;
  T* stripSignals;
  Bump end;
};

template <class T>
static Dense<T> layDense(const Problem& problem, uintptr_t base, int part) {
  constexpr int size = sizeof(T);
  constexpr int strip = stripColumns<T>;
  Bump bump{base};
  Dense<T> dense{};
  const int chunk = roundUp(least(chunkPoints(problem), int(problem.batch)), pointUnit);
  dense.dimension = int(problem.dimension);
  dense.m1 = int(problem.width);
  dense.m2 = int(problem.secondWidth);
  dense.columns = paddedColumns<T>(dense.dimension, true);
  dense.hiddenStride = strideOf(dense.m1, size);
  dense.outerStride = strideOf(dense.m2, size);
  dense.maskStride = roundUp(dense.m2, 128) + 64;
  dense.neuronMaskStride = chunk + 64;
  dense.hasNorms = problem.clip != 0;
  const int padded = roundUp(dense.m2, strip);
  const int groups = (dense.m2 + pointGroup - 1) / pointGroup;
  dense.hidden = bump.take<T>(size_t(chunk) * dense.hiddenStride);
  dense.outer = bump.take<T>(size_t(chunk) * dense.outerStride);
  dense.signals = bump.take<T>(dense.hasNorms ? size_t(chunk) * dense.hiddenStride : 0);
  dense.packedHidden = bump.take<T>(size_t(chunk) * dense.m1);
  dense.mask = bump.take<uint8_t>(size_t(chunk / pointGroup) * dense.maskStride);
  dense.neuronMask = bump.take<uint8_t>(size_t(groups) * dense.neuronMaskStride);
  dense.weights = bump.take<T>(chunk);
  dense.unitOffsets = bump.take<T>(size_t(chunk / pointUnit) * padded);
  dense.unitOutputs = bump.take<T>(size_t(chunk / pointUnit) * padded);
  dense.gradient = bump.take<T>(size_t(dense.m1) * (dense.dimension + 1));
  for (int p = 0; p <= part; p += 1) {
    const size_t packed = packedRowCount<T>(dense.dimension), packedOuter = size_t(outerPanels<T>(dense.m1)) * panelWidth<T> * least(dense.m1, inputBlock);
    dense.rows = bump.take<T>(size_t(chunk) * dense.columns);
    dense.packedPoints = bump.take<T>(size_t(chunk) * dense.dimension);
    dense.packedRows = bump.take<T>(packed > packedOuter ? packed : packedOuter);
    dense.sums = bump.take<T>(size_t(chunk) * logicalLanes<T>);
    dense.squares = bump.take<T>(dense.hasNorms ? size_t(chunk) * logicalLanes<T> : 0);
    dense.slopes = bump.take<T>(dense.hasNorms ? size_t(chunk) * logicalLanes<T> : 0);
    dense.biases = bump.take<T>(size_t(padded > blockSize(dense.m1) ? padded : blockSize(dense.m1)));
    dense.amplitudes = bump.take<T>(padded);
    dense.outerWeights = bump.take<T>(padded);
    dense.tables = bump.take<T>(size_t(groupsAtOnce) * tableRows * strip);
    dense.strip = bump.take<T>(size_t(padded) * strip);
    dense.stripGradient = bump.take<T>(size_t(padded) * strip);
    dense.stripSignals = bump.take<T>(size_t(chunk) * strip);
  }
  dense.end = bump;
  return dense;
}

}  // namespace
