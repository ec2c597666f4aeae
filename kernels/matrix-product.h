// Products A B^T of matrices in float64 whose rows were packed. An element is a sum over blocks of 64 inner indices in ascending order, each block a
// sum in ascending order: so its bits depend neither on the tile nor on the instruction set, and its rounding error grows with 64 + inner/64, not
// with inner (docs/theory/kernel-matrices.md).
#pragma once

#include "layer-product.h"

namespace {

constexpr int matrixPanel = panelWidth<double>;
/// Inner indices that are summed before the sum is added to the element.
constexpr int innerBlock = 64;
/// Rows of a packed matrix are filled up with zeros to a multiple of this, a multiple of every panel.
constexpr int packedRows = 16;
/// Bytes of packed rows that stay in the second-level cache while all columns pass by.
constexpr int packedStripBytes = 192 * 1024;

/// Every field is a double; arrays are bytes from the start of the memory. As in src/engines/compiled/matrices.ts.
struct PackRows {
  double task;
  /// count x inner, rows `stride` apart
  double rows;
  double stride;
  double count;
  double inner;
  /// Receives the rows in panels, inner index by inner index: `inner` numbers for each row of `count` rounded up to 16.
  double packed;
};

/// Which of the elements are written, and how.
struct MultiplyRows {
  double task;
  /// Packed rows of A and B.
  double left;
  double right;
  double inner;
  double rows;
  double columns;
  double out;
  double stride;
  /// 0 to write, 1 to add, -1 to subtract.
  double mode;
  /// Only elements with column <= row + diagonal are touched.
  double diagonal;
};

static void packRows(uintptr_t base, const PackRows& job) {
  const int count = int(job.count), inner = int(job.inner), stride = int(job.stride);
  const double* rows = (const double*)(base + uintptr_t(job.rows));
  double* packed = (double*)(base + uintptr_t(job.packed));
  const int filled = roundUp(count, packedRows);
  int from = 0;
  for (; from < count; from += matrixPanel) packPanel<double>(rows, stride, from, count, 0, inner, packed + size_t(from) * inner);
  if (from < filled) setZero(packed + size_t(from) * inner, size_t(filled - from) * inner);
}

/// `multiplyTile` where both factors are packed panels: rows of the tile are lanes of `left`.
INLINE void multiplyPacked(Tile<double>& tile, const double* left, const double* right, int inner) {
  constexpr int lanes = Lanes<double, registerBytes>::count;
  const double* end = right + size_t(inner) * matrixPanel;
  for (; right < end; right += matrixPanel, left += matrixPanel) {
    Reals<double> w[panelVectors];
    UNROLL for (int n = 0; n < panelVectors; n += 1) w[n] = load<double>(right + n * lanes);
    UNROLL for (int s = 0; s < tilePoints; s += 1) {
      const Reals<double> value = broadcast<double>(left[s]);
      UNROLL for (int n = 0; n < panelVectors; n += 1) tile.z[s][n] = madd<double>(value, w[n], tile.z[s][n]);
    }
  }
}

/// What becomes of a block's sum.
enum class ProductMode { write, add, subtract };

/// out = or += or -= the tile's products, block by block of inner indices.
template <ProductMode mode>
INLINE void multiplyBlocks(const double* left, const double* right, int inner, double* out, size_t stride) {
  constexpr int lanes = Lanes<double, registerBytes>::count;
  for (int first = 0; first < inner; first += innerBlock) {
    Tile<double> tile;
    UNROLL for (int s = 0; s < tilePoints; s += 1) UNROLL for (int n = 0; n < panelVectors; n += 1) tile.z[s][n] = Reals<double>{};
    multiplyPacked(tile, left + size_t(first) * matrixPanel, right + size_t(first) * matrixPanel, least(innerBlock, inner - first));
    const bool isWritten = mode == ProductMode::write && first == 0;
    UNROLL for (int s = 0; s < tilePoints; s += 1) {
      UNROLL for (int n = 0; n < panelVectors; n += 1) {
        double* at = out + s * stride + n * lanes;
        const Reals<double> sum = tile.z[s][n];
        store<double>(at, isWritten ? sum : mode == ProductMode::subtract ? load<double>(at) - sum : load<double>(at) + sum);
      }
    }
  }
}

/// A tile that lies at an edge of the matrix or on the diagonal, by way of a copy.
template <ProductMode mode>
static void multiplyEdge(const double* left, const double* right, int inner, double* out, size_t stride, int rows, int columns, int diagonal) {
  double copy[tilePoints * matrixPanel];
  for (int s = 0; s < tilePoints; s += 1) {
    for (int c = 0; c < matrixPanel; c += 1) copy[s * matrixPanel + c] = s < rows && c < columns ? out[s * stride + c] : 0;
  }
  multiplyBlocks<mode>(left, right, inner, copy, matrixPanel);
  for (int s = 0; s < rows; s += 1) {
    const int last = least(columns, s + diagonal + 1);
    for (int c = 0; c < last; c += 1) out[s * stride + c] = copy[s * matrixPanel + c];
  }
}

template <ProductMode mode>
static void multiplyPanels(const double* left, const double* right, int inner, int rows, int columns, double* out, size_t stride, int diagonal) {
  const int strip = packedStripBytes / (8 * least(inner, 4096) * packedRows) * packedRows;
  const int stripRows = strip < packedRows ? packedRows : strip;
  for (int firstRow = 0; firstRow < rows; firstRow += stripRows) {
    const int lastRow = least(rows, firstRow + stripRows);
    const int lastColumn = least(columns, lastRow + diagonal);
    for (int column = 0; column < lastColumn; column += matrixPanel) {
      const int width = least(matrixPanel, columns - column);
      for (int row = firstRow; row < lastRow; row += tilePoints) {
        const int height = least(tilePoints, lastRow - row);
        const int below = row + diagonal - column;
        if (below + height <= 0) continue;
        const double* a = left + size_t(row / matrixPanel) * matrixPanel * inner + row % matrixPanel;
        const double* b = right + size_t(column) * inner;
        double* to = out + size_t(row) * stride + column;
        if (width == matrixPanel && height == tilePoints && below + 1 >= matrixPanel) multiplyBlocks<mode>(a, b, inner, to, stride);
        else multiplyEdge<mode>(a, b, inner, to, stride, height, width, below);
      }
    }
  }
}

static void multiplyRows(uintptr_t base, const MultiplyRows& job) {
  const double* left = (const double*)(base + uintptr_t(job.left));
  const double* right = (const double*)(base + uintptr_t(job.right));
  double* out = (double*)(base + uintptr_t(job.out));
  const int inner = int(job.inner), rows = int(job.rows), columns = int(job.columns), diagonal = int(job.diagonal);
  const size_t stride = size_t(job.stride);
  if (job.mode == 0) multiplyPanels<ProductMode::write>(left, right, inner, rows, columns, out, stride, diagonal);
  else if (job.mode > 0) multiplyPanels<ProductMode::add>(left, right, inner, rows, columns, out, stride, diagonal);
  else multiplyPanels<ProductMode::subtract>(left, right, inner, rows, columns, out, stride, diagonal);
}

}  // namespace
