// Work on dense float64 matrices, by its number (src/engines/compiled/matrices.ts).
#pragma once

#include "arc-cosine-layers.h"
#include "cholesky.h"
#include "matrix-product.h"

namespace {

enum class MatrixTask { pack = 0, multiply = 1, solveRows = 2, factorDiagonal = 3, forwardSolve = 4, backwardSolve = 5, symmetricProduct = 6, arcCosineLayers = 7, lowerProduct = 8 };

static void matrix(uintptr_t base, uint64_t offset) {
  void* job = (void*)(base + uintptr_t(offset));
  switch (MatrixTask(int(*(const double*)job))) {
    case MatrixTask::pack:
      return packRows(base, *(const PackRows*)job);
    case MatrixTask::multiply:
      return multiplyRows(base, *(const MultiplyRows*)job);
    case MatrixTask::solveRows:
      return solveRows(base, *(const SolveRows*)job);
    case MatrixTask::factorDiagonal:
      return factorDiagonal(base, *(FactorDiagonal*)job);
    case MatrixTask::forwardSolve:
      return forwardSolve(base, *(const VectorJob*)job);
    case MatrixTask::backwardSolve:
      return backwardSolve(base, *(const VectorJob*)job);
    case MatrixTask::symmetricProduct:
      return symmetricProduct(base, *(const VectorJob*)job);
    case MatrixTask::lowerProduct:
      return lowerProduct(base, *(const VectorJob*)job);
    default:
      return arcCosineLayers(base, *(const ArcCosineLayers*)job);
  }
}

}  // namespace
