// The dense network's second layer at a thread's points: H_js, its bits in both orders, and from the output the weights r_s.
#pragma once

#include "dense-signals.h"
#include "plain-product.h"

namespace {

/// Adds the biases to the products z of 8 points and the neurons [from, to), which become m1 phi(H_js), and takes up their bits and sums.
template <class T, bool isLeaky, bool hasNorms>
static void finishOuter(const Dense<T>& dense, T negativeSlope, int group, int from, int to) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  constexpr int logical = logicalLanes<T>;
  typedef typename Lanes<T, registerBytes>::Integer Integer;
  const int point = group * pointGroup;
  const Reals<T> one = broadcast<T>(T(1));
  for (int panel = from; panel < to; panel += panelWidth<T>) {
    Integers<T> bits[panelVectors];
    UNROLL for (int n = 0; n < panelVectors; n += 1) {
      const int j = panel + n * lanes;
      const Reals<T> bias = load<T>(dense.biases + j), amplitude = load<T>(dense.amplitudes + j);
      bits[n] = Integers<T>{};
      UNROLL for (int s = 0; s < pointGroup; s += 1) {
        T* at = dense.outer + size_t(point + s) * dense.outerStride + j;
        const Reals<T> z = load<T>(at) + bias;
        const Integers<T> isOn = z > Reals<T>{};
        bits[n] |= isOn & (Integer(1) << s);
        Reals<T> value = (Reals<T>)((Integers<T>)z & isOn);
        if constexpr (isLeaky) value = isOn ? z : z * negativeSlope;
        store<T>(at, value);
        const size_t lane = size_t(point + s) * logical + j % logical;
        store<T>(dense.sums + lane, madd<T>(amplitude, value, load<T>(dense.sums + lane)));
        if constexpr (hasNorms) {
          store<T>(dense.squares + lane, madd<T>(value, value, load<T>(dense.squares + lane)));
          const Reals<T> slope = isLeaky ? (isOn ? one : one * negativeSlope) : (Reals<T>)((Integers<T>)one & isOn);
          const Reals<T> gate = slope * load<T>(dense.outerWeights + j);
          store<T>(dense.slopes + lane, madd<T>(gate, gate, load<T>(dense.slopes + lane)));
        }
      }
    }
    storeMaskBytes<T>(bits, dense.mask + size_t(group) * dense.maskStride + panel);
  }
}

/// Rows and columns of 8 x 8 bits exchanged: bit c of byte r goes to bit r of byte c.
INLINE uint64_t transposeBits(uint64_t bits) {
  uint64_t swapped = (bits ^ (bits >> 7)) & 0x00AA00AA00AA00AAull;
  bits ^= swapped ^ (swapped << 7);
  swapped = (bits ^ (bits >> 14)) & 0x0000CCCC0000CCCCull;
  bits ^= swapped ^ (swapped << 14);
  swapped = (bits ^ (bits >> 28)) & 0x00000000F0F0F0F0ull;
  return bits ^ swapped ^ (swapped << 28);
}

/// H at the points of the groups [from, to): `outer`, both masks, and the sums over j.
template <class T>
static void secondLayer(const Call<T>& call, const Dense<T>& dense, int from, int to) {
  const T negativeSlope = T(call.problem.negativeSlope);
  const size_t firstSum = size_t(from) * pointGroup * logicalLanes<T>, sums = size_t(to - from) * pointGroup * logicalLanes<T>;
  setZero(dense.sums + firstSum, sums);
  if (dense.hasNorms) {
    setZero(dense.squares + firstSum, sums);
    setZero(dense.slopes + firstSum, sums);
  }
  KeepJob<T> job{};
  job.points = dense.packedHidden + size_t(from) * dense.m1 * pointGroup;
  job.groups = to - from;
  job.inputs = dense.m1;
  job.rows = denseParticles(call.problem, (const T*)call.particles).u;
  job.rowStride = dense.m1;
  job.packedRows = dense.packedRows;
  job.z = dense.outer + size_t(from) * pointGroup * dense.outerStride;
  job.stride = dense.outerStride;
  job.panelsAtOnce = outerPanels<T>(dense.m1);
  // Few neurons at a time, whose products are still in the cache when they are finished.
  const int neurons = least(job.panelsAtOnce * panelWidth<T>, 4 * stripColumns<T>);
  for (int first = 0; first < dense.m2; first += neurons) {
    const int last = least(dense.m2, first + neurons);
    job.from = first;
    job.to = last;
    layerProducts(job);
    for (int group = from; group < to; group += 1) {
      if (negativeSlope != 0) {
        dense.hasNorms ? finishOuter<T, true, true>(dense, negativeSlope, group, first, last)
                       : finishOuter<T, true, false>(dense, negativeSlope, group, first, last);
      } else {
        dense.hasNorms ? finishOuter<T, false, true>(dense, negativeSlope, group, first, last)
                       : finishOuter<T, false, false>(dense, negativeSlope, group, first, last);
      }
    }
  }
  for (int group = from; group < to; group += 1) {
    const uint8_t* bytes = dense.mask + size_t(group) * dense.maskStride;
    uint8_t* out = dense.neuronMask + size_t(group) * pointGroup;
    for (int j = 0; j < dense.m2; j += pointGroup, out += dense.neuronMaskStride) {
      uint64_t bits;
      __builtin_memcpy(&bits, bytes + j, pointGroup);
      // Neurons beyond the last have no bits.
      if (dense.m2 - j < pointGroup) bits &= (1ull << (8 * (dense.m2 - j))) - 1;
      bits = transposeBits(bits);
      __builtin_memcpy(out, &bits, pointGroup);
    }
  }
}

/// The weights r_s of the points [from, to): error times 1/batch or the sample's weight, less where the gradient is longer than `clip`.
template <class T>
static void weighPoints(const Call<T>& call, const Dense<T>& dense, int from, int to) {
  const Problem& problem = call.problem;
  const size_t first = size_t(call.chunk) * chunkPoints(problem);
  for (int s = from; s < to; s += 1) {
    const size_t lane = size_t(s) * logicalLanes<T>;
    const T error = sumOfLanes(dense.sums + lane) / T(dense.m2) - call.targets[first + s];
    T factor = call.weights ? call.weights[first + s] : 1 / T(problem.batch);
    if (dense.hasNorms) {
      // |gradient|^2 = r^2 [(|x|^2 + 1) mean_i (B_i phi'(z_i))^2 + (mean_i h_i^2 + 1) mean_j (a_j phi'(H_j))^2 + mean_j phi(H_j)^2]
      const T m1 = T(dense.m1), m2 = T(dense.m2);
      const T* row = dense.rows + size_t(s) * dense.columns;
      const T* hidden = dense.hidden + size_t(s) * dense.hiddenStride;
      const T* signal = dense.signals + size_t(s) * dense.hiddenStride;
      const T length = innerProduct(row, row, dense.columns);
      const T activation = innerProduct(hidden, hidden, dense.m1) / m1;
      const T square = length * innerProduct(signal, signal, dense.m1) / m1 + (activation + 1) * sumOfLanes(dense.slopes + lane) / m2 +
                       sumOfLanes(dense.squares + lane) / m1 / m1 / m2;
      const T norm = T(__builtin_fabs(error)) * T(__builtin_sqrt(square));
      if (norm > T(problem.clip)) factor *= T(problem.clip) / norm;
    }
    dense.weights[s] = factor * error;
  }
}

/// What one unit of points adds to the velocities of e and a.
template <class T>
static void sumUnit(const Dense<T>& dense, T negativeSlope, int from, int to) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const size_t unit = size_t(from / pointUnit) * roundUp(dense.m2, stripColumns<T>);
  for (int j = 0; j < dense.m2; j += lanes) {
    Reals<T> offsets{}, outputs{};
    for (int s = from; s < to; s += 1) {
      const Reals<T> weight = broadcast<T>(dense.weights[s]);
      const Reals<T> value = load<T>(dense.outer + size_t(s) * dense.outerStride + j);
      offsets += value > Reals<T>{} ? weight : weight * negativeSlope;
      outputs = madd<T>(weight, value, outputs);
    }
    store<T>(dense.unitOffsets + unit + j, offsets);
    store<T>(dense.unitOutputs + unit + j, outputs);
  }
}

template <class T>
static void denseResidual(const Call<T>& call) {
  const Problem& problem = call.problem;
  const Dense<T> dense = layDense<T>(problem, call.base + uintptr_t(problem.scratch), call.part);
  const DenseParticles<T> particles = denseParticles(problem, (const T*)call.particles);
  const int count = pointsInChunk(problem, call.chunk);
  // For the backward phase too, whatever this thread's share here is: by then others may have moved their own a.
  takeOuterWeights(dense, particles);
  const Range units = partition((count + pointUnit - 1) / pointUnit, call.part, call.parts);
  if (units.from == units.to) return;
  constexpr int groupsInUnit = pointUnit / pointGroup;
  const int fromGroup = units.from * groupsInUnit;
  const int toGroup = least(roundUp(count, pointGroup) / pointGroup, units.to * groupsInUnit);
  const int from = fromGroup * pointGroup;
  const int to = least(count, toGroup * pointGroup);
  for (int j = 0; j < roundUp(dense.m2, stripColumns<T>); j += 1) {
    // Products are left without the factor 1/m1, which signs do not need: H is m1 times as large, and a as much smaller.
    dense.biases[j] = j < dense.m2 ? T(dense.m1) * particles.e[j] : 0;
    dense.amplitudes[j] = j < dense.m2 ? particles.a[j] / T(dense.m1) : 0;
  }
  secondLayer(call, dense, fromGroup, toGroup);
  if (dense.hasNorms) {
    for (int column = 0; column < dense.m1; column += stripColumns<T>) {
      signalStrip(problem, dense, particles, column, from, toGroup * pointGroup, dense.signals + size_t(from) * dense.hiddenStride + column,
                  dense.hiddenStride);
    }
  }
  weighPoints(call, dense, from, to);
  setZero(dense.weights + to, size_t(toGroup * pointGroup - to));
  for (int unit = units.from; unit < units.to; unit += 1) {
    sumUnit(dense, T(problem.negativeSlope), unit * pointUnit, least(count, (unit + 1) * pointUnit));
  }
}

}  // namespace
