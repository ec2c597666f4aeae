// Velocities of the two-layer network on rays x = r u, the radius integrated exactly. Neuron i switches at r_i = -b_i/(w_i.u) where that is
// positive; between sorted switches f - f* = slope r + intercept, so its integrals against p and r p are differences of the law's partial
// moments. With e = f - f*, P_i(u) = E_r[e 1_i], Q_i(u) = E_r[e r 1_i]: w_i' = -a_i E_u[Q_i u], b_i' = -a_i E_u[P_i],
// a_i' = -E_u[(w_i.u) Q_i + b_i P_i].
#pragma once

#include "plain-product.h"
#include "problem.h"
#include "radius.h"
#include "rows.h"

namespace {

template <class T>
struct TwoLayerRays {
  int width, stride, dimension, columns;
  // Shared: per ray and neuron w_i.u, later Q_i; and P_i. Gradient rows (E[Q_i u], E[P_i]).
  T* slopes;
  T* offsets;
  T* gradient;
  // The thread's own: padded rays, packed rows; and for one ray the kinks, their neurons, sort keys, and the running totals at them.
  T* rows;
  T* packedPoints;
  T* packedRows;
  double* kinks;
  int* neurons;
  uint32_t* keys;
  uint32_t* order;
  uint32_t* spare;
  uint32_t* histogram;
  double* zeroth;
  double* first;
  Bump end;
};

constexpr int radixBits = 11;
constexpr int radixSize = 1 << radixBits;

template <class T>
static TwoLayerRays<T> layTwoLayerRays(const Problem& problem, uintptr_t base, int part) {
  Bump bump{base};
  TwoLayerRays<T> rays{};
  rays.width = int(problem.width);
  rays.stride = roundUp(rays.width, 64);
  rays.dimension = int(problem.dimension);
  rays.columns = paddedColumns<T>(rays.dimension, false);
  const int chunk = roundUp(least(chunkPoints(problem), int(problem.batch)), pointGroup);
  rays.slopes = bump.take<T>(size_t(chunk) * rays.stride);
  rays.offsets = bump.take<T>(size_t(chunk) * rays.stride);
  rays.gradient = bump.take<T>(size_t(rays.width) * (rays.dimension + 1));
  for (int p = 0; p <= part; p += 1) {
    rays.rows = bump.take<T>(size_t(chunk) * rays.columns);
    rays.packedPoints = bump.take<T>(size_t(chunk) * rays.dimension);
    rays.packedRows = bump.take<T>(packedRowCount<T>(rays.dimension));
    rays.kinks = bump.take<double>(rays.width);
    rays.neurons = bump.take<int>(rays.width);
    rays.keys = bump.take<uint32_t>(rays.width);
    rays.order = bump.take<uint32_t>(rays.width);
    rays.spare = bump.take<uint32_t>(rays.width);
    rays.histogram = bump.take<uint32_t>(3 * radixSize);
    rays.zeroth = bump.take<double>(rays.width);
    rays.first = bump.take<double>(rays.width);
  }
  rays.end = bump;
  return rays;
}

template <class T>
static void twoLayerRaysForward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const TwoLayerRays<T> rays = layTwoLayerRays<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const int count = pointsInChunk(problem, call.chunk);
  const T* points = call.points + size_t(call.chunk) * chunkPoints(problem) * rays.dimension;
  padPoints(points, count, rays.dimension, false, rays.columns, rays.rows);
  const Range own = particlesOf(rays.width, call.part, call.parts);
  if (own.from == own.to) return;
  KeepJob<T> job{};
  packPoints(rays.rows, rays.columns, roundUp(count, pointGroup) / pointGroup, rays.dimension, rays.packedPoints);
  job.points = rays.packedPoints;
  job.groups = roundUp(count, pointGroup) / pointGroup;
  job.inputs = rays.dimension;
  job.rows = call.particles;
  job.rowStride = rays.dimension;
  job.from = own.from;
  job.to = own.to;
  job.packedRows = rays.packedRows;
  job.z = rays.slopes;
  job.stride = rays.stride;
  layerProducts(job);
}

/// Sorts order[0..count) by keys (the bits of positive floats): three passes of 11 bits. The result may lie in `order` or `spare`.
static uint32_t* sortByKeys(const uint32_t* keys, int count, uint32_t* order, uint32_t* spare, uint32_t* histogram) {
  if (count <= 48) {
    for (int index = 0; index < count; index += 1) {
      const uint32_t key = keys[index];
      int at = index;
      for (; at > 0 && keys[order[at - 1]] > key; at -= 1) order[at] = order[at - 1];
      order[at] = uint32_t(index);
    }
    return order;
  }
  setZero(histogram, 3 * radixSize);
  for (int index = 0; index < count; index += 1) {
    const uint32_t key = keys[index];
    histogram[key & (radixSize - 1)] += 1;
    histogram[radixSize + ((key >> radixBits) & (radixSize - 1))] += 1;
    histogram[2 * radixSize + (key >> (2 * radixBits))] += 1;
    order[index] = uint32_t(index);
  }
  for (int pass = 0; pass < 3; pass += 1) {
    uint32_t* start = histogram + pass * radixSize;
    uint32_t sum = 0;
    for (int digit = 0; digit < radixSize; digit += 1) {
      const uint32_t here = start[digit];
      start[digit] = sum;
      sum += here;
    }
    const int shift = pass * radixBits;
    for (int index = 0; index < count; index += 1) {
      const uint32_t member = order[index];
      spare[start[(keys[member] >> shift) & (radixSize - 1)]++] = member;
    }
    uint32_t* swapped = order;
    order = spare;
    spare = swapped;
  }
  return order;
}

/// Turns row `s` of `slopes` from products into Q_i, and writes P_i.
template <class T>
static void integrateTwoLayerRay(const Problem& problem, const Radius& radius, const Pieces& target, const TwoLayerRays<T>& rays, const T* b,
                                 const T* a, int s) {
  T* slopes = rays.slopes + size_t(s) * rays.stride;
  T* offsets = rays.offsets + size_t(s) * rays.stride;
  const int width = rays.width;
  double sumSlope = 0, sumIntercept = 0;
  int kinked = 0;
  for (int i = 0; i < width; i += 1) {
    const double product = slopes[i], bias = b[i];
    if (isOnAtZero(product, bias)) {
      sumSlope += a[i] * product;
      sumIntercept += a[i] * bias;
    }
    const double kink = -bias / product;
    rays.kinks[kinked] = kink;
    rays.neurons[kinked] = i;
    const float key = float(kink);
    __builtin_memcpy(rays.keys + kinked, &key, 4);
    // A switch beyond the support is never reached: the neuron stays as it is at r = 0.
    kinked += bias * product < 0 && kink < radius.upper;
  }
  // Keys are rounded to float. Neighbours in the wrong order do no harm: the integrals between them count with their sign.
  const uint32_t* order = sortByKeys(rays.keys, kinked, rays.order, rays.spare, rays.histogram);
  int piece = 0;
  RayTotals totals;
  double pieceEnd = target.endOf(0);
  for (int next = 0; next < kinked; next += 1) {
    const int at = int(order[next]);
    const double kink = rays.kinks[at];
    while (pieceEnd < kink && pieceEnd < radius.upper) {
      totals.advance(radius.at(pieceEnd), sumSlope / width - target.slopes[piece], sumIntercept / width - target.intercepts[piece]);
      piece += 1;
      pieceEnd = target.endOf(piece);
    }
    totals.advance(radius.at(kink), sumSlope / width - target.slopes[piece], sumIntercept / width - target.intercepts[piece]);
    rays.zeroth[at] = totals.zeroth;
    rays.first[at] = totals.first;
    const int i = rays.neurons[at];
    const double sign = b[i] > 0 ? -1 : 1;
    sumSlope += sign * a[i] * slopes[i];
    sumIntercept += sign * a[i] * b[i];
  }
  for (;;) {
    const double end = pieceEnd < radius.upper ? pieceEnd : radius.upper;
    totals.advance(radius.at(end), sumSlope / width - target.slopes[piece], sumIntercept / width - target.intercepts[piece]);
    if (!(pieceEnd < radius.upper)) break;
    piece += 1;
    pieceEnd = target.endOf(piece);
  }
  const double factor = 1 / problem.batch;
  const T allOffset = T(factor * totals.zeroth), allSlope = T(factor * totals.first);
  for (int i = 0; i < width; i += 1) {
    const bool isOn = isOnAtZero(slopes[i], b[i]);
    offsets[i] = isOn ? allOffset : 0;
    slopes[i] = isOn ? allSlope : 0;
  }
  for (int at = 0; at < kinked; at += 1) {
    const int i = rays.neurons[at];
    const bool isOnBefore = b[i] > 0;
    offsets[i] = T(factor * (isOnBefore ? rays.zeroth[at] : totals.zeroth - rays.zeroth[at]));
    slopes[i] = T(factor * (isOnBefore ? rays.first[at] : totals.first - rays.first[at]));
  }
}

template <class T>
static void twoLayerRaysResidual(const Call<T>& call) {
  const Problem& problem = call.problem;
  const TwoLayerRays<T> rays = layTwoLayerRays<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const Radius radius = Radius::of(problem, call.base);
  const Pieces target = Pieces::of(problem, call.base);
  const T* b = call.particles + size_t(rays.width) * rays.dimension;
  const Range own = partition(pointsInChunk(problem, call.chunk), call.part, call.parts);
  for (int s = own.from; s < own.to; s += 1) integrateTwoLayerRay(problem, radius, target, rays, b, b + rays.width, s);
}

template <class T>
static void twoLayerRaysBackward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const TwoLayerRays<T> rays = layTwoLayerRays<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const int count = pointsInChunk(problem, call.chunk);
  const int d = rays.dimension;
  const int n = d + 1;
  const Range own = particlesOf(rays.width, call.part, call.parts);
  T* gradient = rays.gradient + size_t(own.from) * n;
  if (call.chunk == 0) setZero(gradient, size_t(own.to - own.from) * n);
  AccumulateJob<T> job{};
  job.points = rays.rows;
  job.pointStride = rays.columns;
  job.columns = d;
  job.count = count;
  job.q = rays.slopes;
  job.stride = rays.stride;
  job.from = own.from;
  job.to = own.to;
  job.out = gradient;
  job.outStride = n;
  accumulateOuter(job);
  for (int s = 0; s < count; s += 1) {
    const T* offsets = rays.offsets + size_t(s) * rays.stride;
    for (int i = own.from; i < own.to; i += 1) rays.gradient[size_t(i) * n + d] += offsets[i];
  }
  if ((call.chunk + 1) * chunkPoints(problem) < int(problem.batch)) return;
  const size_t rows = size_t(rays.width) * d;
  const T* w = call.particles;
  const T* b = w + rows;
  const T* a = b + rays.width;
  T* velocityW = call.velocity();
  T* velocityB = velocityW + rows;
  T* velocityA = velocityB + rays.width;
  for (int i = own.from; i < own.to; i += 1) {
    const T* row = rays.gradient + size_t(i) * n;
    const T product = innerProduct(w + size_t(i) * d, row, d) + b[i] * row[d];
    scaleRow(row, -T(problem.speedW) * a[i], velocityW + size_t(i) * d, d);
    velocityB[i] = -T(problem.speedB) * a[i] * row[d];
    velocityA[i] = -T(problem.speedA) * product;
  }
}

}  // namespace
