// One of the sums of kernels/measuring.h on arrays of exactly their sizes; the bits are the same on every instruction set, fused or not.
#pragma once

#include <math.h>

#include "../../kernels/kernels.h"
#include "../../kernels/measuring.h"
#include "exact-arrays.h"

namespace {

Result neuronSumsOf(const KernelTable& table, Generator& random, bool isBelow) {
  const int width = random.between(1, 150), dimension = random.between(1, 40);
  const int count = isBelow ? width : random.between(1, 100);
  Exact<double> rows(size_t(width) * dimension), weights(width), points(size_t(count) * dimension), out(count), packed(size_t(32) * dimension), c(17);
  for (Exact<double>* array : {&rows, &weights, &points, &c}) fill(random, *array, 1);
  Exact<NeuronSums> job(1);
  *job.data = {double(int(isBelow ? Task::arcCosineSumsBelow : Task::reluSums)), double(width), double(count), double(dimension), rows.address(),
               weights.address(), isBelow ? rows.address() : points.address(), out.address(), packed.address(), c.address()};
  table.measure(0, uint64_t(job.address()));
  Result result;
  append(result, out);
  return result;
}

Result rayValuesOf(const KernelTable& table, Generator& random) {
  const int width = random.between(1, 90), dimension = random.between(1, 20), count = random.between(1, 70), radii = random.between(1, 40);
  const int cells = 4 * radii;
  Exact<double> rows(size_t(width) * dimension), offsets(width), amplitudes(width), directions(size_t(count) * dimension), nodes(radii + 1),
      out(size_t(count) * radii), packed(size_t(32) * dimension), changes(size_t(64) * (radii + 1));
  Exact<uint32_t> guide(cells + 2);
  for (Exact<double>* array : {&rows, &offsets, &amplitudes, &directions}) fill(random, *array, 1);
  offsets.data[random.between(0, width - 1)] = 0;
  for (int node = 0; node < radii; node += 1) nodes.data[node] = 0.1 + node * 0.07;
  nodes.data[radii] = 0;
  const double last = nodes.data[radii - 1];
  uint32_t node = 0;
  for (int cell = 0; cell <= cells; cell += 1) {
    while (nodes.data[node] < double(cell) / cells * last * (1 - 1e-12)) node += 1;
    guide.data[cell] = node;
  }
  guide.data[cells + 1] = uint32_t(radii);
  Exact<RayValues> job(1);
  *job.data = {double(int(Task::rayValues)), double(width), double(count), double(dimension), double(radii), random.oneIn(2) ? 0.0 : 0.2, double(cells),
               cells / last, rows.address(), offsets.address(), amplitudes.address(), directions.address(), nodes.address(), guide.address(),
               out.address(), packed.address(), changes.address()};
  table.measure(0, uint64_t(job.address()));
  Result result;
  append(result, out);
  return result;
}

Result sphericalSumsOf(const KernelTable& table, Generator& random) {
  const int width = random.between(1, 40), radii = 8 * random.between(1, 9), coefficients = 4 * random.between(1, 9);
  const bool keeps = random.oneIn(2);
  Exact<double> c(coefficients), amplitudes(width), norms(width), offsets(width), scales(radii), inverses(radii), sums(radii),
      kept(keeps ? size_t(2) * width * radii : 0), scaleWeights(radii), weights(radii), byScale(width), byTail(width);
  for (Exact<double>* array : {&c, &amplitudes, &norms, &offsets, &sums, &scaleWeights, &weights}) fill(random, *array, 1);
  norms.data[random.between(0, width - 1)] = 0;
  offsets.data[random.between(0, width - 1)] = 0;
  for (int node = 0; node < radii; node += 1) {
    scales.data[node] = 0.05 + 0.04 * node;
    inverses.data[node] = 1 / scales.data[node];
  }
  Exact<SphericalSums> job(1);
  *job.data = {double(int(Task::addSpherical)), double(width), double(radii), 0.3, double(random.between(0, 20)), double(random.between(0, 1)), 2.1,
               double(coefficients), c.address(), amplitudes.address(), norms.address(), offsets.address(), scales.address(), inverses.address(),
               sums.address(), keeps ? kept.address() : 0, scaleWeights.address(), weights.address(), byScale.address(), byTail.address()};
  table.measure(0, uint64_t(job.address()));
  Result result;
  append(result, sums);
  if (!keeps) return result;
  job.data->task = double(int(Task::integrateSpherical));
  table.measure(0, uint64_t(job.address()));
  append(result, byScale);
  append(result, byTail);
  return result;
}

Result sumsOf(const KernelTable& table, uint64_t seed) {
  Generator random{seed};
  switch (random.between(0, 3)) {
    case 0:
      return neuronSumsOf(table, random, false);
    case 1:
      return neuronSumsOf(table, random, true);
    case 2:
      return rayValuesOf(table, random);
    default:
      return sphericalSumsOf(table, random);
  }
}

}  // namespace
