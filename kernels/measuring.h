// What a measurement or a limit sums over neurons, by its number (src/engines/compiled/measuring.ts). Float64 whatever the simulation's precision; the
// bits are those of TypeScript, so that no result depends on which engine measures.
#pragma once

#include "neuron-sums.h"
#include "ray-values.h"
#include "spherical-sums.h"

namespace {

enum class Task { reluSums = 0, arcCosineSumsBelow = 1, rayValues = 2, addSpherical = 3, integrateSpherical = 4 };

static void measure(uintptr_t base, uint64_t offset) {
  const void* job = (const void*)(base + uintptr_t(offset));
  switch (Task(int(*(const double*)job))) {
    case Task::reluSums:
      return reluSums(base, *(const NeuronSums*)job);
    case Task::arcCosineSumsBelow:
      return arcCosineSumsBelow(base, *(const NeuronSums*)job);
    case Task::rayValues:
      return rayValues(base, *(const RayValues*)job);
    case Task::addSpherical:
      return addSpherical(base, *(const SphericalSums*)job);
    default:
      return integrateSpherical(base, *(const SphericalSums*)job);
  }
}

}  // namespace
