// Partial moments M_k(r) = E[R^k 1(R <= r)], k = 0, 1, 2, of the law's radius R, read from its quintic Hermite table, and walks along a ray
// on which f - f* is piecewise linear. In double precision and without fused multiply-adds: the same bits as src/laws/moment-table.ts.
#pragma once

#include "problem.h"

namespace {

struct Moments {
  double mass, first, second;
};

/// Moments below `upper` from a quintic Hermite table, and `beyond` from there on. Every field is a double, as in Problem.
struct MomentTable {
  /// Offset of five numbers a node: M_0, M_1, M_2, h p, h^2 p'.
  double nodes;
  double step;
  double inverseStep;
  double cells;
  double factor;
  double upper;
  Moments beyond;

  inline __attribute__((always_inline)) Moments at(uintptr_t base, double radius) const {
    if (!(radius < upper)) return beyond;
    const double* all = (const double*)(base + uintptr_t(nodes));
    const double x = radius * inverseStep;
    if (!(x < cells)) {
      const double* last = all + 5 * size_t(cells);
      return {last[0] * factor, last[1] * factor, last[2] * factor};
    }
    const int cell = int(x);
    const double t = x - cell;
    const double u = 1 - t;
    const double cube = t * t * t;
    const double mirroredCube = u * u * u;
    const double* node = all + 5 * size_t(cell);
    const double left = cell * step;
    const double right = left + step;
    // Quintic Hermite basis: values blend by `blend`; first and second derivatives of M_0 add `leftPart` and `rightPart`, those of M_1 and
    // M_2 the same times r and r^2, and what the product rule adds.
    const double blend = cube * (10 + t * (6 * t - 15));
    const double leftCurve = 0.5 * t * t * mirroredCube;
    const double rightCurve = 0.5 * cube * u * u;
    const double leftPart = t * mirroredCube * (1 + 3 * t) * node[3] + leftCurve * node[4];
    const double rightPart = rightCurve * node[9] - cube * u * (4 - 3 * t) * node[8];
    const double leftExtra = step * leftCurve * node[3];
    const double rightExtra = step * rightCurve * node[8];
    const double mass = node[0] + (blend * (node[5] - node[0]) + leftPart + rightPart);
    const double first = node[1] + (blend * (node[6] - node[1]) + left * leftPart + leftExtra + right * rightPart + rightExtra);
    const double second = node[2] + (blend * (node[7] - node[2]) + left * (left * leftPart + 2 * leftExtra) +
                                     right * (right * rightPart + 2 * rightExtra));
    return {mass * factor, first * factor, second * factor};
  }
};

/// The law's radius: the sum of one or two tables (a mixture has two).
struct Radius {
  uintptr_t base;
  const MomentTable* tables;
  int count;
  double upper;

  INLINE Radius of(const Problem& problem, uintptr_t base) {
    return {base, (const MomentTable*)(base + uintptr_t(problem.momentTables)), int(problem.momentTableCount), problem.momentUpper};
  }

  inline __attribute__((always_inline)) Moments at(double radius) const {
    Moments sum = tables[0].at(base, radius);
    for (int number = 1; number < count; number += 1) {
      const Moments more = tables[number].at(base, radius);
      sum = {sum.mass + more.mass, sum.first + more.first, sum.second + more.second};
    }
    return sum;
  }
};

/// The target's linear pieces along every ray.
struct Pieces {
  int count;
  const double *starts, *slopes, *intercepts;

  INLINE Pieces of(const Problem& problem, uintptr_t base) {
    return {int(problem.pieceCount), (const double*)(base + uintptr_t(problem.pieceStarts)),
            (const double*)(base + uintptr_t(problem.pieceSlopes)), (const double*)(base + uintptr_t(problem.pieceIntercepts))};
  }
  inline __attribute__((always_inline)) double endOf(int piece) const { return piece + 1 < count ? starts[piece + 1] : __builtin_inf(); }
};

/// Whether relu(slope r + intercept) is on just above r = 0.
INLINE bool isOnAtZero(double slope, double intercept) { return intercept > 0 || (intercept == 0 && slope > 0); }

/// Running integrals of e and r e against the law of the radius, e = slope r + intercept between two places.
struct RayTotals {
  double zeroth = 0, first = 0;
  Moments last{0, 0, 0};

  /// Goes on to where the moments are `here`. Terms with factor 0 are skipped: a moment may be infinite.
  inline __attribute__((always_inline)) void advance(const Moments& here, double slope, double intercept) {
    if (intercept != 0) {
      zeroth += intercept * (here.mass - last.mass);
      first += intercept * (here.first - last.first);
    }
    if (slope != 0) {
      zeroth += slope * (here.first - last.first);
      first += slope * (here.second - last.second);
    }
    last = here;
  }
};

}  // namespace
