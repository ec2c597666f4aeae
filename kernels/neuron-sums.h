// Sums over neurons at points, in their order: out_s = sum_i weights_i g(rows_i . points_s), g the ReLU or the arc-cosine kernel.
// A lane is a point, and there is no fused multiply-add in any build: the bits are those of src/networks/neuron-sums.ts, everywhere.
#pragma once

#include "doubles.h"

namespace {

/// Every field is a double; arrays are bytes from the start of the memory. As in src/engines/compiled/measuring.ts.
struct NeuronSums {
  double task;
  double width;
  double count;
  double dimension;
  /// width x dimension
  double rows;
  double weights;
  /// count x dimension
  double points;
  double out;
  /// `dimension` times the points of a tile
  double packed;
  /// Those of the arc-cosine kernel's polynomial; 0 for ReLU.
  double coefficients;
};

/// Vectors of points side by side in a tile, and neurons that it works on together.
constexpr int sumVectors = 4;
constexpr int sumNeurons = registerBytes == 64 ? 4 : 2;
constexpr int sumPoints = sumVectors * doubleLanes;

struct PositivePart {
  INLINE Doubles of(const PositivePart&, Doubles z) { return keepWhere(z > 0.0, z); }
};

/// k(t) = (sqrt(1 - t^2) + (pi - arccos t) t)/pi as in src/networks/arc-cosine-kernel.ts, operation by operation.
struct ArcCosine {
  const double* c;
  INLINE Doubles of(const ArcCosine& kernel, Doubles cosine) {
    const double* c = kernel.c;
    const Doubles t = atMost(atLeast(cosine, -1.0), 1.0);
    const Doubles q = 1.0 - keepWhere(DoubleMask{} + 0x7fffffffffffffffll, t);
    const Doubles y = 2.0 * q - 1.0;
    const Doubles y2 = y * y;
    const Doubles y4 = y2 * y2;
    const Doubles first = c[0] + y4 * (c[4] + y4 * (c[8] + y4 * (c[12] + y4 * c[16])));
    const Doubles second = c[1] + y4 * (c[5] + y4 * (c[9] + y4 * c[13]));
    const Doubles third = c[2] + y4 * (c[6] + y4 * (c[10] + y4 * c[14]));
    const Doubles fourth = c[3] + y4 * (c[7] + y4 * (c[11] + y4 * c[15]));
    const Doubles h = q * squareRoots(q) * (first + second * y + y2 * (third + fourth * y));
    return h + keepWhere(t > 0.0, t);
  }
};

/// rows_i . points_s for `Neurons` neurons from `row` on and the points of a packed tile: inputs in ascending order.
template <int Neurons, int Vectors = sumVectors>
INLINE void productsWithPoints(const double* row, const double* packed, int dimension, Doubles (&z)[Neurons][Vectors]) {
  UNROLL for (int n = 0; n < Neurons; n += 1) UNROLL for (int v = 0; v < Vectors; v += 1) z[n][v] = Doubles{};
  KEEP_ROLLED for (int k = 0; k < dimension; k += 1) {
    Doubles x[Vectors];
    UNROLL for (int v = 0; v < Vectors; v += 1) x[v] = load<double>(packed + (size_t(k) * Vectors + v) * doubleLanes);
    UNROLL for (int n = 0; n < Neurons; n += 1) {
      const Doubles value = broadcast<double>(row[size_t(n) * dimension + k]);
      UNROLL for (int v = 0; v < Vectors; v += 1) z[n][v] += value * x[v];
    }
  }
}

/// Packs `used` points coordinate by coordinate, `Points` numbers each; points that are missing are 0.
template <int Points>
static void packPoints(const double* points, int used, int dimension, double* packed) {
  for (int k = 0; k < dimension; k += 1) {
    for (int s = 0; s < Points; s += 1) packed[k * Points + s] = s < used ? points[size_t(s) * dimension + k] : 0.0;
  }
}

template <int Neurons, class Function>
INLINE void addNeuronsToTile(const NeuronSums& job, uintptr_t base, const Function& g, int neuron, Doubles (&sums)[sumVectors]) {
  const int d = int(job.dimension);
  Doubles z[Neurons][sumVectors];
  productsWithPoints<Neurons>((const double*)(base + uintptr_t(job.rows)) + size_t(neuron) * d, (const double*)(base + uintptr_t(job.packed)), d, z);
  const double* weights = (const double*)(base + uintptr_t(job.weights)) + neuron;
  UNROLL for (int n = 0; n < Neurons; n += 1) UNROLL for (int v = 0; v < sumVectors; v += 1) sums[v] += weights[n] * Function::of(g, z[n][v]);
}

/// Over all neurons; or, where neurons and points are the same rows, over those before the point.
template <bool isBelow, class Function>
static void sumOverNeurons(const NeuronSums& job, uintptr_t base, const Function& g) {
  const int width = int(job.width), count = int(job.count), d = int(job.dimension);
  const double* points = (const double*)(base + uintptr_t(job.points));
  const double* rows = (const double*)(base + uintptr_t(job.rows));
  const double* weights = (const double*)(base + uintptr_t(job.weights));
  double* packed = (double*)(base + uintptr_t(job.packed));
  double* out = (double*)(base + uintptr_t(job.out));
  for (int first = 0; first < count; first += sumPoints) {
    const int used = least(sumPoints, count - first);
    packPoints<sumPoints>(points + size_t(first) * d, used, d, packed);
    Doubles sums[sumVectors];
    UNROLL for (int v = 0; v < sumVectors; v += 1) sums[v] = Doubles{};
    const int last = isBelow ? first : width;
    int neuron = 0;
    for (; neuron + sumNeurons <= last; neuron += sumNeurons) addNeuronsToTile<sumNeurons>(job, base, g, neuron, sums);
    for (; neuron < last; neuron += 1) addNeuronsToTile<1>(job, base, g, neuron, sums);
    if (isBelow) {
      for (; neuron < first + used; neuron += 1) {
        Doubles z[1][sumVectors];
        productsWithPoints<1>(rows + size_t(neuron) * d, packed, d, z);
        UNROLL for (int v = 0; v < sumVectors; v += 1) {
          DoubleMask isAfter;
          for (int lane = 0; lane < doubleLanes; lane += 1) isAfter[lane] = first + v * doubleLanes + lane > neuron ? -1 : 0;
          sums[v] += keepWhere(isAfter, weights[neuron] * Function::of(g, z[0][v]));
        }
      }
    }
    double values[sumPoints];
    UNROLL for (int v = 0; v < sumVectors; v += 1) store<double>(values + v * doubleLanes, sums[v]);
    for (int s = 0; s < used; s += 1) out[first + s] = values[s];
  }
}

static void reluSums(uintptr_t base, const NeuronSums& job) { sumOverNeurons<false>(job, base, PositivePart{}); }
static void arcCosineSumsBelow(uintptr_t base, const NeuronSums& job) {
  sumOverNeurons<true>(job, base, ArcCosine{(const double*)(base + uintptr_t(job.coefficients))});
}

}  // namespace
