// A two-layer network's values at fixed ascending radii along rays: each neuron's switch belongs to the interval of radii in which it lies, and adds its
// change of slope and intercept there. A lane is a ray, neurons come in their order, and there is no fused multiply-add in any build: the bits are
// those of src/networks/two-layer-values.ts, everywhere.
#pragma once

#include "neuron-sums.h"

namespace {

/// Every field is a double; arrays are bytes from the start of the memory. As in src/engines/compiled/measuring.ts.
struct RayValues {
  double task;
  double width;
  double count;
  double dimension;
  /// Number of radii.
  double radii;
  double negativeSlope;
  /// The guide's equidistant cells, and how many of them one unit of radius has.
  double cells;
  double cellsPerUnit;
  /// width x dimension
  double rows;
  double offsets;
  double amplitudes;
  /// count x dimension, unit rows
  double directions;
  double nodes;
  /// For each cell the first radius in or beyond it; one more entry holds the number of radii.
  double guide;
  /// count x radii
  double out;
  /// `dimension` times the rays of a tile, and pairs of changes for each of its rays: one a radius, and one for what does not count.
  double packed;
  double changes;
};

/// Vectors of rays in a tile: few, so that their changes stay in the first-level cache.
constexpr int rayVectors = registerBytes == 64 ? 2 : 4;
constexpr int raysAtOnce = rayVectors * doubleLanes;

/// Slope and intercept side by side.
typedef Reals<double, 16> Line;

struct RayTile {
  Doubles slopes[rayVectors], intercepts[rayVectors];
};

/// What one neuron is at r = 0, and where along each ray it switches.
INLINE void addNeuronToRays(const RayValues& job, uintptr_t base, int neuron, const Doubles (&z)[rayVectors], RayTile& tile) {
  const double offset = ((const double*)(base + uintptr_t(job.offsets)))[neuron];
  const double outer = ((const double*)(base + uintptr_t(job.amplitudes)))[neuron];
  const double change = (1 - job.negativeSlope) * outer;
  const double* nodes = (const double*)(base + uintptr_t(job.nodes));
  const uint32_t* guide = (const uint32_t*)(base + uintptr_t(job.guide));
  const int radii = int(job.radii);
  const double last = nodes[radii - 1];
  double kinks[raysAtOnce], places[raysAtOnce], slopes[raysAtOnce], intercepts[raysAtOnce];
  UNROLL for (int v = 0; v < rayVectors; v += 1) {
    DoubleMask isOn = z[v] > 0.0;
    if (offset != 0) isOn = DoubleMask{} - (offset > 0 ? 1 : 0);
    const Doubles atZero = select(isOn, broadcast<double>(outer), broadcast<double>(job.negativeSlope * outer));
    tile.slopes[v] += atZero * z[v];
    tile.intercepts[v] += atZero * offset;
    const Doubles turn = select(isOn, broadcast<double>(-change), broadcast<double>(change));
    const Doubles kink = -offset / z[v];
    const DoubleMask counts = (offset * z[v] < 0.0) & (kink <= last);
    store<double>(kinks + v * doubleLanes, keepWhere(counts, kink));
    store<double>(places + v * doubleLanes, select(counts, kink * job.cellsPerUnit, broadcast<double>(job.cells + 1)));
    store<double>(slopes + v * doubleLanes, turn * z[v]);
    store<double>(intercepts + v * doubleLanes, turn * offset);
  }
  Line* changes = (Line*)(base + uintptr_t(job.changes));
  KEEP_ROLLED for (int ray = 0; ray < raysAtOnce; ray += 1) {
    uint32_t node = guide[int(places[ray])];
    while (nodes[node] < kinks[ray]) node += 1;
    changes[size_t(ray) * (radii + 1) + node] += Line{slopes[ray], intercepts[ray]};
  }
}

static void rayValues(uintptr_t base, const RayValues& job) {
  const int width = int(job.width), count = int(job.count), d = int(job.dimension), radii = int(job.radii);
  const double* directions = (const double*)(base + uintptr_t(job.directions));
  const double* rows = (const double*)(base + uintptr_t(job.rows));
  const double* nodes = (const double*)(base + uintptr_t(job.nodes));
  double* packed = (double*)(base + uintptr_t(job.packed));
  Line* changes = (Line*)(base + uintptr_t(job.changes));
  double* out = (double*)(base + uintptr_t(job.out));
  for (int first = 0; first < count; first += raysAtOnce) {
    const int used = least(raysAtOnce, count - first);
    packPoints<raysAtOnce>(directions + size_t(first) * d, used, d, packed);
    setZero((double*)changes, size_t(2) * raysAtOnce * (radii + 1));
    RayTile tile;
    UNROLL for (int v = 0; v < rayVectors; v += 1) tile.slopes[v] = tile.intercepts[v] = Doubles{};
    int neuron = 0;
    for (; neuron + 2 <= width; neuron += 2) {
      Doubles z[2][rayVectors];
      productsWithPoints<2, rayVectors>(rows + size_t(neuron) * d, packed, d, z);
      addNeuronToRays(job, base, neuron, z[0], tile);
      addNeuronToRays(job, base, neuron + 1, z[1], tile);
    }
    for (; neuron < width; neuron += 1) {
      Doubles z[1][rayVectors];
      productsWithPoints<1, rayVectors>(rows + size_t(neuron) * d, packed, d, z);
      addNeuronToRays(job, base, neuron, z[0], tile);
    }
    double slopes[raysAtOnce], intercepts[raysAtOnce];
    UNROLL for (int v = 0; v < rayVectors; v += 1) {
      store<double>(slopes + v * doubleLanes, tile.slopes[v]);
      store<double>(intercepts + v * doubleLanes, tile.intercepts[v]);
    }
    for (int ray = 0; ray < used; ray += 1) {
      const Line* own = changes + size_t(ray) * (radii + 1);
      Line line = {slopes[ray], intercepts[ray]};
      for (int node = 0; node < radii; node += 1) {
        line += own[node];
        out[size_t(first + ray) * radii + node] = (line[0] * nodes[node] + line[1]) / job.width;
      }
    }
  }
}

}  // namespace
