// What a blocked Cholesky factorisation A = L L^T in place is made of, besides products: the lower triangle of A becomes L, the strict upper one stays.
//   l_ij = (a_ij - sum_(k < j) l_ik l_jk) / l_jj,  l_jj = sqrt(a_jj - sum_(k < j) l_jk^2),
// the sum over k in blocks of 64 that begin at multiples of 64, each subtracted in turn: the same bits however the matrix is cut.
#pragma once

#include "matrix-product.h"

namespace {

struct SolveRows {
  double task;
  /// L of the block on the diagonal, order x order, as packed rows.
  double factor;
  double order;
  /// count x order, rows `stride` apart: x L^T = row, in place.
  double rows;
  double stride;
  double count;
  /// 16 * order numbers
  double scratch;
};

struct FactorDiagonal {
  double task;
  /// order x order, in place
  double matrix;
  double stride;
  double order;
  /// Receives the rows of L, packed, inner = order: order rounded up to 16 times order numbers.
  double packed;
  /// (16 + order rounded up to 16) * order numbers
  double scratch;
  /// Receives the index of the first pivot that is not positive, or -1; and that pivot.
  double failed;
  double pivot;
};

/// Element (row, k) of packed rows.
INLINE const double& packedAt(const double* packed, int inner, int row, int k) {
  return packed[(size_t(row / matrixPanel) * inner + k) * matrixPanel + row % matrixPanel];
}

/// x L^T = b for the lanes of one packed panel, in place.
static void solvePanel(const double* factor, int order, double* x) {
  constexpr int lanes = Lanes<double, registerBytes>::count;
  for (int j = 0; j < order; j += tilePoints) {
    const int columns = least(tilePoints, order - j);
    const double* rows = factor + size_t(j / matrixPanel) * matrixPanel * order + j % matrixPanel;
    Tile<double> rest;
    UNROLL for (int s = 0; s < tilePoints; s += 1) {
      UNROLL for (int n = 0; n < panelVectors; n += 1) rest.z[s][n] = s < columns ? load<double>(x + size_t(j + s) * matrixPanel + n * lanes) : Reals<double>{};
    }
    const int start = j / innerBlock * innerBlock;
    for (int first = 0; first < start; first += innerBlock) {
      Tile<double> tile;
      UNROLL for (int s = 0; s < tilePoints; s += 1) UNROLL for (int n = 0; n < panelVectors; n += 1) tile.z[s][n] = Reals<double>{};
      multiplyPacked(tile, rows + size_t(first) * matrixPanel, x + size_t(first) * matrixPanel, innerBlock);
      UNROLL for (int s = 0; s < tilePoints; s += 1) UNROLL for (int n = 0; n < panelVectors; n += 1) rest.z[s][n] = rest.z[s][n] - tile.z[s][n];
    }
    Tile<double> last;
    UNROLL for (int s = 0; s < tilePoints; s += 1) UNROLL for (int n = 0; n < panelVectors; n += 1) last.z[s][n] = Reals<double>{};
    multiplyPacked(last, rows + size_t(start) * matrixPanel, x + size_t(start) * matrixPanel, j - start);
    for (int s = 0; s < columns; s += 1) {
      double* own = x + size_t(j + s) * matrixPanel;
      UNROLL for (int n = 0; n < panelVectors; n += 1) {
        Reals<double> sum = last.z[s][n];
        for (int t = 0; t < s; t += 1) sum = madd<double>(broadcast<double>(packedAt(factor, order, j + s, j + t)), load<double>(x + size_t(j + t) * matrixPanel + n * lanes), sum);
        store<double>(own + n * lanes, (rest.z[s][n] - sum) / broadcast<double>(packedAt(factor, order, j + s, j + s)));
      }
    }
  }
}

/// The factor's rows have `inner` = order numbers each.
static void solveRowsWith(const double* factor, int order, double* rows, size_t stride, int count, double* scratch) {
  for (int from = 0; from < count; from += matrixPanel) {
    packPanel<double>(rows, int(stride), from, count, 0, order, scratch);
    solvePanel(factor, order, scratch);
    const int present = least(matrixPanel, count - from);
    for (int lane = 0; lane < present; lane += 1) {
      double* row = rows + size_t(from + lane) * stride;
      for (int k = 0; k < order; k += 1) row[k] = scratch[size_t(k) * matrixPanel + lane];
    }
  }
}

static void solveRows(uintptr_t base, const SolveRows& job) {
  solveRowsWith((const double*)(base + uintptr_t(job.factor)), int(job.order), (double*)(base + uintptr_t(job.rows)), size_t(job.stride), int(job.count),
                (double*)(base + uintptr_t(job.scratch)));
}

/// At most 64 x 64, column by column: -1, or the index of the first pivot that is not positive.
static int factorSmall(double* matrix, size_t stride, int order, double* pivot) {
  constexpr int lanes = Lanes<double, registerBytes>::count;
  // sums[j] is column j of the sums over k < j, and own the last column of L.
  double sums[innerBlock * innerBlock], own[innerBlock];
  setZero(sums, size_t(innerBlock) * innerBlock);
  for (int k = 0; k < order; k += 1) {
    const double square = matrix[k * stride + k] - sums[k * innerBlock + k];
    if (!(square > 0 && square < __builtin_inf())) {
      *pivot = square;
      return k;
    }
    const double root = Arithmetic<double, 16>::squareRoot(broadcast<double, 16>(square))[0];
    matrix[k * stride + k] = root;
    for (int i = 0; i < innerBlock; i += 1) own[i] = 0;
    own[k] = root;
    for (int i = k + 1; i < order; i += 1) {
      own[i] = (matrix[i * stride + k] - sums[k * innerBlock + i]) / root;
      matrix[i * stride + k] = own[i];
    }
    for (int j = k + 1; j < order; j += 1) {
      const Reals<double> value = broadcast<double>(own[j]);
      for (int i = j / lanes * lanes; i < order; i += lanes) {
        double* at = sums + j * innerBlock + i;
        store<double>(at, madd<double>(load<double>(own + i), value, load<double>(at)));
      }
    }
  }
  return -1;
}

static void factorDiagonal(uintptr_t base, FactorDiagonal& job) {
  double* matrix = (double*)(base + uintptr_t(job.matrix));
  double* packed = (double*)(base + uintptr_t(job.packed));
  double* scratch = (double*)(base + uintptr_t(job.scratch));
  const size_t stride = size_t(job.stride);
  const int order = int(job.order);
  job.failed = -1;
  for (int first = 0; first < order; first += innerBlock) {
    const int size = least(innerBlock, order - first);
    double* rows = matrix + size_t(first) * stride;
    if (first > 0) {
      // The rows of L so far, packed with `first` numbers each.
      double* above = scratch + packedRows * first;
      for (int from = 0; from < first; from += matrixPanel) packPanel<double>(matrix, int(stride), from, first, 0, first, above + size_t(from) * first);
      solveRowsWith(above, first, rows, stride, size, scratch);
      double* own = above;
      for (int from = 0; from < size; from += matrixPanel) packPanel<double>(rows, int(stride), from, size, 0, first, own + size_t(from) * first);
      multiplyPanels<ProductMode::subtract>(own, own, first, size, size, rows + first, stride, 0);
    }
    double pivot = 0;
    const int failed = factorSmall(rows + first, stride, size, &pivot);
    if (failed >= 0) {
      job.failed = first + failed;
      job.pivot = pivot;
      return;
    }
  }
  const int filled = roundUp(order, packedRows);
  int from = 0;
  for (; from < order; from += matrixPanel) packPanel<double>(matrix, int(stride), from, order, 0, order, packed + size_t(from) * order);
  if (from < filled) setZero(packed + size_t(from) * order, size_t(filled - from) * order);
}

// --- one vector ----------------------------------------------------------------------------------------------------------------------------------

struct VectorJob {
  double task;
  double size;
  /// size x size, rows `stride` apart
  double matrix;
  double stride;
  /// For products from the strict upper triangle: the matrix's diagonal.
  double diagonal;
  double vector;
  /// For products: receives the result; `size` numbers of scratch.
  double out;
  double scratch;
};

/// Numbers of a row after which a sum of eight lanes is put aside.
constexpr int sumSpan = 512;

/// a.b in spans of 512, each in eight lanes.
static double innerProduct(const double* a, const double* b, int count) {
  constexpr int lanes = Lanes<double, registerBytes>::count;
  double total = 0;
  for (int first = 0; first < count; first += sumSpan) {
    const int end = least(count, first + sumSpan);
    Reals<double> sums[8 / lanes];
    UNROLL for (int n = 0; n < 8 / lanes; n += 1) sums[n] = Reals<double>{};
    int k = first;
    for (; k + 8 <= end; k += 8) {
      UNROLL for (int n = 0; n < 8 / lanes; n += 1) sums[n] = madd<double>(load<double>(a + k + n * lanes), load<double>(b + k + n * lanes), sums[n]);
    }
    double spilled[8];
    UNROLL for (int n = 0; n < 8 / lanes; n += 1) store<double>(spilled + n * lanes, sums[n]);
    double sum = sumOfLanes(spilled);
    for (; k < end; k += 1) sum = maddOne<double>(a[k], b[k], sum);
    total += sum;
  }
  return total;
}

/// to_k += value from_k
static void addMultiple(const double* from, double value, double* to, int count) {
  constexpr int lanes = Lanes<double, registerBytes>::count;
  const Reals<double> factor = broadcast<double>(value);
  int k = 0;
  for (; k + lanes <= count; k += lanes) store<double>(to + k, madd<double>(factor, load<double>(from + k), load<double>(to + k)));
  for (; k < count; k += 1) to[k] = maddOne<double>(value, from[k], to[k]);
}

/// L y = b, in place.
static void forwardSolve(uintptr_t base, const VectorJob& job) {
  const double* matrix = (const double*)(base + uintptr_t(job.matrix));
  double* vector = (double*)(base + uintptr_t(job.vector));
  const size_t stride = size_t(job.stride);
  for (int i = 0; i < int(job.size); i += 1) vector[i] = (vector[i] - innerProduct(matrix + i * stride, vector, i)) / matrix[i * stride + i];
}

/// L^T x = y, in place.
static void backwardSolve(uintptr_t base, const VectorJob& job) {
  const double* matrix = (const double*)(base + uintptr_t(job.matrix));
  double* vector = (double*)(base + uintptr_t(job.vector));
  const size_t stride = size_t(job.stride);
  for (int i = int(job.size) - 1; i >= 0; i -= 1) {
    vector[i] /= matrix[i * stride + i];
    addMultiple(matrix + i * stride, -vector[i], vector, i);
  }
}

/// out = A v, A symmetric from its strict upper triangle and its diagonal. Rows act on what is behind the diagonal by inner products, and on what is
/// before it by sums over 64 rows, added up afterwards.
static void symmetricProduct(uintptr_t base, const VectorJob& job) {
  const double* matrix = (const double*)(base + uintptr_t(job.matrix));
  const double* diagonal = (const double*)(base + uintptr_t(job.diagonal));
  const double* vector = (const double*)(base + uintptr_t(job.vector));
  double* out = (double*)(base + uintptr_t(job.out));
  double* sums = (double*)(base + uintptr_t(job.scratch));
  const size_t stride = size_t(job.stride);
  const int size = int(job.size);
  for (int i = 0; i < size; i += 1) out[i] = diagonal[i] * vector[i];
  for (int first = 0; first < size; first += innerBlock) {
    const int last = least(size, first + innerBlock);
    setZero(sums + first, size_t(size - first));
    for (int i = first; i < last; i += 1) {
      const double* row = matrix + i * stride;
      out[i] += innerProduct(row + i + 1, vector + i + 1, size - i - 1);
      addMultiple(row + i + 1, vector[i], sums + i + 1, size - i - 1);
    }
    for (int j = first; j < size; j += 1) out[j] += sums[j];
  }
}

/// Rows of a symmetric product that pass by together; 64 is a multiple of it, and 8 is.
constexpr int productRows = 4;

/// For `count` rows from the one with index `first` on, row i with its i + 1 numbers up to the diagonal: products_i = row_i.v, with the bits of `innerProduct`, and
/// sums_k += v_i row_ik for k < i, row after row. A multiple of 4 as `first`, so that a full eight of the first row is off its diagonal.
template <int count>
static void passRows(const double* rows, size_t stride, int first, const double* vector, double* products, double* sums) {
  constexpr int lanes = Lanes<double, registerBytes>::count;
  double totals[count] = {};
  for (int from = 0; from < first + count; from += sumSpan) {
    const int shared = from + (least(first + 1, from + sumSpan) - from) / 8 * 8;
    Reals<double> values[count][8 / lanes];
    UNROLL for (int r = 0; r < count; r += 1) UNROLL for (int n = 0; n < 8 / lanes; n += 1) values[r][n] = Reals<double>{};
    for (int k = from; k < shared; k += 8) {
      UNROLL for (int n = 0; n < 8 / lanes; n += 1) {
        const int at = k + n * lanes;
        const Reals<double> v = load<double>(vector + at);
        Reals<double> sum = load<double>(sums + at);
        UNROLL for (int r = 0; r < count; r += 1) {
          const Reals<double> entry = load<double>(rows + r * stride + at);
          values[r][n] = madd<double>(entry, v, values[r][n]);
          sum = madd<double>(broadcast<double>(vector[first + r]), entry, sum);
        }
        store<double>(sums + at, sum);
      }
    }
    for (int r = 0; r < count; r += 1) {
      const double* row = rows + r * stride;
      const int end = least(first + r + 1, from + sumSpan);
      if (end <= from) continue;
      int k = shared < from ? from : shared;
      for (; k + 8 <= end; k += 8) {
        UNROLL for (int n = 0; n < 8 / lanes; n += 1) values[r][n] = madd<double>(load<double>(row + k + n * lanes), load<double>(vector + k + n * lanes), values[r][n]);
      }
      double spilled[8];
      UNROLL for (int n = 0; n < 8 / lanes; n += 1) store<double>(spilled + n * lanes, values[r][n]);
      double sum = sumOfLanes(spilled);
      for (; k < end; k += 1) sum = maddOne<double>(row[k], vector[k], sum);
      totals[r] += sum;
      const int last = least(first + r, end);
      for (int j = shared < from ? from : shared; j < last; j += 1) sums[j] = maddOne<double>(vector[first + r], row[j], sums[j]);
    }
  }
  for (int r = 0; r < count; r += 1) products[r] = totals[r];
}

/// out = A v, A symmetric from its lower triangle and the diagonal there: rows act on what is up to the diagonal by inner products, and on what is
/// before it by sums over 64 rows, added up afterwards.
static void lowerProduct(uintptr_t base, const VectorJob& job) {
  const double* matrix = (const double*)(base + uintptr_t(job.matrix));
  const double* vector = (const double*)(base + uintptr_t(job.vector));
  double* out = (double*)(base + uintptr_t(job.out));
  double* sums = (double*)(base + uintptr_t(job.scratch));
  const size_t stride = size_t(job.stride);
  const int size = int(job.size);
  for (int first = 0; first < size; first += innerBlock) {
    const int last = least(size, first + innerBlock);
    setZero(sums, size_t(last));
    int i = first;
    for (; i + productRows <= last; i += productRows) passRows<productRows>(matrix + i * stride, stride, i, vector, out + i, sums);
    for (; i < last; i += 1) {
      out[i] = innerProduct(matrix + i * stride, vector, i + 1);
      addMultiple(matrix + i * stride, vector[i], sums, i);
    }
    for (int j = 0; j < last; j += 1) out[j] += sums[j];
  }
}

}  // namespace
