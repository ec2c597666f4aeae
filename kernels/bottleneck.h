// Velocities of the bottleneck network F(x) = (1/m1) sum_i |w_i| relu(w_i.x), f(x) = (1/m2) sum_j a_j relu(v_j F(x) + b_j), with
// g = dLoss/dF: w_i' = -((w_i.G_i / |w_i|) w_i + |w_i| G_i), G_i = sum_s g_s 1(w_i.x_s > 0) x_s; and for the atoms, with the error e and
// 1_j = 1(v_j F + b_j > 0): v_j' = -a_j E[e 1_j F], b_j' = -a_j E[e 1_j], a_j' = -E[e relu(v_j F + b_j)]. Particles: w (m1 x d), v, b, a.
#pragma once

#include "first-layer.h"
#include "radius.h"

namespace {

/// The second layer's arrays, and where a ray's kinks lie.
template <class T>
struct Atoms {
  /// m2, and m2 filled up to whole logical vectors with atoms that are always off.
  int count, padded;
  // Shared: |w_i| of the first layer; E[e 1_j] and E[e 1_j F] summed over units of points.
  T* norms;
  T* unitOffsets;
  T* unitSlopes;
  // The thread's own copies of v, b, a.
  T *v, *b, *a;
  // The thread's own, for rays.
  int* order;
  double *kinks, *offsets, *slopes, *offsetSums, *slopeSums;
};

template <class T>
struct Bottleneck {
  FirstLayer<T> layer;
  Atoms<T> atoms;
  Bump end;
};

template <class T>
static Bottleneck<T> layBottleneck(const Problem& problem, uintptr_t base, int part) {
  Bump bump{base};
  FirstLayer<T> layer = sharedFirstLayer<T>(problem, bump, false);
  Atoms<T> atoms{};
  atoms.count = int(problem.secondWidth);
  atoms.padded = roundUp(atoms.count, logicalLanes<T>);
  const int chunk = least(chunkPoints(problem), int(problem.batch));
  const size_t units = size_t((chunk + pointUnit - 1) / pointUnit);
  atoms.norms = bump.take<T>(layer.width);
  atoms.unitOffsets = bump.take<T>(units * atoms.padded);
  atoms.unitSlopes = bump.take<T>(units * atoms.padded);
  for (int p = 0; p <= part; p += 1) {
    ownFirstLayer(problem, bump, layer);
    atoms.v = bump.take<T>(atoms.padded);
    atoms.b = bump.take<T>(atoms.padded);
    atoms.a = bump.take<T>(atoms.padded);
    const size_t walked = problem.isRadial != 0 ? atoms.count : 0;
    atoms.order = bump.take<int>(walked);
    atoms.kinks = bump.take<double>(walked);
    atoms.offsets = bump.take<double>(walked);
    atoms.slopes = bump.take<double>(walked);
    atoms.offsetSums = bump.take<double>(walked);
    atoms.slopeSums = bump.take<double>(walked);
  }
  return {layer, atoms, bump};
}

template <class T>
static void bottleneckForward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const Bottleneck<T> all = layBottleneck<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const FirstLayer<T>& layer = all.layer;
  const int d = layer.dimension;
  const int count = pointsInChunk(problem, call.chunk);
  const T* points = call.points + size_t(call.chunk) * chunkPoints(problem) * d;
  takePoints(layer, points, count);
  const Range blocks = partition(blockCount(layer.width), call.part, call.parts);
  const int block = blockSize(layer.width);
  for (int number = blocks.from; number < blocks.to; number += 1) {
    const int from = number * block;
    for (int lane = 0; lane < block; lane += 1) {
      const int i = from + lane;
      const T* row = call.particles + size_t(i) * d;
      const T square = i < layer.width ? innerProduct(row, row, d) : 0;
      layer.biases[lane] = 0;
      layer.amplitudes[lane] = T(__builtin_sqrt(square));
      layer.rowFactors[lane] = square;
      if (i < layer.width) all.atoms.norms[i] = layer.amplitudes[lane];
    }
    forwardBlock(problem, layer, call.particles, number, count);
  }
}

template <class T>
static void copyAtoms(const Problem& problem, const T* particles, const Atoms<T>& atoms) {
  const T* from = particles + size_t(problem.width) * size_t(problem.dimension);
  T* arrays[3] = {atoms.v, atoms.b, atoms.a};
  for (int number = 0; number < 3; number += 1, from += atoms.count) {
    for (int j = 0; j < atoms.padded; j += 1) arrays[number][j] = j < atoms.count ? from[j] : 0;
  }
}

/// (1/m2) sum_j over one logical vector of lanes.
template <class T>
INLINE T meanOfLanes(const Reals<T>* pieces, int count) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  T together[logicalLanes<T>];
  UNROLL for (int n = 0; n < 64 / registerBytes; n += 1) store<T>(together + n * lanes, pieces[n]);
  return sumOfLanes(together) / T(count);
}

/// The residuals of the samples [from, to), one unit: weights g_s, and the unit's sums for the atoms.
template <class T>
static void sampledUnit(const Call<T>& call, const FirstLayer<T>& layer, const Atoms<T>& atoms, int from, int to, int count) {
  const Problem& problem = call.problem;
  constexpr int lanes = Lanes<T, registerBytes>::count;
  constexpr int pieces = 64 / registerBytes;
  const size_t first = size_t(call.chunk) * chunkPoints(problem);
  const int blocks = blockCount(layer.width);
  T bottlenecks[pointUnit], errors[pointUnit], slopes[pointUnit];
  for (int s = from; s < to; s += 1) {
    const T bottleneck = sumOfBlocks(layer.partial, blocks, count, s) / T(layer.width);
    const Reals<T> at = broadcast<T>(bottleneck);
    Reals<T> output[pieces], derivative[pieces], square[pieces];
    UNROLL for (int n = 0; n < pieces; n += 1) output[n] = derivative[n] = square[n] = Reals<T>{};
    for (int j = 0; j < atoms.padded; j += logicalLanes<T>) {
      UNROLL for (int n = 0; n < pieces; n += 1) {
        const Reals<T> v = load<T>(atoms.v + j + n * lanes);
        const Reals<T> a = load<T>(atoms.a + j + n * lanes);
        const Reals<T> z = madd<T>(v, at, load<T>(atoms.b + j + n * lanes));
        const Integers<T> isOn = z > Reals<T>{};
        const Reals<T> relu = (Reals<T>)((Integers<T>)z & isOn);
        const Reals<T> outer = (Reals<T>)((Integers<T>)a & isOn);
        output[n] = madd<T>(a, relu, output[n]);
        derivative[n] = madd<T>(outer, v, derivative[n]);
        if (layer.hasNorms) {
          square[n] = madd<T>(outer * outer, broadcast<T>(bottleneck * bottleneck + 1), square[n]);
          if (problem.trainsOuter != 0) square[n] = madd<T>(relu, relu, square[n]);
        }
      }
    }
    const T slope = meanOfLanes<T>(derivative, atoms.count);
    const T error = meanOfLanes<T>(output, atoms.count) - call.targets[first + s];
    T factor = call.weights ? call.weights[first + s] : 1 / T(problem.batch);
    if (layer.hasNorms) {
      // |gradient|^2 = e^2 [(dh/dF)^2 (1/m1) sum_i 1_i (3 (w_i.x)^2 + |w_i|^2 |x|^2) + (1/m2) sum_j 1_j (a_j^2 (F^2 + 1) + relu_j^2)]
      const T* row = layer.rows + size_t(s) * layer.columns;
      const T length = innerProduct(row, row, layer.columns);
      const T squares = 3 * sumOfBlocks(layer.partialSquares, blocks, count, s) + length * sumOfBlocks(layer.partialSlopes, blocks, count, s);
      const T all = slope * slope * squares / T(layer.width) + meanOfLanes<T>(square, atoms.count);
      const T norm = T(__builtin_fabs(error)) * T(__builtin_sqrt(all));
      if (norm > T(problem.clip)) factor *= T(problem.clip) / norm;
    }
    layer.weights[s] = factor * error * slope;
    bottlenecks[s - from] = bottleneck;
    errors[s - from] = factor * error;
    slopes[s - from] = factor * error * bottleneck;
  }
  const size_t unit = size_t(from / pointUnit) * atoms.padded;
  for (int j = 0; j < atoms.padded; j += lanes) {
    const Reals<T> v = load<T>(atoms.v + j);
    const Reals<T> b = load<T>(atoms.b + j);
    Reals<T> offsetSum{}, slopeSum{};
    for (int s = 0; s < to - from; s += 1) {
      const Integers<T> isOn = madd<T>(v, broadcast<T>(bottlenecks[s]), b) > Reals<T>{};
      offsetSum += (Reals<T>)((Integers<T>)broadcast<T>(errors[s]) & isOn);
      slopeSum += (Reals<T>)((Integers<T>)broadcast<T>(slopes[s]) & isOn);
    }
    store<T>(atoms.unitOffsets + unit + j, offsetSum);
    store<T>(atoms.unitSlopes + unit + j, slopeSum);
  }
}

/// What all rays of one velocity share: atoms with a kink at some s > 0, in ascending order, and the sums of those that are on at s = 0+.
struct SortedAtoms {
  int kinked = 0, on = 0;
  double slope = 0, intercept = 0;
};

template <class T>
static SortedAtoms sortAtoms(const Atoms<T>& atoms) {
  SortedAtoms sorted;
  for (int j = 0; j < atoms.count; j += 1) {
    const double v = atoms.v[j], b = atoms.b[j], a = atoms.a[j];
    if (isOnAtZero(v, b)) {
      sorted.slope += a * v;
      sorted.intercept += a * b;
      sorted.on += 1;
    }
    if (!(v * b < 0)) continue;
    const double kink = -b / v;
    atoms.kinks[j] = kink;
    // Insertion: atoms are few.
    int at = sorted.kinked;
    for (; at > 0 && atoms.kinks[atoms.order[at - 1]] > kink; at -= 1) atoms.order[at] = atoms.order[at - 1];
    atoms.order[at] = j;
    sorted.kinked += 1;
  }
  return sorted;
}

/// Integrates one ray on which F(r u) = r `bottleneck`: adds E_r[e 1_j] and E_r[e 1_j F] to the atoms' sums and returns its weight g.
template <class T>
static double integrateRay(const Problem& problem, const Radius& radius, const Pieces& target, const Atoms<T>& atoms,
                           const SortedAtoms& sorted, double bottleneck) {
  double slopeSum = sorted.slope, interceptSum = sorted.intercept;
  int on = sorted.on, piece = 0, next = 0;
  RayTotals totals;
  for (;;) {
    const double kink = next < sorted.kinked && bottleneck > 0 ? atoms.kinks[atoms.order[next]] / bottleneck : __builtin_inf();
    const double pieceEnd = target.endOf(piece);
    double end = kink < pieceEnd ? kink : pieceEnd;
    if (radius.upper < end) end = radius.upper;
    totals.advance(radius.at(end), bottleneck * slopeSum / atoms.count - target.slopes[piece], interceptSum / atoms.count - target.intercepts[piece]);
    // Negated, so that particles that have become infinite end the loop too.
    if (!(end < radius.upper)) break;
    if (kink <= pieceEnd) {
      const int j = atoms.order[next];
      atoms.offsets[j] = totals.zeroth;
      atoms.slopes[j] = totals.first;
      const int sign = atoms.v[j] < 0 ? -1 : 1;
      on += sign;
      // Exactly 0 once no atom is on: a residue of rounding must not meet an infinite moment.
      slopeSum = on == 0 ? 0 : slopeSum + sign * double(atoms.a[j]) * double(atoms.v[j]);
      interceptSum = on == 0 ? 0 : interceptSum + sign * double(atoms.a[j]) * double(atoms.b[j]);
      next += 1;
    }
    // Where an infinite atom meets an infinite bottleneck, kink is NaN: the pieces must come to their end without it.
    if (!(kink < pieceEnd)) piece += 1;
  }
  for (int at = 0; at < sorted.kinked; at += 1) {
    const int j = atoms.order[at];
    const bool wasReached = at < next;
    // An atom with v < 0 is on below its kink, one with v > 0 above it.
    if (atoms.v[j] < 0) {
      if (!wasReached) {
        atoms.offsets[j] = totals.zeroth;
        atoms.slopes[j] = totals.first;
      }
    } else {
      atoms.offsets[j] = wasReached ? totals.zeroth - atoms.offsets[j] : 0;
      atoms.slopes[j] = wasReached ? totals.first - atoms.slopes[j] : 0;
    }
  }
  double derivative = 0;
  const double factor = 1 / problem.batch;
  for (int j = 0; j < atoms.count; j += 1) {
    const double v = atoms.v[j], b = atoms.b[j];
    if (!(v * b < 0)) {
      const bool isOn = isOnAtZero(v, b);
      atoms.offsets[j] = isOn ? totals.zeroth : 0;
      atoms.slopes[j] = isOn ? totals.first : 0;
    }
    atoms.offsetSums[j] += factor * atoms.offsets[j];
    // F = 0: no first-layer neuron is on along this ray, w and v stay, and b alone sees the constant f(0) - f*.
    if (bottleneck == 0) continue;
    derivative += atoms.a[j] * v * atoms.slopes[j];
    atoms.slopeSums[j] += factor * bottleneck * atoms.slopes[j];
  }
  return factor * derivative / atoms.count;
}

template <class T>
static void radialUnit(const Call<T>& call, const FirstLayer<T>& layer, const Atoms<T>& atoms, const SortedAtoms& sorted, int from, int to,
                       int count) {
  const Problem& problem = call.problem;
  const Radius radius = Radius::of(problem, call.base);
  const Pieces target = Pieces::of(problem, call.base);
  setZero(atoms.offsetSums, atoms.count);
  setZero(atoms.slopeSums, atoms.count);
  for (int s = from; s < to; s += 1) {
    const double bottleneck = sumOfBlocks(layer.partial, blockCount(layer.width), count, s) / T(layer.width);
    layer.weights[s] = T(integrateRay(problem, radius, target, atoms, sorted, bottleneck));
  }
  const size_t unit = size_t(from / pointUnit) * atoms.padded;
  for (int j = 0; j < atoms.count; j += 1) {
    atoms.unitOffsets[unit + j] = T(atoms.offsetSums[j]);
    atoms.unitSlopes[unit + j] = T(atoms.slopeSums[j]);
  }
}

template <class T>
static void bottleneckResidual(const Call<T>& call) {
  const Problem& problem = call.problem;
  const Bottleneck<T> own = layBottleneck<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const int count = pointsInChunk(problem, call.chunk);
  copyAtoms(problem, call.particles, own.atoms);
  const SortedAtoms sorted = problem.isRadial != 0 ? sortAtoms(own.atoms) : SortedAtoms{};
  const Range units = partition((count + pointUnit - 1) / pointUnit, call.part, call.parts);
  for (int unit = units.from; unit < units.to; unit += 1) {
    const int from = unit * pointUnit;
    const int to = least(count, from + pointUnit);
    if (problem.isRadial != 0) radialUnit(call, own.layer, own.atoms, sorted, from, to, count);
    else sampledUnit(call, own.layer, own.atoms, from, to, count);
  }
  if (call.part == call.parts - 1) setZero(own.layer.weights + count, size_t(roundUp(count, pointGroup) - count));
}

/// Atoms [from, to): adds the chunk's units to their velocities.
template <class T>
static void moveAtoms(const Call<T>& call, const Atoms<T>& atoms, int from, int to, int count) {
  const Problem& problem = call.problem;
  const size_t rows = size_t(problem.width) * size_t(problem.dimension);
  const T* v = call.particles + rows;
  const T* b = v + atoms.count;
  const T* a = b + atoms.count;
  T* velocityV = call.velocity() + rows;
  T* velocityB = velocityV + atoms.count;
  T* velocityA = velocityB + atoms.count;
  const int units = (count + pointUnit - 1) / pointUnit;
  for (int j = from; j < to; j += 1) {
    T offset = 0, slope = 0;
    for (int unit = 0; unit < units; unit += 1) {
      offset += atoms.unitOffsets[size_t(unit) * atoms.padded + j];
      slope += atoms.unitSlopes[size_t(unit) * atoms.padded + j];
    }
    if (call.chunk == 0) velocityV[j] = velocityB[j] = velocityA[j] = 0;
    velocityV[j] -= T(problem.speedU) * a[j] * slope;
    velocityB[j] -= T(problem.speedB) * a[j] * offset;
    velocityA[j] -= T(problem.speedA) * (v[j] * slope + b[j] * offset);
  }
}

template <class T>
static void bottleneckBackward(const Call<T>& call) {
  const Problem& problem = call.problem;
  const Bottleneck<T> all = layBottleneck<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const FirstLayer<T>& layer = all.layer;
  const int count = pointsInChunk(problem, call.chunk);
  const Range own = particlesOf(layer.width, call.part, call.parts);
  backwardRows(problem, layer, call.chunk, count, own.from, own.to);
  const Range ownAtoms = partition(all.atoms.count, call.part, call.parts);
  moveAtoms(call, all.atoms, ownAtoms.from, ownAtoms.to, count);
  if ((call.chunk + 1) * chunkPoints(problem) < int(problem.batch)) return;
  const int d = layer.dimension;
  for (int i = own.from; i < own.to; i += 1) {
    const T* w = call.particles + size_t(i) * d;
    const T* gradient = layer.gradient + size_t(i) * layer.columns;
    T* velocity = call.velocity() + size_t(i) * d;
    const T norm = all.atoms.norms[i];
    if (norm == 0) {
      setZero(velocity, d);
      continue;
    }
    combineRows(w, -T(problem.speedW) * (innerProduct(w, gradient, d) / norm), gradient, -T(problem.speedW) * norm, velocity, d);
  }
}

}  // namespace
