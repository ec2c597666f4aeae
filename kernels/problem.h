// What a velocity is taken of, as the engines' TypeScript writes it (src/engines/compiled/problem-record.ts keeps the same order; a test compares).
#pragma once

#include "activations.h"
#include "simd.h"

namespace {

enum class Network { twoLayer = 0, bottleneck = 1, dense = 2 };

/// Every field is a double: the order is the layout. Offsets are bytes from the start of the simulation's memory.
struct Problem {
  double network;
  /// 4 or 8
  double realBytes;
  double batch;
  double dimension;
  /// m, or m1
  double width;
  /// m2; 0 without a second layer
  double secondWidth;
  /// 0: points are samples; 1: points are unit directions, the radius is integrated exactly
  double isRadial;
  /// 0: none
  double clip;
  /// `Activation`; the linear one is phi(z) = z > 0 ? z : negativeSlope * z
  double activation;
  double negativeSlope;
  /// Factors on the velocities; `speedU` is that of v in the bottleneck network.
  double speedW;
  double speedC;
  double speedU;
  double speedB;
  double speedA;
  /// Bottleneck: 1 if the outer weights move, which counts in the norm that is clipped.
  double trainsOuter;
  double parts;
  double velocity;
  double scratch;
  /// End of the radius' support, the number of moment tables, and where they stand (MomentTable in radius.h).
  double momentUpper;
  double momentTableCount;
  double momentTables;
  /// Linear pieces of the target.
  double pieceCount;
  double pieceStarts;
  double pieceSlopes;
  double pieceIntercepts;
};

INLINE Network networkOf(const Problem& problem) { return Network(int(problem.network)); }
INLINE Activation activationOf(const Problem& problem) { return Activation(int(problem.activation)); }
INLINE bool isSmooth(const Problem& problem) { return activationOf(problem) != Activation::linear; }

/// Points of a chunk for a layer whose values and slopes are kept: about 2^16 of either, so that they stay in the second-level cache.
INLINE int smoothChunk(int width) {
  const int points = (1 << 16) / width / 32 * 32;
  return points < 32 ? 32 : points > 1024 ? 1024 : points;
}

/// Points that are worked on between two barriers: bounds the scratch, whatever the batch. A multiple of 32.
INLINE int chunkPoints(const Problem& problem) {
  if (isSmooth(problem)) return networkOf(problem) == Network::dense ? 256 : smoothChunk(int(problem.width));
  if (networkOf(problem) == Network::dense) return 1024;
  return networkOf(problem) == Network::twoLayer && problem.isRadial != 0 ? 128 : 4096;
}

INLINE int pointsInChunk(const Problem& problem, int chunk) {
  const int size = chunkPoints(problem);
  return least(size, int(problem.batch) - chunk * size);
}

/// Particles whose partial sums are added before they meet those of others: depends on the width alone, so that bits do not depend on threads.
INLINE int blockSize(int width) { return width <= 2048 ? 128 : width <= 8192 ? 256 : 512; }
INLINE int blockCount(int width) { return (width + blockSize(width) - 1) / blockSize(width); }

/// Points whose parts of the second layer's gradients are added before they meet those of others.
constexpr int pointUnit = 16;

struct Range {
  int from, to;
};

/// The units of `count` that part number `part` of `parts` works on.
INLINE Range partition(int count, int part, int parts) {
  return {int(int64_t(count) * part / parts), int(int64_t(count) * (part + 1) / parts)};
}

/// Particles of a part: whole blocks.
INLINE Range particlesOf(int width, int part, int parts) {
  const Range blocks = partition(blockCount(width), part, parts);
  return {blocks.from * blockSize(width), least(width, blocks.to * blockSize(width))};
}

/// One call of a phase: which arrays, which chunk, which thread's share.
template <class T>
struct Call {
  const Problem& problem;
  uintptr_t base;
  T* particles;
  const T* points;
  const T* targets;
  /// Weight of each sample; null for 1/batch.
  const T* weights;
  int chunk, part, parts;
  T* velocity() const { return (T*)(base + uintptr_t(problem.velocity)); }
};

/// Where the array after one that ends at `end` starts; `next` is the next multiple of 64. Tests put bytes between that nobody may touch.
#ifndef MEANFIELD_NEXT_ARRAY
#define MEANFIELD_NEXT_ARRAY(end, next) (next)
#endif

/// Hands out arrays one after the other at multiples of 64 bytes; from address 0 it only adds up their sizes.
struct Bump {
  uintptr_t at;
  template <class U>
  U* take(size_t count) {
    U* array = (U*)at;
    const size_t bytes = count * sizeof(U);
    at = MEANFIELD_NEXT_ARRAY(at + bytes, at + (bytes + 63) / 64 * 64);
    return array;
  }
};

}  // namespace
