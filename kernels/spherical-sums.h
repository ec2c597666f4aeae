// Spherical means of many neurons at fixed radii, summed over neurons, and their integrals over the radii; see src/networks/spherical-sums.ts, whose bits
// these are, operation by operation. A lane is a radius; there is no fused multiply-add in any build.
#pragma once

#include "doubles.h"

namespace {

/// Every field is a double; arrays are bytes from the start of the memory. As in src/engines/compiled/measuring.ts.
struct SphericalSums {
  double task;
  double width;
  /// Number of radii, a multiple of 8.
  double radii;
  /// A(t) = meanRelu (1 - t^2)^((d-1)/2) with (d-1)/2 = wholePower + hasRoot/2.
  double meanRelu;
  double wholePower;
  double hasRoot;
  /// T/A is a polynomial in y = t placePerThreshold - 1, y up to 1, with a multiple of 4 coefficients, the lowest first.
  double placePerThreshold;
  double coefficientCount;
  double coefficients;
  double amplitudes;
  double norms;
  double offsets;
  /// Ascending radii, and their inverses.
  double scales;
  double inverses;
  double sums;
  /// For each neuron A at all radii, then T at all radii; 0: not kept.
  double kept;
  /// `integrate`: radius times weight, and weight, for each radius; the integrals of A and T with them.
  double scaleWeights;
  double weights;
  double byScale;
  double byTail;
};

constexpr int logicalDoubles = 8;

struct AtRadii {
  Doubles mean, tail;
};

/// A and T at |b|/(norm r) = edge / r.
INLINE AtRadii meanAndTail(const SphericalSums& job, const double* c, Doubles threshold) {
  // Beyond 1 the base is 0, and with it both.
  const Doubles base = atLeast(1.0 - threshold * threshold, 0.0);
  const Doubles y = atMost(threshold * job.placePerThreshold - 1.0, 1.0);
  const Doubles y2 = y * y;
  const Doubles y4 = y2 * y2;
  const int count = int(job.coefficientCount);
  Doubles p0 = broadcast<double>(c[count - 4]), p1 = broadcast<double>(c[count - 3]), p2 = broadcast<double>(c[count - 2]), p3 = broadcast<double>(c[count - 1]);
  KEEP_ROLLED for (int n = count - 8; n >= 0; n -= 4) {
    p0 = c[n] + p0 * y4;
    p1 = c[n + 1] + p1 * y4;
    p2 = c[n + 2] + p2 * y4;
    p3 = c[n + 3] + p3 * y4;
  }
  const Doubles ratio = (p0 + p1 * y) + (p2 + p3 * y) * y2;
  Doubles mean = broadcast<double>(job.meanRelu);
  if (job.hasRoot != 0) mean *= squareRoots(base);
  Doubles square = base;
  KEEP_ROLLED for (int power = int(job.wholePower); power > 0; power >>= 1) {
    if (power & 1) mean *= square;
    square *= square;
  }
  return {mean, mean * ratio};
}

static void addSpherical(uintptr_t base, const SphericalSums& job) {
  const int width = int(job.width), radii = int(job.radii);
  const double* c = (const double*)(base + uintptr_t(job.coefficients));
  const double* amplitudes = (const double*)(base + uintptr_t(job.amplitudes));
  const double* norms = (const double*)(base + uintptr_t(job.norms));
  const double* offsets = (const double*)(base + uintptr_t(job.offsets));
  const double* scales = (const double*)(base + uintptr_t(job.scales));
  const double* inverses = (const double*)(base + uintptr_t(job.inverses));
  double* sums = (double*)(base + uintptr_t(job.sums));
  double* kept = (double*)(base + uintptr_t(job.kept));
  const bool keeps = job.kept != 0;
  double constant = 0;
  for (int i = 0; i < width; i += 1) {
    const double norm = __builtin_fabs(norms[i]);
    const double offset = offsets[i];
    constant += amplitudes[i] * (offset < 0 ? 0.0 : offset);
    // At norm = 0 and b = 0 the limit norm -> 0+, as everywhere.
    const double edge = norm == 0 && offset == 0 ? 0 : __builtin_fabs(offset) / norm;
    const double byMean = amplitudes[i] * norm;
    const double byTail = offset > 0 ? -amplitudes[i] * offset : amplitudes[i] * offset;
    // Inside the edge both are 0: whole logical vectors of such radii are left out.
    int first = 0;
    while (first < radii && edge * inverses[first + logicalDoubles - 1] >= 1) first += logicalDoubles;
    double* means = kept + size_t(2) * radii * i;
    double* tails = means + radii;
    if (keeps) {
      setZero(means, size_t(first));
      setZero(tails, size_t(first));
    }
    for (int node = first; node < radii; node += doubleLanes) {
      const AtRadii at = meanAndTail(job, c, edge * load<double>(inverses + node));
      if (keeps) {
        store<double>(means + node, at.mean);
        store<double>(tails + node, at.tail);
      }
      store<double>(sums + node, load<double>(sums + node) + (byMean * load<double>(scales + node) * at.mean + byTail * at.tail));
    }
  }
  for (int node = 0; node < radii; node += doubleLanes) store<double>(sums + node, load<double>(sums + node) + constant);
}

static void integrateSpherical(uintptr_t base, const SphericalSums& job) {
  const int width = int(job.width), radii = int(job.radii);
  const double* kept = (const double*)(base + uintptr_t(job.kept));
  const double* scaleWeights = (const double*)(base + uintptr_t(job.scaleWeights));
  const double* weights = (const double*)(base + uintptr_t(job.weights));
  double* byScale = (double*)(base + uintptr_t(job.byScale));
  double* byTail = (double*)(base + uintptr_t(job.byTail));
  constexpr int vectors = logicalDoubles / doubleLanes;
  for (int i = 0; i < width; i += 1) {
    const double* means = kept + size_t(2) * radii * i;
    const double* tails = means + radii;
    Doubles scaled[vectors], tailed[vectors];
    UNROLL for (int v = 0; v < vectors; v += 1) scaled[v] = tailed[v] = Doubles{};
    for (int node = 0; node < radii; node += logicalDoubles) {
      UNROLL for (int v = 0; v < vectors; v += 1) {
        const int at = node + v * doubleLanes;
        scaled[v] += load<double>(scaleWeights + at) * load<double>(means + at);
        tailed[v] += load<double>(weights + at) * load<double>(tails + at);
      }
    }
    double lanes[2 * logicalDoubles];
    UNROLL for (int v = 0; v < vectors; v += 1) {
      store<double>(lanes + v * doubleLanes, scaled[v]);
      store<double>(lanes + logicalDoubles + v * doubleLanes, tailed[v]);
    }
    byScale[i] = sumOfLanes(lanes);
    byTail[i] = sumOfLanes(lanes + logicalDoubles);
  }
}

}  // namespace
