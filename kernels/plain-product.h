// Ordinary products on panels, for what is not binary: pre-activations that are kept, and C_i += sum_s q_is x_s with full numbers q.
#pragma once

#include "layer-product.h"

namespace {

/// z_is = w_i.x_s for particles [from, to), kept as rows of z, `stride` apart, one row a point.
template <class T>
struct KeepJob {
  /// From `packPoints`.
  const T* points;
  int groups;
  int inputs;
  const T* rows;
  int rowStride;
  int from, to;
  T* packedRows;
  T* z;
  int stride;
  /// Panels that are packed together, if `packedRows` holds more of them than `panelsAtOnce`; 0 otherwise.
  int panelsAtOnce;
};

/// `multiplyTile`, which asks for the lines of points that come next, since they lie pages apart and the processor does not foresee them.
template <class T>
INLINE void multiplyTileAhead(Tile<T>& tile, const T* points, const T* packed, int inputs, const T* next) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const T* end = packed + size_t(inputs) * panelWidth<T>;
  for (; packed < end; packed += panelWidth<T>, points += pointGroup, next += pointGroup) {
    __builtin_prefetch(next, 0, 2);
    Reals<T> w[panelVectors];
    UNROLL for (int n = 0; n < panelVectors; n += 1) w[n] = load<T>(packed + n * lanes);
    UNROLL for (int s = 0; s < tilePoints; s += 1) {
      const Reals<T> value = broadcast<T>(points[s]);
      UNROLL for (int n = 0; n < panelVectors; n += 1) tile.z[s][n] = madd<T>(value, w[n], tile.z[s][n]);
    }
  }
}

template <class T>
static void layerProducts(const KeepJob<T>& job) {
  constexpr int width = panelWidth<T>;
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const int panels = (job.to - job.from + width - 1) / width;
  const int atOnce = job.panelsAtOnce > 0 ? job.panelsAtOnce : panelsAtOnce<T>(job.inputs);
  for (int firstPanel = 0; firstPanel < panels; firstPanel += atOnce) {
    const int lastPanel = least(panels, firstPanel + atOnce);
    for (int first = 0; first < job.inputs; first += inputBlock) {
      const int inputs = least(job.inputs, first + inputBlock) - first;
      for (int panel = firstPanel; panel < lastPanel; panel += 1) {
        packPanel(job.rows, job.rowStride, job.from + panel * width, job.to, first, first + inputs, job.packedRows + size_t(panel - firstPanel) * inputs * width);
      }
      for (int point = 0; point < job.groups * pointGroup; point += tilePoints) {
        for (int panel = firstPanel; panel < lastPanel; panel += 1) {
          T* z = job.z + size_t(point) * job.stride + job.from + panel * width;
          Tile<T> tile;
          UNROLL for (int n = 0; n < panelVectors; n += 1) {
            UNROLL for (int s = 0; s < tilePoints; s += 1) {
              tile.z[s][n] = first == 0 ? Reals<T>{} : load<T>(z + size_t(s) * job.stride + n * lanes);
            }
          }
          const int group = point / pointGroup;
          const T* points = job.points + (size_t(group) * job.inputs + first) * pointGroup + point % pointGroup;
          UNROLL for (int s = 0; s < tilePoints; s += 1) {
            UNROLL for (int n = 0; n < panelVectors; n += 1) __builtin_prefetch(z + size_t(s + 8) * job.stride + n * lanes, 1, 2);
          }
          const T* next = points + size_t(job.inputs) * pointGroup;
          multiplyTileAhead<T>(tile, points, job.packedRows + size_t(panel - firstPanel) * inputs * width, inputs, next);
          UNROLL for (int n = 0; n < panelVectors; n += 1) {
            UNROLL for (int s = 0; s < tilePoints; s += 1) store<T>(z + size_t(s) * job.stride + n * lanes, tile.z[s][n]);
          }
        }
      }
    }
  }
}

/// C_i += sum_s q_si x_s for particles [from, to) and all columns of the points; q has one row a point, `stride` apart.
template <class T>
struct AccumulateJob {
  const T* points;
  int pointStride;
  int columns;
  int count;
  const T* q;
  int stride;
  int from, to;
  /// Row of particle `from`, and the distance of rows.
  T* out;
  int outStride;
};

/// Columns that a register tile holds one below the other.
constexpr int tileColumns = tilePoints;

template <class T>
static void accumulateOuter(const AccumulateJob<T>& job) {
  constexpr int width = panelWidth<T>;
  constexpr int lanes = Lanes<T, registerBytes>::count;
  T spill[tileColumns * width];
  for (int particle = job.from; particle < job.to; particle += width) {
    const int present = least(width, job.to - particle);
    T* out = job.out + size_t(particle - job.from) * job.outStride;
    for (int column = 0; column < job.columns; column += tileColumns) {
      const int columns = least(tileColumns, job.columns - column);
      // Beyond the last column the first one of the tile is taken again, and thrown away.
      const T* x[tileColumns];
      UNROLL for (int c = 0; c < tileColumns; c += 1) x[c] = job.points + column + (c < columns ? c : 0);
      Tile<T> tile;
      UNROLL for (int c = 0; c < tileColumns; c += 1) {
        UNROLL for (int n = 0; n < panelVectors; n += 1) tile.z[c][n] = Reals<T>{};
      }
      const T* q = job.q + particle;
      KEEP_ROLLED for (int s = 0; s < job.count; s += 1) {
        Reals<T> value[panelVectors];
        UNROLL for (int n = 0; n < panelVectors; n += 1) value[n] = load<T>(q + n * lanes);
        q += job.stride;
        const size_t at = size_t(s) * job.pointStride;
        UNROLL for (int c = 0; c < tileColumns; c += 1) {
          const Reals<T> coordinate = broadcast<T>(x[c][at]);
          UNROLL for (int n = 0; n < panelVectors; n += 1) tile.z[c][n] = madd<T>(coordinate, value[n], tile.z[c][n]);
        }
      }
      UNROLL for (int c = 0; c < tileColumns; c += 1) {
        UNROLL for (int n = 0; n < panelVectors; n += 1) store<T>(spill + c * width + n * lanes, tile.z[c][n]);
      }
      for (int lane = 0; lane < present; lane += 1) {
        for (int c = 0; c < columns; c += 1) out[size_t(lane) * job.outStride + column + c] += spill[c * width + lane];
      }
    }
  }
}

}  // namespace
