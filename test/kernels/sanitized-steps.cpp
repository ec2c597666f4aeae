// Steps of the kernels on arrays of exactly their sizes, in a build with sanitizers: what is read or written beyond an array, or overflows, ends
// the program. Results must be the same bits for any number of parts, in any order of the parts within a phase, from any content of the
// scratch, and on every instruction set of one arithmetic. Prints a digest of all results of each arithmetic.
// Arguments: the number of random cases (default 150), the first seed (default 1).
#include <math.h>
#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <vector>

#include "exact-arrays.h"
#include "red-zones.h"
#include "sanitized-deep.h"
#include "sanitized-matrices.h"
#include "sanitized-sums.h"

#include "../../kernels/kernels.h"
#include "../../kernels/radius.h"

extern const KernelTable kernels_avx512_fused, kernels_avx2_fused, kernels_sse2_plain;

static uintptr_t scratchStart = 0, scratchEnd = 0;

extern "C" uintptr_t leaveRedZone(uintptr_t end, uintptr_t next) {
  const uintptr_t start = next + 256;
  // Sizes alone are asked for at other addresses.
  if (end >= scratchStart && start <= scratchEnd) ASAN_POISON_MEMORY_REGION((void*)end, start - end);
  return start;
}

namespace {

enum class Mode { samples, rays };

struct Case {
  uint64_t seed;
  Network network;
  Mode mode;
  int batch, dimension, width, secondWidth;
  Activation activation;
  bool isDouble, isClipped, isWeighted, isLeaky, trainsOuter;
  /// Some particles are NaN, infinite, subnormal or huge, as in a run that diverges.
  bool isWild;
};

void describe(const Case& c, const char* table, int parts) {
  static const char* const networks[] = {"two-layer", "bottleneck", "dense"};
  static const char* const activations[] = {"", " tanh", " erf", " softplus"};
  fprintf(stderr, "seed %llu: %s %s B=%d d=%d m=%d m2=%d float%d%s%s%s%s%s%s, %s, %d parts\n", (unsigned long long)c.seed, networks[int(c.network)],
          c.mode == Mode::rays ? "rays" : "samples", c.batch, c.dimension, c.width, c.secondWidth, c.isDouble ? 64 : 32,
          c.isClipped ? " clipped" : "", c.isWeighted ? " weighted" : "", c.isLeaky ? " leaky" : "", activations[int(c.activation)], c.trainsOuter ? " trained a" : "",
          c.isWild ? " wild" : "", table, parts);
}

size_t particleCount(const Case& c) {
  const size_t rows = size_t(c.width) * c.dimension;
  switch (c.network) {
    case Network::twoLayer:
      return rows + 2 * size_t(c.width);
    case Network::bottleneck:
      return rows + 3 * size_t(c.secondWidth);
    default:
      return rows + c.width + size_t(c.width) * c.secondWidth + 2 * size_t(c.secondWidth);
  }
}

/// Sizes at and about those where the kernels' loops change.
int sizeUpTo(Generator& random, int most) {
  static const int edges[] = {1,  2,   3,   4,   5,   7,   8,   9,   15,  16,  17,  31,  32,   33,   47,   63,   64,   65,
                              96, 127, 128, 129, 255, 256, 257, 511, 512, 513, 767, 1023, 1024, 1025, 2048, 2049, 4096, 4097, 8192, 8193};
  int size;
  if (random.oneIn(2)) {
    size = random.between(1, most < 70 ? most : 70);
  } else {
    do size = edges[random.between(0, int(sizeof(edges) / sizeof(edges[0])) - 1)];
    while (size > most);
  }
  return size;
}

Case randomCase(uint64_t seed) {
  Generator random{seed * 0x2545f4914f6cdd1dull};
  Case c{};
  c.seed = seed;
  c.network = Network(random.between(0, 2));
  c.mode = c.network != Network::dense && random.oneIn(2) ? Mode::rays : Mode::samples;
  c.isDouble = random.oneIn(2);
  c.isClipped = c.mode == Mode::samples && random.oneIn(3);
  c.isWeighted = c.mode == Mode::samples && random.oneIn(3);
  c.isLeaky = c.mode == Mode::samples && c.network != Network::bottleneck && random.oneIn(3);
  // Smooth activations have kernels of their own: half of the cases where there are some.
  if (c.mode == Mode::samples && c.network != Network::bottleneck && !c.isLeaky && random.oneIn(2)) c.activation = Activation(random.between(1, 3));
  c.trainsOuter = random.oneIn(2);
  c.isWild = random.oneIn(4);
  // One size is drawn without a bound, then the others so that a step stays short.
  double work = c.mode == Mode::rays ? 3e5 : 1e6;
  int* sizes[] = {&c.batch, &c.dimension, &c.width, &c.secondWidth};
  const int bounds[] = {8193, 1025, 8193, c.network == Network::twoLayer ? 0 : 513};
  const int first = random.between(0, 3);
  for (int n = 0; n < 4; n += 1) {
    const int index = (first + n) % 4;
    if (bounds[index] == 0) continue;
    *sizes[index] = sizeUpTo(random, std::max(1, int(std::min(double(bounds[index]), work))));
    work /= *sizes[index];
  }
  return c;
}

/// The law's radius, uniform on [0, upper]: exact moments at the nodes, and what lies beyond.
struct Table {
  MomentTable head{};
  std::vector<double> nodes;
};

Table uniformTable(int cells, double end, bool isUnbounded, bool isInfinite, double factor) {
  Table table;
  const double step = end / cells;
  for (int node = 0; node <= cells; node += 1) {
    const double r = node * step;
    for (double value : {r / end, r * r / (2 * end), r * r * r / (3 * end), step / end, 0.0}) table.nodes.push_back(value);
  }
  table.head.step = step;
  table.head.inverseStep = 1 / step;
  table.head.cells = cells;
  table.head.factor = factor;
  table.head.upper = isUnbounded ? HUGE_VAL : end;
  table.head.beyond = {factor, factor * end / 2, isInfinite ? HUGE_VAL : factor * end * end / 3};
  return table;
}

template <class T>
Result step(const Case& c, const KernelTable& table, int parts, int scratchFill) {
  Generator random{c.seed};
  const size_t numbers = particleCount(c);
  Exact<T> particles(numbers), velocity(numbers), points(size_t(c.batch) * c.dimension), targets(c.mode == Mode::rays ? 0 : c.batch),
      weights(c.isWeighted ? c.batch : 0);
  fill(random, particles, 1);
  fill(random, points, 2 / sqrt(c.dimension));
  fill(random, targets, 1);
  fill(random, weights, 1.0 / c.batch);
  // Ties: neurons that are 0, and biases of 0.
  for (int n = 0; n < 3; n += 1) particles.data[random.between(0, int(numbers) - 1)] = 0;
  if (random.oneIn(3)) memset(particles.data, 0, sizeof(T) * c.dimension);
  if (c.isWild) {
    const double wild[] = {NAN, HUGE_VAL, -HUGE_VAL, 1e300, -1e38, 1e-310, 1e-42, -0.0};
    // Some in the first layer's rows, some behind them.
    const int rows = c.width * c.dimension;
    for (int n = 0; n < 3; n += 1) {
      particles.data[random.between(0, rows - 1)] = T(wild[random.between(0, 7)]);
      particles.data[random.between(rows, int(numbers) - 1)] = T(wild[random.between(0, 7)]);
    }
    if (c.network == Network::bottleneck && random.oneIn(2)) {
      // A kink at infinity divided by an infinite bottleneck.
      particles.data[0] = T(HUGE_VAL);
      particles.data[rows] = -1;
      particles.data[rows + c.secondWidth] = T(HUGE_VAL);
    }
  }
  memset(velocity.data, 0xff, sizeof(T) * numbers);

  std::vector<Table> tables;
  const int pieceCount = random.between(1, 4);
  Exact<double> starts(pieceCount), slopes(pieceCount), intercepts(pieceCount);
  Exact<Problem> problem(1);
  *problem.data = Problem{};
  Problem& p = *problem.data;
  p.network = double(int(c.network));
  p.realBytes = sizeof(T);
  p.batch = c.batch;
  p.dimension = c.dimension;
  p.width = c.width;
  p.secondWidth = c.secondWidth;
  p.isRadial = c.mode == Mode::rays;
  p.clip = c.isClipped ? 0.1 : 0;
  p.activation = double(int(c.activation));
  p.negativeSlope = c.isLeaky ? 0.1 : 0;
  p.speedW = 1, p.speedC = 2, p.speedU = 3, p.speedB = 4, p.speedA = 5;
  p.trainsOuter = c.trainsOuter;
  p.parts = parts;
  p.velocity = velocity.address();
  const int tableCount = random.between(1, 2);
  const bool isUnbounded = random.oneIn(3);
  const double end = 0.5 + fabs(random.real());
  for (int number = 0; number < tableCount; number += 1) {
    tables.push_back(uniformTable(random.between(1, 20), number == 0 ? end : end / 2, isUnbounded, isUnbounded && c.isWild, 1.0 / tableCount));
  }
  Exact<MomentTable> heads(tableCount);
  Exact<double> firstNodes(tables[0].nodes.size()), secondNodes(tables.back().nodes.size());
  std::copy(tables[0].nodes.begin(), tables[0].nodes.end(), firstNodes.data);
  std::copy(tables.back().nodes.begin(), tables.back().nodes.end(), secondNodes.data);
  for (int number = 0; number < tableCount; number += 1) {
    heads.data[number] = tables[number].head;
    heads.data[number].nodes = number == 0 ? firstNodes.address() : secondNodes.address();
  }
  if (c.mode == Mode::rays) {
    p.momentUpper = tables[0].head.upper;
    p.momentTableCount = tableCount;
    p.momentTables = heads.address();
    p.pieceCount = pieceCount;
    p.pieceStarts = starts.address();
    p.pieceSlopes = slopes.address();
    p.pieceIntercepts = intercepts.address();
    for (int piece = 0; piece < pieceCount; piece += 1) {
      starts.data[piece] = piece * end / 3;
      // The last piece is constant 0 where the law has infinite moments.
      const bool isLast = isUnbounded && piece + 1 == pieceCount;
      slopes.data[piece] = isLast ? 0 : random.real();
      intercepts.data[piece] = isLast ? 0 : random.real();
    }
  }

  // Addresses count from base 0, so an offset is the address itself: every array is a block of its own.
  const uint64_t at = uint64_t(problem.address());
  scratchStart = scratchEnd = 0;
  const size_t bytes = size_t(table.scratchBytes(0, at));
  void* scratch = nullptr;
  if (posix_memalign(&scratch, 64, bytes) != 0) abort();
  memset(scratch, scratchFill, bytes);
  scratchStart = uintptr_t(scratch);
  scratchEnd = scratchStart + bytes;
  p.scratch = double(scratchStart);

  PhaseArguments arguments{};
  arguments.problem = at;
  arguments.particles = uint64_t(particles.address());
  arguments.points = uint64_t(points.address());
  arguments.targets = uint64_t(targets.address());
  arguments.weights = c.isWeighted ? uint64_t(weights.address()) : 0;
  arguments.parts = parts;
  std::vector<int> order;
  for (int part = 0; part < parts; part += 1) order.push_back(part);
  Generator turns{c.seed + uint64_t(parts)};
  const auto inTurns = [&](void (*phase)(uintptr_t, const PhaseArguments&)) {
    for (int n = parts - 1; n > 0; n -= 1) std::swap(order[n], order[turns.between(0, n)]);
    for (int part : order) {
      arguments.part = part;
      phase(0, arguments);
    }
  };
  const int chunks = table.chunkCount(0, at);
  for (int chunk = 0; chunk < chunks; chunk += 1) {
    arguments.chunk = chunk;
    inTurns(table.forward);
    inTurns(table.residual);
    inTurns(table.backward);
  }
  Result result;
  append(result, velocity);
  for (int part : order) {
    arguments.part = part;
    table.move(0, arguments, 0.5);
  }
  append(result, particles);
  scratchStart = scratchEnd = 0;
  free(scratch);
  return result;
}

Result stepOf(const Case& c, const KernelTable& table, int parts, int scratchFill) {
  return c.isDouble ? step<double>(c, table, parts, scratchFill) : step<float>(c, table, parts, scratchFill);
}

/// `count` draws at a position, in an array of exactly that size.
Result drawsOf(const KernelTable& table, bool isNormal, size_t count, double position, const uint32_t* words) {
  Exact<double> out(count);
  (isNormal ? table.fillNormal : table.fillUniform)(out.data, double(count), position, words[0], words[1], words[2], words[3], words[4]);
  Result result;
  append(result, out);
  return result;
}

struct Digest {
  uint64_t value = 0xcbf29ce484222325ull;
  void add(const Result& result) {
    for (uint64_t word : result) value = (value ^ word) * 0x100000001b3ull;
  }
};

int failures = 0;

}  // namespace

int main(int argc, char** argv) {
  const int cases = argc > 1 ? atoi(argv[1]) : 150;
  const uint64_t firstSeed = argc > 2 ? strtoull(argv[2], nullptr, 10) : 1;
  __builtin_cpu_init();
  std::vector<const KernelTable*> tables{&kernels_sse2_plain};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) tables.push_back(&kernels_avx2_fused);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl")) {
    tables.push_back(&kernels_avx512_fused);
  }
  Digest digests[2];
  int steps = 0;
  for (uint64_t seed = firstSeed; seed < firstSeed + uint64_t(cases); seed += 1) {
    const Case c = randomCase(seed);
    Result expected[2];
    for (const KernelTable* table : tables) {
      Result& of = expected[table->isFused];
      for (int parts : {1, 2 + int(seed % 3)}) {
        if (argc > 2) describe(c, table->name, parts);
        // Where the sanitizer ends the program, the case is known by what is described last.
        const Result got = stepOf(c, *table, parts, parts == 1 ? 0 : 0xff);
        steps += 1;
        if (of.empty()) {
          of = got;
          if (!c.isWild && std::count(got.begin(), got.end(), ~0ull) > 0) {
            fprintf(stderr, "not a number, or nothing written: ");
            describe(c, table->name, parts);
            failures += 1;
          }
          digests[table->isFused].add(got);
        } else if (got != of) {
          size_t at = 0;
          while (got[at] == of[at]) at += 1;
          fprintf(stderr, "other bits, first at %zu of %zu: ", at, got.size());
          describe(c, table->name, parts);
          failures += 1;
        }
      }
    }
  }
  for (int n = 0; n < 400; n += 1) {
    Generator random{uint64_t(n)};
    const bool isNormal = random.oneIn(2);
    const size_t count = size_t(random.between(0, 200));
    // Positions of blocks below 2^28: a counter has 32 bits.
    const uint64_t position = random.oneIn(2) ? uint64_t(random.between(0, 100)) : random.word() % (1ull << 33);
    uint32_t words[5];
    for (uint32_t& word : words) word = uint32_t(random.word());
    const uint64_t start = position / 32 * 32;
    const size_t whole = (position + count - start + 31) / 32 * 32;
    Result of;
    for (const KernelTable* table : tables) {
      const Result got = drawsOf(*table, isNormal, count, double(position), words);
      const Result aligned = drawsOf(*table, isNormal, whole, double(start), words);
      if (of.empty()) of = got;
      const bool isSame = got == of && std::equal(got.begin(), got.end(), aligned.begin() + long(position - start));
      if (!isSame) {
        fprintf(stderr, "other draws: %s, %zu at %llu\n", table->name, count, (unsigned long long)position);
        failures += 1;
      }
    }
    digests[0].add(of);
  }
  for (uint64_t seed = 0; seed < 200; seed += 1) {
    Result of;
    for (const KernelTable* table : tables) {
      const Result got = sumsOf(*table, seed);
      if (of.empty()) of = got;
      if (got != of) {
        fprintf(stderr, "other sums: %s, seed %llu\n", table->name, (unsigned long long)seed);
        failures += 1;
      }
    }
    digests[0].add(of);
  }
  for (uint64_t seed = 0; seed < 150; seed += 1) {
    Result of[2];
    for (const KernelTable* table : tables) {
      const Result got = matricesOf(*table, seed);
      Result& expected = of[table->isFused];
      if (expected.empty()) expected = got;
      if (got != expected) {
        fprintf(stderr, "other matrices: %s, seed %llu\n", table->name, (unsigned long long)seed);
        failures += 1;
      }
    }
    for (int isFused = 0; isFused < 2; isFused += 1) digests[isFused].add(of[isFused]);
  }
  for (uint64_t seed = 0; seed < 150; seed += 1) {
    Result of[2];
    for (const KernelTable* table : tables) {
      Result& expected = of[table->isFused];
      for (int scratchFill : {0, 0xff}) {
        const Result got = deepOf(*table, seed, scratchFill);
        if (expected.empty()) expected = got;
        if (got != expected) {
          fprintf(stderr, "other bits of a deep network: %s, seed %llu, scratch %d\n", table->name, (unsigned long long)seed, scratchFill);
          failures += 1;
        }
      }
    }
    for (int isFused = 0; isFused < 2; isFused += 1) digests[isFused].add(of[isFused]);
  }
  for (const KernelTable* table : tables) {
    if (!(table->multiplyAdd(4, 3) > 0 && table->multiplyAdd(8, 3) > 0)) failures += 1;
  }
  printf("%d steps on", steps);
  for (const KernelTable* table : tables) printf(" %s", table->name);
  printf(": plain %016llx fused %016llx\n", (unsigned long long)digests[0].value, (unsigned long long)digests[1].value);
  return failures == 0 ? 0 : 1;
}
