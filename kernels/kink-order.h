// Sorting the places where neurons switch along one ray.
#pragma once

#include "problem.h"

namespace {

/// Scratch of one thread: (place as a float, neuron) in one word each, whose order is that of the places; and the starts of a pass's digits.
struct KinkOrder {
  uint64_t* sorted;
  uint64_t* spare;
  uint32_t* starts;
};

constexpr int radixBits = 8;
constexpr int radixSize = 1 << radixBits;
constexpr int radixPasses = 3;
/// The passes sort by the 24 bits from here on: exponent and 16 leading bits of the mantissa. A float's sign bit is 0 here.
constexpr int firstRadixBit = 32 + 31 - radixPasses * radixBits;

INLINE KinkOrder takeKinkOrder(Bump& bump, int most) {
  KinkOrder order{};
  order.sorted = bump.take<uint64_t>(size_t(most) + 1);
  order.spare = bump.take<uint64_t>(size_t(most) + 1);
  order.starts = bump.take<uint32_t>(radixPasses * radixSize);
  return order;
}

INLINE uint32_t digitOf(uint64_t kink, int pass) { return uint32_t(kink >> (firstRadixBit + pass * radixBits)) & (radixSize - 1); }

/// The neuron of a sorted kink.
INLINE int neuronOf(uint64_t kink) { return int(uint32_t(kink)); }

/// Gathers the finite ones of places[0..count), sorts them by their value as a float (equal ones by neuron) and returns how many they are.
static int sortSwitches(const double* places, int count, const KinkOrder& order) {
  int kinked = 0;
  uint64_t* from = order.spare;
  uint64_t* to = order.sorted;
  for (int i = 0; i < count; i += 1) {
    const float rounded = float(places[i]);
    uint32_t bits;
    __builtin_memcpy(&bits, &rounded, 4);
    from[kinked] = uint64_t(bits) << 32 | uint32_t(i);
    kinked += places[i] < __builtin_inf();
  }
  // Few numbers are sorted faster by insertion alone.
  if (kinked > 32) {
    setZero(order.starts, radixPasses * radixSize);
    for (int index = 0; index < kinked; index += 1) {
      UNROLL for (int pass = 0; pass < radixPasses; pass += 1) order.starts[pass * radixSize + digitOf(from[index], pass)] += 1;
    }
    for (int pass = 0; pass < radixPasses; pass += 1) {
      uint32_t* starts = order.starts + pass * radixSize;
      uint32_t sum = 0;
      for (int digit = 0; digit < radixSize; digit += 1) {
        const uint32_t here = starts[digit];
        starts[digit] = sum;
        sum += here;
      }
      for (int index = 0; index < kinked; index += 1) to[starts[digitOf(from[index], pass)]++] = from[index];
      uint64_t* swapped = from;
      from = to;
      to = swapped;
    }
  }
  // Insertion settles what the passes leave open.
  for (int index = 0; index < kinked; index += 1) {
    const uint64_t kink = from[index];
    int at = index;
    for (; at > 0 && order.sorted[at - 1] > kink; at -= 1) order.sorted[at] = order.sorted[at - 1];
    order.sorted[at] = kink;
  }
  return kinked;
}

}  // namespace
