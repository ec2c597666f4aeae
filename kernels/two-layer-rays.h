// Velocities of the two-layer network on rays x = r u, the radius integrated exactly. Neuron i switches at r_i = -b_i/(w_i.u) where that is
// positive; between sorted switches f - f* = slope r + intercept, so its integrals against p and r p are differences of the law's partial
// moments. With e = f - f*, P_i(u) = E_r[e 1_i], Q_i(u) = E_r[e r 1_i]: w_i' = -a_i E_u[Q_i u], b_i' = -a_i E_u[P_i],
// a_i' = -E_u[(w_i.u) Q_i + b_i P_i].
#pragma once

#include "kink-order.h"
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
  // The thread's own: padded rays, packed rows and points; and of one ray, first for all neurons, then for those that switch.
  T* rows;
  T* packedPoints;
  T* packedRows;
  /// r_i where the neuron switches within the support, infinity elsewhere.
  double* switches;
  KinkOrder kinks;
  /// By rank: what the switch adds to the slope and the intercept of f, and the running totals there.
  double *slopeChanges, *interceptChanges, *zeroth, *first;
  Bump end;
};

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
    rays.switches = bump.take<double>(rays.width);
    rays.kinks = takeKinkOrder(bump, rays.width);
    rays.slopeChanges = bump.take<double>(rays.width);
    rays.interceptChanges = bump.take<double>(rays.width);
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

/// Double lanes of a logical vector, from numbers of either precision.
INLINE Reals<double> loadDoubles(const double* from) { return load<double>(from); }
INLINE Reals<double> loadDoubles(const float* from) {
  typedef Lanes<double, registerBytes>::HalfReals HalfReals;
  return __builtin_convertvector(*(const HalfReals*)from, Reals<double>);
}

/// Slope and intercept of m f just above r = 0.
struct AtZero {
  double slope, intercept;
};

/// Where each neuron switches along the ray, and what is on at r = 0: in 8 lanes, added up in one fixed tree.
template <class T>
static AtZero findSwitches(const T* products, const T* b, const T* a, int width, double upper, double* switches) {
  constexpr int lanes = Lanes<double, registerBytes>::count;
  constexpr int logical = logicalLanes<double>;
  constexpr int pieces = 64 / registerBytes;
  const Reals<double> zero{};
  const Reals<double> never = broadcast<double>(__builtin_inf());
  Reals<double> slopes[pieces], intercepts[pieces];
  UNROLL for (int n = 0; n < pieces; n += 1) slopes[n] = intercepts[n] = zero;
  int i = 0;
  for (; i + logical <= width; i += logical) {
    UNROLL for (int n = 0; n < pieces; n += 1) {
      const int at = i + n * lanes;
      const Reals<double> product = loadDoubles(products + at), bias = loadDoubles(b + at), amplitude = loadDoubles(a + at);
      const Integers<double> isOn = (bias > zero) | ((bias == zero) & (product > zero));
      slopes[n] += (Reals<double>)((Integers<double>)(amplitude * product) & isOn);
      intercepts[n] += (Reals<double>)((Integers<double>)(amplitude * bias) & isOn);
      const Reals<double> place = -bias / product;
      const Integers<double> isReached = (bias * product < zero) & (place < broadcast<double>(upper));
      store<double>(switches + at, isReached ? place : never);
    }
  }
  double slopeLanes[logical], interceptLanes[logical];
  UNROLL for (int n = 0; n < pieces; n += 1) {
    store<double>(slopeLanes + n * lanes, slopes[n]);
    store<double>(interceptLanes + n * lanes, intercepts[n]);
  }
  for (; i < width; i += 1) {
    const double product = products[i], bias = b[i], amplitude = a[i];
    if (isOnAtZero(product, bias)) {
      slopeLanes[i % logical] += amplitude * product;
      interceptLanes[i % logical] += amplitude * bias;
    }
    const double place = -bias / product;
    // A switch beyond the support is never reached: the neuron stays as it is at r = 0.
    switches[i] = bias * product < 0 && place < upper ? place : __builtin_inf();
  }
  return {sumOfLanes(slopeLanes), sumOfLanes(interceptLanes)};
}

/// Turns row `s` of `slopes` from products into Q_i, and writes P_i.
template <class T>
static void integrateTwoLayerRay(const Problem& problem, const Radius& radius, const Pieces& target, const TwoLayerRays<T>& rays, const T* b,
                                 const T* a, int s) {
  T* slopes = rays.slopes + size_t(s) * rays.stride;
  T* offsets = rays.offsets + size_t(s) * rays.stride;
  const int width = rays.width;
  AtZero sums = findSwitches(slopes, b, a, width, radius.upper, rays.switches);
  const int kinked = sortSwitches(rays.switches, width, rays.kinks);
  // Neighbours closer than a float can tell may stand in the wrong order. That does no harm: the integrals between them count with their sign.
  const uint64_t* order = rays.kinks.sorted;
  for (int rank = 0; rank < kinked; rank += 1) {
    const int i = neuronOf(order[rank]);
    const double change = b[i] > 0 ? -double(a[i]) : double(a[i]);
    rays.slopeChanges[rank] = change * slopes[i];
    rays.interceptChanges[rank] = change * b[i];
  }
  int piece = 0;
  RayTotals totals;
  double pieceEnd = target.endOf(0);
  const double share = 1 / double(width);
  for (int rank = 0; rank < kinked; rank += 1) {
    const double kink = rays.switches[neuronOf(order[rank])];
    while (pieceEnd < kink) {
      totals.advance(radius.at(pieceEnd), sums.slope * share - target.slopes[piece], sums.intercept * share - target.intercepts[piece]);
      piece += 1;
      pieceEnd = target.endOf(piece);
    }
    totals.advance(radius.at(kink), sums.slope * share - target.slopes[piece], sums.intercept * share - target.intercepts[piece]);
    rays.zeroth[rank] = totals.zeroth;
    rays.first[rank] = totals.first;
    sums.slope += rays.slopeChanges[rank];
    sums.intercept += rays.interceptChanges[rank];
  }
  for (;;) {
    const double end = pieceEnd < radius.upper ? pieceEnd : radius.upper;
    totals.advance(radius.at(end), sums.slope * share - target.slopes[piece], sums.intercept * share - target.intercepts[piece]);
    if (!(pieceEnd < radius.upper)) break;
    piece += 1;
    pieceEnd = target.endOf(piece);
  }
  const double factor = 1 / problem.batch;
  const T allOffset = T(factor * totals.zeroth), allSlope = T(factor * totals.first);
  for (int i = 0; i < width; i += 1) {
    const bool isOn = (b[i] > 0) | ((b[i] == 0) & (slopes[i] > 0));
    offsets[i] = isOn ? allOffset : 0;
    slopes[i] = isOn ? allSlope : 0;
  }
  for (int rank = 0; rank < kinked; rank += 1) {
    const int i = neuronOf(order[rank]);
    // A neuron that is on at r = 0 counts up to its switch, one that is off from there on.
    const bool isOnBefore = b[i] > 0;
    const double zeroth = rays.zeroth[rank], first = rays.first[rank];
    offsets[i] = T(factor * (isOnBefore ? zeroth : totals.zeroth - zeroth));
    slopes[i] = T(factor * (isOnBefore ? first : totals.first - first));
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
