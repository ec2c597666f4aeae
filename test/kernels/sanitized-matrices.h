// The works of kernels/matrices.h on arrays of exactly their sizes.
#pragma once

#include "../../kernels/kernels.h"
#include "../../kernels/matrices.h"
#include "exact-arrays.h"

namespace {

size_t packedSize(int rows, int inner) { return size_t(roundUp(rows, packedRows)) * inner; }

template <class Job>
void runMatrix(const KernelTable& table, Exact<Job>& job) {
  table.matrix(0, uint64_t(job.address()));
}

Result productsOf(const KernelTable& table, Generator& random) {
  const int rows = random.between(1, 90), columns = random.between(1, 70), inner = random.between(1, 200), stride = columns + random.between(0, 5);
  Exact<double> a(size_t(rows) * inner), b(size_t(columns) * inner), left(packedSize(rows, inner)), right(packedSize(columns, inner)),
      out(size_t(rows - 1) * stride + columns);
  for (Exact<double>* array : {&a, &b, &left, &right, &out}) fill(random, *array, 1);
  Exact<PackRows> pack(1);
  *pack.data = {double(int(MatrixTask::pack)), a.address(), double(inner), double(rows), double(inner), left.address()};
  runMatrix(table, pack);
  *pack.data = {double(int(MatrixTask::pack)), b.address(), double(inner), double(columns), double(inner), right.address()};
  runMatrix(table, pack);
  Exact<MultiplyRows> job(1);
  const double diagonal = random.oneIn(2) ? 1e9 : random.between(0, 40) - 20;
  *job.data = {double(int(MatrixTask::multiply)), left.address(), right.address(), double(inner), double(rows), double(columns),
               out.address(), double(stride), double(random.between(0, 2) - 1), diagonal};
  runMatrix(table, job);
  Result result;
  append(result, out);
  return result;
}

Result factorsOf(const KernelTable& table, Generator& random) {
  const int order = random.between(1, 200), rows = random.between(1, 40);
  Exact<double> matrix(size_t(order) * order), packed(packedSize(order, order)), scratch(packedSize(order, order) + size_t(packedRows) * order),
      solved(size_t(rows) * order), vector(order), diagonal(order), out(order), room(order);
  for (Exact<double>* array : {&matrix, &packed, &scratch, &solved, &vector, &diagonal}) fill(random, *array, 1);
  // Some are not positive definite.
  for (int i = 0; i < order; i += 1) matrix.data[size_t(i) * order + i] += random.oneIn(200) ? 0.1 : order;
  Exact<FactorDiagonal> factor(1);
  *factor.data = {double(int(MatrixTask::factorDiagonal)), matrix.address(), double(order), double(order), packed.address(), scratch.address(), 0, 0};
  runMatrix(table, factor);
  Result result;
  append(result, matrix);
  if (factor.data->failed >= 0) return result;
  Exact<SolveRows> solve(1);
  *solve.data = {double(int(MatrixTask::solveRows)), packed.address(), double(order), solved.address(), double(order), double(rows), scratch.address()};
  runMatrix(table, solve);
  append(result, solved);
  for (const MatrixTask task : {MatrixTask::forwardSolve, MatrixTask::backwardSolve, MatrixTask::symmetricProduct, MatrixTask::lowerProduct}) {
    Exact<VectorJob> job(1);
    *job.data = {double(int(task)), double(order), matrix.address(), double(order), diagonal.address(), vector.address(), out.address(), room.address()};
    runMatrix(table, job);
    append(result, vector);
  }
  append(result, out);
  return result;
}

/// Products with a vector whose rows are longer than a span of sums.
Result vectorProductsOf(const KernelTable& table, Generator& random) {
  const int size = random.between(1, 1100), stride = size + random.between(0, 3);
  Exact<double> matrix(size_t(size - 1) * stride + size), vector(size), diagonal(size), out(size), room(size);
  for (Exact<double>* array : {&matrix, &vector, &diagonal}) fill(random, *array, 1);
  Result result;
  for (const MatrixTask task : {MatrixTask::symmetricProduct, MatrixTask::lowerProduct}) {
    Exact<VectorJob> job(1);
    *job.data = {double(int(task)), double(size), matrix.address(), double(stride), diagonal.address(), vector.address(), out.address(), room.address()};
    runMatrix(table, job);
    append(result, out);
  }
  return result;
}

Result layersOf(const KernelTable& table, Generator& random) {
  const int rows = random.between(1, 6), columns = 16 * random.between(1, 4), layers = random.between(1, 4), stride = columns + random.between(0, 3);
  Exact<double> values(size_t(rows - 1) * stride + columns), maps(3 * (layers + 1)), rowRoots(size_t(layers) * rows), rowInverses(size_t(layers) * rows),
      columnRoots(size_t(layers) * columns), columnInverses(size_t(layers) * columns), coefficients(34);
  for (Exact<double>* array : {&values, &maps, &rowRoots, &rowInverses, &columnRoots, &columnInverses, &coefficients}) fill(random, *array, 1.2);
  if (random.oneIn(2)) for (int layer = 0; layer <= layers; layer += 1) maps.data[3 * layer + 1] = 0;
  const double slope = random.oneIn(2) ? 0 : 0.2;
  Exact<ArcCosineLayers> job(1);
  *job.data = {double(int(MatrixTask::arcCosineLayers)), values.address(), double(rows), double(columns), double(stride), double(random.between(0, 1)),
               double(layers), maps.address(), (1 - slope) * (1 - slope) / 2, slope, rowRoots.address(), rowInverses.address(), columnRoots.address(),
               columnInverses.address(), coefficients.address()};
  runMatrix(table, job);
  Result result;
  append(result, values);
  return result;
}

Result matricesOf(const KernelTable& table, uint64_t seed) {
  Generator random{seed};
  switch (random.between(0, 3)) {
    case 0:
      return productsOf(table, random);
    case 1:
      return factorsOf(table, random);
    case 2:
      return vectorProductsOf(table, random);
    default:
      return layersOf(table, random);
  }
}

}  // namespace
