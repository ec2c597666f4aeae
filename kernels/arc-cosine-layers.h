// The kernels of layers of ReLU or leaky ReLU, element by element of a block of covariances (docs/theory/kernel-matrices.md). No fused multiply-add in
// any build: the bits are those of src/engines/reference/arc-cosine-layers.ts, everywhere.
#pragma once

#include "doubles.h"

namespace {

/// Every field is a double; arrays are bytes from the start of the memory. As in src/engines/compiled/matrices.ts.
struct ArcCosineLayers {
  double task;
  /// rows x columns, `stride` apart: x.y on entry, the kernel on return.
  double values;
  double rows;
  double columns;
  double stride;
  /// 1 for the tangent kernel, 0 for the covariances.
  double isTangent;
  /// Activations; one affine map stands before each and one behind the last.
  double layers;
  /// layers + 1 triples: weight variance, bias variance, what the bias adds to the tangent kernel.
  double maps;
  /// (1 - a)^2/2 and a, a the slope below 0.
  double bend;
  double slope;
  /// Roots of the variances before each activation, layers x rows and layers x columns, and what to multiply with in place of dividing by them.
  double rowRoots;
  double rowInverses;
  double columnRoots;
  double columnInverses;
  /// 17 coefficients of k1, and 17 of k0.
  double coefficients;
};

/// Sum of 17 coefficients times powers of y, in four chains.
INLINE Doubles chainedPolynomial(const double* c, Doubles y) {
  const Doubles y2 = y * y;
  const Doubles y4 = y2 * y2;
  const Doubles first = c[0] + y4 * (c[4] + y4 * (c[8] + y4 * (c[12] + y4 * c[16])));
  const Doubles second = c[1] + y4 * (c[5] + y4 * (c[9] + y4 * c[13]));
  const Doubles third = c[2] + y4 * (c[6] + y4 * (c[10] + y4 * c[14]));
  const Doubles fourth = c[3] + y4 * (c[7] + y4 * (c[11] + y4 * c[15]));
  return first + second * y + y2 * (third + fourth * y);
}

/// A correlation u, and 1 - u with its own digits.
struct Correlation {
  Doubles value, fromOne;
};

INLINE Correlation clipped(Doubles u) {
  const Doubles value = atMost(atLeast(u, -1.0), 1.0);
  return {value, 1.0 - value};
}

/// `Vectors` side by side, so that the long chains of one are filled with those of the others.
template <int Vectors>
INLINE void layersOfVectors(const ArcCosineLayers& job, uintptr_t base, int row, int column, double* at) {
  const double* maps = (const double*)(base + uintptr_t(job.maps));
  const double* rowRoots = (const double*)(base + uintptr_t(job.rowRoots)) + row;
  const double* rowInverses = (const double*)(base + uintptr_t(job.rowInverses)) + row;
  const double* columnRoots = (const double*)(base + uintptr_t(job.columnRoots)) + column;
  const double* columnInverses = (const double*)(base + uintptr_t(job.columnInverses)) + column;
  const double* c = (const double*)(base + uintptr_t(job.coefficients));
  const int layers = int(job.layers);
  const size_t rows = size_t(job.rows), columns = size_t(job.columns);
  const double bend = job.bend, slope = job.slope, power = bend + slope;
  Doubles covariance[Vectors], tangent[Vectors];
  Correlation u[Vectors];
  UNROLL for (int n = 0; n < Vectors; n += 1) {
    const Doubles product = load<double>(at + n * doubleLanes) * maps[0];
    covariance[n] = product + maps[1];
    tangent[n] = product + maps[2];
  }
  for (int layer = 0; layer < layers; layer += 1) {
    const double rowRoot = rowRoots[layer * rows], rowInverse = rowInverses[layer * rows];
    const double* map = maps + 3 * (layer + 1);
    // Without a bias correlations go from layer to layer as they are.
    const bool isFresh = layer == 0 || map[-2] != 0;
    UNROLL for (int n = 0; n < Vectors; n += 1) {
      const size_t offset = layer * columns + n * doubleLanes;
      if (isFresh) u[n] = clipped(covariance[n] * (rowInverse * load<double>(columnInverses + offset)));
      const DoubleMask isPositive = u[n].value > 0.0;
      const Doubles q = select(isPositive, u[n].fromOne, 1.0 + u[n].value);
      const Doubles y = 2.0 * q - 1.0;
      const Doubles root = squareRoots(q);
      const Doubles h = q * root * chainedPolynomial(c, y);
      const Doubles angle = root * chainedPolynomial(c + 17, y);
      const Doubles derivative = select(isPositive, 1.0 - angle, angle);
      const Doubles kernel = h + keepWhere(isPositive, u[n].value);
      const Doubles fromOne = select(isPositive, u[n].fromOne - h, 1.0 - h);
      const Doubles next = (bend * kernel + slope * u[n].value) / power;
      const Doubles nextFromOne = (bend * fromOne + slope * u[n].fromOne) / power;
      const Doubles scale = rowRoot * load<double>(columnRoots + offset) * power;
      const Doubles product = map[0] * (scale * next);
      covariance[n] = product + map[1];
      tangent[n] = map[0] * (tangent[n] * (bend * derivative + slope)) + (product + map[2]);
      u[n] = {next, nextFromOne};
    }
  }
  UNROLL for (int n = 0; n < Vectors; n += 1) store<double>(at + n * doubleLanes, job.isTangent != 0 ? tangent[n] : covariance[n]);
}

static void arcCosineLayers(uintptr_t base, const ArcCosineLayers& job) {
  double* values = (double*)(base + uintptr_t(job.values));
  const int columns = int(job.columns);
  const size_t stride = size_t(job.stride);
  constexpr int vectors = 2, width = vectors * doubleLanes;
  for (int row = 0; row < int(job.rows); row += 1) {
    double* at = values + row * stride;
    // Columns are a multiple of 16.
    for (int column = 0; column < columns; column += width) layersOfVectors<vectors>(job, base, row, column, at + column);
  }
}

}  // namespace
