// The two products of a layer whose activation is ReLU or leaky ReLU, of which only signs are kept (docs/theory/velocity-kernels.md):
//   forward:   S_s = sum_i a_i phi(z_is), z_is = w_i.x_s + b_i, and one bit 1(z_is > 0) for each pair;
//   backward:  G_i = sum_s 1(z_is > 0) r_s x_s, by tables of subset sums (the method of the Four Russians).
// The matrix z is never stored.
#pragma once

#include "simd.h"

namespace {

/// Points of one mask byte.
constexpr int pointGroup = 8;
/// Vectors of particles that a register tile holds side by side.
constexpr int panelVectors = 2;
/// Points that a register tile holds one below the other.
constexpr int tilePoints = registerBytes == 64 ? 8 : 4;
template <class T>
constexpr int panelWidth = panelVectors * Lanes<T, registerBytes>::count;
/// Bytes of packed rows that stay in the first-level cache while all points pass by.
constexpr int packedRowBytes = 20 * 1024;
/// Inputs after which a tile is put aside, so that the rows it needs stay in the cache.
constexpr int inputBlock = 512;

/// Panels that are worked on together.
template <class T>
INLINE int panelsAtOnce(int inputs) {
  const int panels = packedRowBytes / (panelWidth<T> * int(sizeof(T)) * least(inputs, inputBlock));
  return panels < 1 ? 1 : panels;
}

/// Packs the rows [from, from + panelWidth) of a matrix, inputs [first, last), input by input; rows from `to` on are zero.
template <class T>
static void packPanel(const T* rows, int stride, int from, int to, int first, int last, T* packed) {
  constexpr int width = panelWidth<T>;
  const int present = least(width, to - from);
  if (present < width) setZero(packed, size_t(last - first) * width);
  // Few inputs at a time, so that the lines that one pass writes in part are near when the next one goes on.
  constexpr int inputsAtOnce = 64;
  constexpr int side = Lanes<T, 16>::count;
  const T* block = rows + size_t(from) * stride;
  for (int start = first; start < last; start += inputsAtOnce) {
    const int end = least(last, start + inputsAtOnce);
    int lane = 0;
    for (; lane + side <= present; lane += side) {
      const T* row = block + size_t(lane) * stride;
      T* column = packed + size_t(start - first) * width + lane;
      int k = start;
      for (; k + side <= end; k += side, column += side * width) transposeSquare(row + k, stride, column, width);
      for (; k < end; k += 1, column += width) {
        for (int n = 0; n < side; n += 1) column[n] = row[size_t(n) * stride + k];
      }
    }
    for (; lane < present; lane += 1) {
      const T* row = block + size_t(lane) * stride;
      for (int k = start; k < end; k += 1) packed[size_t(k - first) * width + lane] = row[k];
    }
  }
}

/// Packs rows of points, `stride` apart, as groups of 8, input by input: packed[(group * inputs + k) * 8 + s]. There are groups * 8 rows.
template <class T>
static void packPoints(const T* rows, int stride, int groups, int inputs, T* packed) {
  for (int group = 0; group < groups; group += 1) {
    const T* row = rows + size_t(group) * pointGroup * stride;
    constexpr int side = Lanes<T, 16>::count;
    int k = 0;
    for (; k + side <= inputs; k += side, packed += side * pointGroup) {
      UNROLL for (int s = 0; s < pointGroup; s += side) transposeSquare(row + size_t(s) * stride + k, stride, packed + s, pointGroup);
    }
    for (; k < inputs; k += 1, packed += pointGroup) {
      UNROLL for (int s = 0; s < pointGroup; s += 1) packed[s] = row[size_t(s) * stride + k];
    }
  }
}

/// One layer's forward product for particles of one block and all points of a chunk.
template <class T>
struct ForwardJob {
  /// From `packPoints`: 8 points a group.
  const T* points;
  int groups;
  int inputs;
  /// The layer's rows w_i, `rowStride` apart.
  const T* rows;
  int rowStride;
  /// Particles [from, to).
  int from, to;
  /// b_i, a_i and, for norms, rho_i of the particles from `from` on, filled up with zeros to whole panels.
  const T* biases;
  const T* amplitudes;
  const T* rowFactors;
  T negativeSlope;
  /// One byte for each (group, particle), `maskStride` bytes between groups.
  uint8_t* mask;
  int maskStride;
  /// Scratch: packed rows, and tiles put aside between blocks of inputs.
  T* packedRows;
  T* tiles;
  /// Logical vectors of partial sums, one a point, zero at first: sum a_i phi(z), and for norms sum phi(z)^2 and sum phi'(z)^2 rho_i.
  T* sums;
  T* squares;
  T* slopes;
};

/// Pre-activations of `tilePoints` points and one panel.
template <class T>
struct Tile {
  Reals<T> z[tilePoints][panelVectors];
};

/// Adds the products of packed points (8 numbers an input) and a packed panel.
template <class T>
INLINE void multiplyTile(Tile<T>& tile, const T* points, const T* packed, int inputs) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const T* end = packed + size_t(inputs) * panelWidth<T>;
  for (; packed < end; packed += panelWidth<T>, points += pointGroup) {
    Reals<T> w[panelVectors];
    UNROLL for (int n = 0; n < panelVectors; n += 1) w[n] = load<T>(packed + n * lanes);
    UNROLL for (int s = 0; s < tilePoints; s += 1) {
      const Reals<T> value = broadcast<T>(points[s]);
      UNROLL for (int n = 0; n < panelVectors; n += 1) tile.z[s][n] = madd<T>(value, w[n], tile.z[s][n]);
    }
  }
}

/// Lane masks of one panel, one byte value a lane, to bytes.
template <class T>
INLINE void storeMaskBytes(const Integers<T>* bits, uint8_t* to) {
#if defined(__wasm__)
  if constexpr (sizeof(T) == 4) {
    const v128_t halves = wasm_u16x8_narrow_i32x4((v128_t)bits[0], (v128_t)bits[1]);
    wasm_v128_store64_lane(to, wasm_u8x16_narrow_i16x8(halves, halves), 0);
  } else {
    const v128_t bytes = wasm_i8x16_shuffle((v128_t)bits[0], (v128_t)bits[1], 0, 8, 16, 24, 0, 8, 16, 24, 0, 8, 16, 24, 0, 8, 16, 24);
    wasm_v128_store32_lane(to, bytes, 0);
  }
#else
  typedef typename Lanes<T, registerBytes>::Octets Octets;
  UNROLL for (int n = 0; n < panelVectors; n += 1) {
    *(Octets*)(to + n * Lanes<T, registerBytes>::count) = __builtin_convertvector(bits[n], Octets);
  }
#endif
}

/// Adds a finished tile's activations to its points' sums and its signs to the panel's bits.
template <class T, bool isLeaky, bool hasNorms>
INLINE void finishTile(const ForwardJob<T>& job, const Tile<T>& tile, int panel, int firstPoint, int bitOffset, Integers<T>* bits) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  constexpr int logical = logicalLanes<T>;
  typedef typename Lanes<T, registerBytes>::Integer Integer;
  UNROLL for (int n = 0; n < panelVectors; n += 1) {
    const int particle = panel * panelWidth<T> + n * lanes;
    const Reals<T> amplitude = load<T>(job.amplitudes + particle);
    UNROLL for (int s = 0; s < tilePoints; s += 1) {
      const Reals<T> z = tile.z[s][n];
      const Integers<T> isOn = z > Reals<T>{};
      bits[n] |= isOn & (Integer(1) << (bitOffset + s));
      Reals<T> value = (Reals<T>)((Integers<T>)z & isOn);
      if constexpr (isLeaky) value = isOn ? z : z * job.negativeSlope;
      const size_t at = size_t(firstPoint + s) * logical + particle % logical;
      store<T>(job.sums + at, madd<T>(amplitude, value, load<T>(job.sums + at)));
      if constexpr (hasNorms) {
        store<T>(job.squares + at, madd<T>(value, value, load<T>(job.squares + at)));
        const Reals<T> factor = load<T>(job.rowFactors + particle);
        const Reals<T> one = broadcast<T>(T(1));
        const Reals<T> slope = isLeaky ? (isOn ? one : one * job.negativeSlope) : (Reals<T>)((Integers<T>)one & isOn);
        store<T>(job.slopes + at, madd<T>(slope * slope, factor, load<T>(job.slopes + at)));
      }
    }
  }
}

template <class T, bool isLeaky, bool hasNorms>
static void forwardPanels(const ForwardJob<T>& job) {
  constexpr int width = panelWidth<T>;
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const int panels = (job.to - job.from + width - 1) / width;
  const int atOnce = panelsAtOnce<T>(job.inputs);
  for (int firstPanel = 0; firstPanel < panels; firstPanel += atOnce) {
    const int lastPanel = least(panels, firstPanel + atOnce);
    for (int first = 0; first < job.inputs; first += inputBlock) {
      const int last = least(job.inputs, first + inputBlock);
      const int inputs = last - first;
      for (int panel = firstPanel; panel < lastPanel; panel += 1) {
        packPanel(job.rows, job.rowStride, job.from + panel * width, job.to, first, last, job.packedRows + size_t(panel - firstPanel) * inputs * width);
      }
      for (int group = 0; group < job.groups; group += 1) {
        for (int panel = firstPanel; panel < lastPanel; panel += 1) {
          Integers<T> bits[panelVectors];
          UNROLL for (int n = 0; n < panelVectors; n += 1) bits[n] = Integers<T>{};
          const T* packed = job.packedRows + size_t(panel - firstPanel) * inputs * width;
          UNROLL for (int half = 0; half < pointGroup; half += tilePoints) {
            const int point = group * pointGroup + half;
            T* aside = job.tiles + (size_t(point) * atOnce + size_t(panel - firstPanel) * tilePoints) * width;
            Tile<T> tile;
            UNROLL for (int n = 0; n < panelVectors; n += 1) {
              UNROLL for (int s = 0; s < tilePoints; s += 1) {
                tile.z[s][n] = first == 0 ? load<T>(job.biases + panel * width + n * lanes) : load<T>(aside + s * width + n * lanes);
              }
            }
            multiplyTile<T>(tile, job.points + (size_t(group) * job.inputs + first) * pointGroup + half, packed, inputs);
            if (last == job.inputs) {
              finishTile<T, isLeaky, hasNorms>(job, tile, panel, point, half, bits);
            } else {
              UNROLL for (int n = 0; n < panelVectors; n += 1) {
                UNROLL for (int s = 0; s < tilePoints; s += 1) store<T>(aside + s * width + n * lanes, tile.z[s][n]);
              }
            }
          }
          if (last == job.inputs) storeMaskBytes<T>(bits, job.mask + size_t(group) * job.maskStride + job.from + panel * width);
        }
      }
    }
  }
}

/// Numbers of scratch that a forward product needs for packed rows, and for tiles put aside.
template <class T>
INLINE size_t packedRowCount(int inputs) {
  return size_t(panelsAtOnce<T>(inputs)) * panelWidth<T> * least(inputs, inputBlock);
}
template <class T>
INLINE size_t tileCount(int inputs, int points) {
  return inputs <= inputBlock ? 0 : size_t(points) * panelsAtOnce<T>(inputs) * panelWidth<T>;
}

template <class T>
static void layerForward(const ForwardJob<T>& job, bool hasNorms) {
  if (job.negativeSlope != 0) {
    hasNorms ? forwardPanels<T, true, true>(job) : forwardPanels<T, true, false>(job);
  } else {
    hasNorms ? forwardPanels<T, false, true>(job) : forwardPanels<T, false, false>(job);
  }
}

// --- the backward product ------------------------------------------------------------------------------------------------------------------------

/// Groups of points whose tables are used together: the gradient rows are read and written once for all of them.
constexpr int groupsAtOnce = 8;
constexpr int tableRows = 256;
/// Widest strip of columns that a table row holds.
constexpr int stripBytes = 128;

/// Bytes of a row of `bytes` bytes once it is filled up so that strips of 128, 64, 32 and 16 bytes cover it.
INLINE int stripPadded(int bytes) {
  const int rest = bytes % 64;
  return bytes - rest + (rest == 0 ? 0 : rest <= 16 ? 16 : rest <= 32 ? 32 : 64);
}

/// G_i += sum over the set bits of (weight_s * row_s), for columns of `rows` that were filled up as `stripPadded` says.
template <class T>
struct BackwardJob {
  /// groups * 8 rows, `rowStride` apart.
  const T* rows;
  int rowStride;
  int columns;
  int groups;
  /// One weight a row.
  const T* weights;
  const uint8_t* mask;
  int maskStride;
  /// Particles [from, to) of the mask; their gradient rows start at gradient[0].
  int from, to;
  T* gradient;
  int gradientStride;
  /// Scratch: groupsAtOnce * tableRows * stripBytes bytes.
  T* tables;
  /// Scratch for permuted lookups: permutedParticles * 16 numbers; null to do without them.
  T* sums;
};

/// Groups of points from which on permuted lookups win over narrow tables.
constexpr int worthPermuting = 16;
/// Particles whose permuted sums stay in the second-level cache.
constexpr int permutedParticles = 4096;

/// Points whose subset sums are formed one point after the other; a table entry is the sum of two such halves.
constexpr int halfGroup = 4;
constexpr int halfRows = 1 << halfGroup;

/// table[bits] = low[bits & 15] + high[bits >> 4], where low and high are the sums over the set bits s of weight_s * row_s in ascending order.
template <class T, int Bytes, int vectors>
INLINE void buildTable(const T* rows, int rowStride, const T* weights, T* table) {
  constexpr int lanes = Lanes<T, Bytes>::count;
  constexpr int width = vectors * lanes;
  UNROLL for (int n = 0; n < vectors; n += 1) store<T, Bytes>(table + n * lanes, Reals<T, Bytes>{});
  for (int s = 0; s < pointGroup; s += 1) {
    const Reals<T, Bytes> weight = broadcast<T, Bytes>(weights[s]);
    Reals<T, Bytes> row[vectors];
    UNROLL for (int n = 0; n < vectors; n += 1) row[n] = load<T, Bytes>(rows + size_t(s) * rowStride + n * lanes) * weight;
    // The low half fills the rows 0 ... 15, the high half every 16th row.
    const int distance = s < halfGroup ? width : halfRows * width;
    const int half = 1 << (s % halfGroup);
    const T* from = table;
    T* to = table + half * distance;
    for (int entry = 0; entry < half; entry += 1, from += distance, to += distance) {
      UNROLL for (int n = 0; n < vectors; n += 1) store<T, Bytes>(to + n * lanes, load<T, Bytes>(from + n * lanes) + row[n]);
    }
  }
  for (int high = halfRows; high < tableRows; high += halfRows) {
    Reals<T, Bytes> row[vectors];
    UNROLL for (int n = 0; n < vectors; n += 1) row[n] = load<T, Bytes>(table + high * width + n * lanes);
    const T* from = table + width;
    T* to = table + (high + 1) * width;
    for (int low = 1; low < halfRows; low += 1, from += width, to += width) {
      UNROLL for (int n = 0; n < vectors; n += 1) store<T, Bytes>(to + n * lanes, load<T, Bytes>(from + n * lanes) + row[n]);
    }
  }
}

/// One strip of columns, groups [group, group + count).
template <class T, int Bytes, int vectors, int count>
INLINE void addStrip(const BackwardJob<T>& job, int column, int group) {
  constexpr int lanes = Lanes<T, Bytes>::count;
  constexpr int width = vectors * lanes;
  constexpr int tableSize = tableRows * width;
  KEEP_ROLLED for (int q = 0; q < count; q += 1) {
    const int point = (group + q) * pointGroup;
    // The rows that the next tables are made of: they may lie pages apart, which the processor does not foresee.
    const T* next = job.rows + size_t(point + count * pointGroup) * job.rowStride + column;
    UNROLL for (int s = 0; s < pointGroup; s += 1) {
      for (int byte = 0; byte < vectors * Bytes; byte += 64) __builtin_prefetch((const char*)(next + size_t(s) * job.rowStride) + byte, 0, 2);
    }
    buildTable<T, Bytes, vectors>(job.rows + size_t(point) * job.rowStride + column, job.rowStride, job.weights + point, job.tables + q * tableSize);
  }
  const uint8_t* mask = job.mask + size_t(group) * job.maskStride;
  T* gradient = job.gradient + column;
  for (int i = job.from; i < job.to; i += 1, gradient += job.gradientStride) {
    const T* entry[count];
    UNROLL for (int q = 0; q < count; q += 1) entry[q] = job.tables + q * tableSize + size_t(mask[size_t(q) * job.maskStride + i]) * width;
    UNROLL for (int n = 0; n < vectors; n += 1) {
      Reals<T, Bytes> total = load<T, Bytes>(gradient + n * lanes);
      // By fours: the same sums, however many groups are taken together.
      UNROLL for (int q = 0; q < count; q += 4) {
        Reals<T, Bytes> sum = load<T, Bytes>(entry[q] + n * lanes);
        if constexpr (count >= 2) sum = sum + load<T, Bytes>(entry[q + 1] + n * lanes);
        if constexpr (count >= 4) sum = sum + (load<T, Bytes>(entry[q + 2] + n * lanes) + load<T, Bytes>(entry[q + 3] + n * lanes));
        total = total + sum;
      }
      store<T, Bytes>(gradient + n * lanes, total);
    }
  }
}

template <class T, int Bytes>
static void addColumns(const BackwardJob<T>& job, int column) {
  constexpr int wide = Bytes < registerBytes ? Bytes : registerBytes;
  constexpr int vectors = Bytes / wide;
  int group = 0;
  for (; group + 8 <= job.groups; group += 8) addStrip<T, wide, vectors, 8>(job, column, group);
  for (; group + 4 <= job.groups; group += 4) addStrip<T, wide, vectors, 4>(job, column, group);
  for (; group + 2 <= job.groups; group += 2) addStrip<T, wide, vectors, 2>(job, column, group);
  for (; group < job.groups; group += 1) addStrip<T, wide, vectors, 1>(job, column, group);
}

#if defined(__AVX512F__)
#include "permuted-backward.h"
#endif

template <class T>
static void layerBackward(const BackwardJob<T>& job) {
  constexpr int size = sizeof(T);
  const int bytes = stripPadded(job.columns * size);
  int at = 0;
  for (; at + 128 <= bytes; at += 128) addColumns<T, 128>(job, at / size);
#if defined(__AVX512F__)
  if constexpr (size == 4) {
    if (job.sums != nullptr && job.groups >= worthPermuting) return permutedBackward(job, at / size);
  }
#endif
  for (; at + 64 <= bytes; at += 64) addColumns<T, 64>(job, at / size);
  for (; at + 32 <= bytes; at += 32) addColumns<T, 32>(job, at / size);
  for (; at < bytes; at += 16) addColumns<T, 16>(job, at / size);
}

}  // namespace
