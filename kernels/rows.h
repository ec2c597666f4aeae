// Row vectors: inner products, scaled copies, and points as the layer products want them.
#pragma once

#include "layer-product.h"

namespace {

/// Columns of a strip: neurons of 128 bytes that are worked on together.
template <class T>
constexpr int stripColumns = stripBytes / int(sizeof(T));

/// Rows of whole strips, never a multiple of 1 KB apart: rows that are read together would meet in the same sets of the cache.
INLINE int strideOf(int count, int size) {
  const int bytes = roundUp(count * size, stripBytes);
  return (bytes % 1024 == 0 ? bytes + stripBytes : bytes) / size;
}

/// sum_k x_k y_k: logical vectors first, then vectors of 16 bytes, then single numbers.
template <class T>
INLINE T innerProduct(const T* x, const T* y, int count) {
  constexpr int logical = logicalLanes<T>;
  constexpr int quarter = Lanes<T, 16>::count;
  constexpr int pieces = 64 / registerBytes;
  constexpr int lanes = Lanes<T, registerBytes>::count;
  int k = 0;
  T sum = 0;
  if (count >= logical) {
    Reals<T> sums[pieces];
    UNROLL for (int n = 0; n < pieces; n += 1) sums[n] = Reals<T>{};
    for (; k + logical <= count; k += logical) {
      UNROLL for (int n = 0; n < pieces; n += 1) sums[n] = madd<T>(load<T>(x + k + n * lanes), load<T>(y + k + n * lanes), sums[n]);
    }
    T together[logical];
    UNROLL for (int n = 0; n < pieces; n += 1) store<T>(together + n * lanes, sums[n]);
    sum = sumOfLanes(together);
  }
  if (k + quarter <= count) {
    Reals<T, 16> part{};
    for (; k + quarter <= count; k += quarter) part = madd<T, 16>(load<T, 16>(x + k), load<T, 16>(y + k), part);
    if constexpr (quarter == 4) sum += (part[0] + part[2]) + (part[1] + part[3]);
    else sum += part[0] + part[1];
  }
  for (; k < count; k += 1) sum = maddOne(x[k], y[k], sum);
  return sum;
}

/// to_k = factor * x_k
template <class T>
INLINE void scaleRow(const T* x, T factor, T* to, size_t count) {
  constexpr size_t lanes = Lanes<T, registerBytes>::count;
  constexpr size_t quarter = Lanes<T, 16>::count;
  size_t k = 0;
  for (; k + lanes <= count; k += lanes) store<T>(to + k, load<T>(x + k) * factor);
  for (; k + quarter <= count; k += quarter) store<T, 16>(to + k, load<T, 16>(x + k) * factor);
  for (; k < count; k += 1) to[k] = x[k] * factor;
}

/// to_k += factor * x_k
template <class T>
INLINE void addScaledRow(const T* x, T factor, T* to, size_t count) {
  constexpr size_t lanes = Lanes<T, registerBytes>::count;
  constexpr size_t quarter = Lanes<T, 16>::count;
  size_t k = 0;
  for (; k + lanes <= count; k += lanes) store<T>(to + k, madd<T>(broadcast<T>(factor), load<T>(x + k), load<T>(to + k)));
  for (; k + quarter <= count; k += quarter) store<T, 16>(to + k, madd<T, 16>(broadcast<T, 16>(factor), load<T, 16>(x + k), load<T, 16>(to + k)));
  for (; k < count; k += 1) to[k] = maddOne(factor, x[k], to[k]);
}

/// to_k = factor * x_k + other * y_k
template <class T>
INLINE void combineRows(const T* x, T factor, const T* y, T other, T* to, size_t count) {
  constexpr size_t lanes = Lanes<T, registerBytes>::count;
  constexpr size_t quarter = Lanes<T, 16>::count;
  size_t k = 0;
  for (; k + lanes <= count; k += lanes) store<T>(to + k, madd<T>(broadcast<T>(other), load<T>(y + k), load<T>(x + k) * factor));
  for (; k + quarter <= count; k += quarter) store<T, 16>(to + k, madd<T, 16>(broadcast<T, 16>(other), load<T, 16>(y + k), load<T, 16>(x + k) * factor));
  for (; k < count; k += 1) to[k] = maddOne(other, y[k], x[k] * factor);
}

/// Copies `count` points to rows of `columns` numbers, with a 1 after the last coordinate if there is a bias and zeros up to `columns`;
/// rows beyond the last point, up to a multiple of 8, are zero.
template <class T>
INLINE void padPoints(const T* points, int count, int dimension, bool hasBias, int columns, T* rows) {
  for (int s = 0; s < count; s += 1) {
    T* row = rows + size_t(s) * columns;
    const T* point = points + size_t(s) * dimension;
    for (int k = 0; k < dimension; k += 1) row[k] = point[k];
    int k = dimension;
    if (hasBias) row[k++] = 1;
    for (; k < columns; k += 1) row[k] = 0;
  }
  setZero(rows + size_t(count) * columns, size_t(roundUp(count, pointGroup) - count) * columns);
}

/// Numbers of a padded row of d coordinates, and one more for a bias.
template <class T>
INLINE int paddedColumns(int dimension, bool hasBias) {
  return stripPadded((dimension + (hasBias ? 1 : 0)) * int(sizeof(T))) / int(sizeof(T));
}

}  // namespace
