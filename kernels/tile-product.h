// Products of matrices so small that they stay in the caches, in register tiles: c_sj = start_j + sum_t a_st b_tj, t ascending, one multiply-add a
// term. A tile's shape is free for each target, since no sum is ever cut.
#pragma once

#include "simd.h"

#define INLINE_METHOD inline __attribute__((always_inline))

namespace {

/// Rows and vectors of a whole tile. Larger ones would fit the registers, but compilers then move sums to the stack within the loop.
constexpr int wholeRows = 4;
constexpr int wholeVectors = registerBytes == 64 ? 4 : 2;

/// The factors of a product. Rows of b are `termStride` apart and reach to a whole number of registers.
template <class T>
struct Factors {
  const T* a;
  /// Distance of a_st and a_(s+1)t, and of a_st and a_s(t+1).
  size_t rowStep, termStep;
  const T* b;
  size_t termStride;
  int rows, columns, terms;
};

/// One tile. `job.start(column)` is what a sum starts from, `job.finish(row, column, sum)` takes it.
template <class T, int rows, int vectors, class Job>
INLINE void smallTile(const Factors<T>& factors, const Job& job, int row, int column) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  Reals<T> sums[rows][vectors];
  UNROLL for (int n = 0; n < vectors; n += 1) {
    const Reals<T> start = job.start(column + n * lanes);
    UNROLL for (int s = 0; s < rows; s += 1) sums[s][n] = start;
  }
  const T* a = factors.a + size_t(row) * factors.rowStep;
  const T* b = factors.b + column;
  const size_t rowStep = factors.rowStep, termStep = factors.termStep, termStride = factors.termStride;
  KEEP_ROLLED for (int t = 0; t < factors.terms; t += 1, a += termStep, b += termStride) {
    Reals<T> terms[vectors];
    UNROLL for (int n = 0; n < vectors; n += 1) terms[n] = load<T>(b + n * lanes);
    UNROLL for (int s = 0; s < rows; s += 1) {
      const Reals<T> value = broadcast<T>(a[size_t(s) * rowStep]);
      UNROLL for (int n = 0; n < vectors; n += 1) sums[s][n] = madd<T>(value, terms[n], sums[s][n]);
    }
  }
  UNROLL for (int s = 0; s < rows; s += 1) {
    UNROLL for (int n = 0; n < vectors; n += 1) job.finish(row + s, column + n * lanes, sums[s][n]);
  }
}

template <class T, int vectors, class Job>
static void smallPanel(const Factors<T>& factors, const Job& job, int column) {
  int row = 0;
  for (; row + wholeRows <= factors.rows; row += wholeRows) smallTile<T, wholeRows, vectors>(factors, job, row, column);
  for (; row + 2 <= factors.rows; row += 2) smallTile<T, 2, vectors>(factors, job, row, column);
  for (; row < factors.rows; row += 1) smallTile<T, 1, vectors>(factors, job, row, column);
}

/// The product, panel by panel of columns, the panels as equal as they can be.
template <class T, class Job>
static void smallProduct(const Factors<T>& factors, const Job& job) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  int vectors = (factors.columns + lanes - 1) / lanes;
  int column = 0;
  for (int panels = (vectors + wholeVectors - 1) / wholeVectors; panels > 0; panels -= 1) {
    const int taken = (vectors + panels - 1) / panels;
    if (taken == 1) smallPanel<T, 1>(factors, job, column);
    else if (taken == 2) smallPanel<T, 2>(factors, job, column);
    else if constexpr (wholeVectors > 2) taken == 3 ? smallPanel<T, 3>(factors, job, column) : smallPanel<T, 4>(factors, job, column);
    vectors -= taken;
    column += taken * lanes;
  }
}

/// to[c * toStride + r] = rows[r * stride + c] for r < count and c < columns. Rows of `rows` and the number of rows of `to` reach to a multiple of 4.
template <class T>
static void transposeRows(const T* rows, size_t stride, int count, int columns, T* to, size_t toStride) {
  constexpr int side = Lanes<T, 16>::count;
  int r = 0;
  for (; r + side <= count; r += side) {
    for (int c = 0; c < columns; c += side) transposeSquare(rows + size_t(r) * stride + c, stride, to + size_t(c) * toStride + r, toStride);
  }
  for (; r < count; r += 1) {
    for (int c = 0; c < columns; c += 1) to[size_t(c) * toStride + r] = rows[size_t(r) * stride + c];
  }
}

}  // namespace
