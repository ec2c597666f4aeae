// The entry points, the same for native code and WebAssembly. All offsets count bytes from `base`, the start of the simulation's memory.
#pragma once

#include <stdint.h>

/// What a phase is called with; see problem.h for `problem`.
struct PhaseArguments {
  uint64_t problem, particles, points, targets, weights;
  int32_t chunk, part, parts;
};

struct KernelTable {
  const char* name;
  /// 1 if multiply-adds are fused
  int isFused;
  /// Bytes of scratch that problem->parts threads need.
  double (*scratchBytes)(uintptr_t base, uint64_t problem);
  int (*chunkCount)(uintptr_t base, uint64_t problem);
  void (*forward)(uintptr_t base, const PhaseArguments&);
  void (*residual)(uintptr_t base, const PhaseArguments&);
  void (*backward)(uintptr_t base, const PhaseArguments&);
  /// Adds stepSize * velocity to the particles that the part owns.
  void (*move)(uintptr_t base, const PhaseArguments&, double stepSize);
  void (*fillNormal)(double* out, double count, double position, uint32_t attempt, uint32_t step, uint32_t replica, uint32_t low, uint32_t high);
  void (*fillUniform)(double* out, double count, double position, uint32_t attempt, uint32_t step, uint32_t replica, uint32_t low, uint32_t high);
  /// One of the sums of measuring.h, whose record stands at `job`.
  void (*measure)(uintptr_t base, uint64_t job);
  /// One of the works of matrices.h, whose record stands at `job`.
  void (*matrix)(uintptr_t base, uint64_t job);
  /// A stretch of training, or values, of a deep network: deep.h, whose record stands at `job`.
  void (*deep)(uintptr_t base, uint64_t job);
  /// Multiply-adds of independent registers, for a measurement of the machine's peak: returns the floating-point operations done.
  double (*multiplyAdd)(int realBytes, double rounds);
};
