// Puts the kernels together: dispatch by network and precision, and the exports. Compiled once for each instruction set and arithmetic.
#include "kernels.h"

#include "bottleneck.h"
#include "deep.h"
#include "dense.h"
#include "matrices.h"
#include "measuring.h"
#include "random.h"
#include "smooth-dense.h"
#include "smooth-two-layer.h"
#include "two-layer-rays.h"
#include "two-layer.h"

namespace {

INLINE const Problem& problemAt(uintptr_t base, uint64_t offset) { return *(const Problem*)(base + uintptr_t(offset)); }

template <class T>
static uintptr_t endOfScratch(const Problem& problem, int part) {
  switch (networkOf(problem)) {
    case Network::twoLayer:
      if (isSmooth(problem)) return laySmoothTwoLayer<T>(problem, 0, part).end.at;
      return problem.isRadial != 0 ? layTwoLayerRays<T>(problem, 0, part).end.at : layTwoLayer<T>(problem, 0, part).end.at;
    case Network::bottleneck:
      return layBottleneck<T>(problem, 0, part).end.at;
    default:
      return isSmooth(problem) ? laySmoothDense<T>(problem, 0, part).end.at : layDense<T>(problem, 0, part).end.at;
  }
}

static double scratchBytes(uintptr_t base, uint64_t offset) {
  const Problem& problem = problemAt(base, offset);
  const int last = int(problem.parts) - 1;
  return double(problem.realBytes == 4 ? endOfScratch<float>(problem, last) : endOfScratch<double>(problem, last));
}

static int chunkCount(uintptr_t base, uint64_t offset) {
  const Problem& problem = problemAt(base, offset);
  const int size = chunkPoints(problem);
  return (int(problem.batch) + size - 1) / size;
}

enum class Phase { forward, residual, backward };

template <class T>
static void runPhase(Phase phase, uintptr_t base, const PhaseArguments& arguments) {
  const Problem& problem = problemAt(base, arguments.problem);
  const Call<T> call{problem,
                     base,
                     (T*)(base + uintptr_t(arguments.particles)),
                     (const T*)(base + uintptr_t(arguments.points)),
                     (const T*)(base + uintptr_t(arguments.targets)),
                     arguments.weights ? (const T*)(base + uintptr_t(arguments.weights)) : nullptr,
                     arguments.chunk,
                     arguments.part,
                     arguments.parts};
  switch (networkOf(problem)) {
    case Network::twoLayer:
      if (isSmooth(problem)) {
        if (phase == Phase::forward) smoothTwoLayerForward(call);
        else if (phase == Phase::residual) smoothTwoLayerResidual(call);
        else smoothTwoLayerBackward(call);
      } else if (problem.isRadial != 0) {
        if (phase == Phase::forward) twoLayerRaysForward(call);
        else if (phase == Phase::residual) twoLayerRaysResidual(call);
        else twoLayerRaysBackward(call);
      } else {
        if (phase == Phase::forward) twoLayerForward(call);
        else if (phase == Phase::residual) twoLayerResidual(call);
        else twoLayerBackward(call);
      }
      return;
    case Network::bottleneck:
      if (phase == Phase::forward) bottleneckForward(call);
      else if (phase == Phase::residual) bottleneckResidual(call);
      else bottleneckBackward(call);
      return;
    default:
      if (isSmooth(problem)) {
        if (phase == Phase::forward) smoothDenseForward(call);
        else if (phase == Phase::residual) smoothDenseResidual(call);
        else smoothDenseBackward(call);
        return;
      }
      if (phase == Phase::forward) denseForward(call);
      else if (phase == Phase::residual) denseResidual(call);
      else denseBackward(call);
      return;
  }
}

static void run(Phase phase, uintptr_t base, const PhaseArguments& arguments) {
  if (problemAt(base, arguments.problem).realBytes == 4) runPhase<float>(phase, base, arguments);
  else runPhase<double>(phase, base, arguments);
}

static void forward(uintptr_t base, const PhaseArguments& arguments) { run(Phase::forward, base, arguments); }
static void residual(uintptr_t base, const PhaseArguments& arguments) { run(Phase::residual, base, arguments); }
static void backward(uintptr_t base, const PhaseArguments& arguments) { run(Phase::backward, base, arguments); }

template <class T>
static void moveOwn(uintptr_t base, const PhaseArguments& arguments, T stepSize) {
  const Problem& problem = problemAt(base, arguments.problem);
  T* particles = (T*)(base + uintptr_t(arguments.particles));
  const T* velocity = (const T*)(base + uintptr_t(problem.velocity));
  const size_t width = size_t(problem.width), d = size_t(problem.dimension), atoms = size_t(problem.secondWidth);
  const Range own = particlesOf(int(width), arguments.part, arguments.parts);
  const auto moveRange = [&](size_t from, size_t to) { addScaledRow(velocity + from, stepSize, particles + from, to - from); };
  moveRange(size_t(own.from) * d, size_t(own.to) * d);
  const Range ownAtoms = partition(int(atoms), arguments.part, arguments.parts);
  if (networkOf(problem) == Network::twoLayer) {
    for (size_t array = 0; array < 2; array += 1) {
      const size_t start = width * d + array * width;
      moveRange(start + size_t(own.from), start + size_t(own.to));
    }
  } else if (networkOf(problem) == Network::dense) {
    const size_t c = width * d, u = c + width, e = u + width * atoms, a = e + atoms;
    moveRange(c + size_t(own.from), c + size_t(own.to));
    for (size_t j = 0; j < atoms; j += 1) moveRange(u + j * width + size_t(own.from), u + j * width + size_t(own.to));
    moveRange(e + size_t(ownAtoms.from), e + size_t(ownAtoms.to));
    moveRange(a + size_t(ownAtoms.from), a + size_t(ownAtoms.to));
  } else {
    for (size_t array = 0; array < 3; array += 1) {
      const size_t start = width * d + array * atoms;
      moveRange(start + size_t(ownAtoms.from), start + size_t(ownAtoms.to));
    }
  }
}

static void move(uintptr_t base, const PhaseArguments& arguments, double stepSize) {
  if (problemAt(base, arguments.problem).realBytes == 4) moveOwn<float>(base, arguments, float(stepSize));
  else moveOwn<double>(base, arguments, stepSize);
}

static void fillNormal(double* out, double count, double position, uint32_t attempt, uint32_t step, uint32_t replica, uint32_t low, uint32_t high) {
  fillDraws<normalBlock>(out, size_t(count), uint64_t(position), {attempt, step, replica, low, high});
}

static void fillUniform(double* out, double count, double position, uint32_t attempt, uint32_t step, uint32_t replica, uint32_t low, uint32_t high) {
  fillDraws<uniformBlock>(out, size_t(count), uint64_t(position), {attempt, step, replica, low, high});
}

template <class T>
static double multiplyAddAs(double rounds) {
  constexpr int chains = 12;
  Reals<T> sums[chains];
  UNROLL for (int n = 0; n < chains; n += 1) sums[n] = broadcast<T>(T(n));
  const Reals<T> factor = broadcast<T>(T(0.999));
  const Reals<T> term = broadcast<T>(T(0.001));
  for (double round = 0; round < rounds; round += 1) {
    UNROLL for (int n = 0; n < chains; n += 1) sums[n] = madd<T>(sums[n], factor, term);
  }
  T total = 0;
  UNROLL for (int n = 0; n < chains; n += 1) total += sums[n][0];
  // The sum is needed, so that the loop is not left out; it is never NaN.
  return total == total ? rounds * chains * 2 * Lanes<T, registerBytes>::count : 0;
}

static double multiplyAdd(int realBytes, double rounds) { return realBytes == 4 ? multiplyAddAs<float>(rounds) : multiplyAddAs<double>(rounds); }

}  // namespace

#if defined(__wasm__)
#define EXPORT(name) extern "C" __attribute__((export_name(#name)))
// Addresses are offsets into the one memory, so `base` is 0.
EXPORT(scratchBytes) double exportScratchBytes(uint32_t problem) { return scratchBytes(0, problem); }
EXPORT(chunkCount) int exportChunkCount(uint32_t problem) { return chunkCount(0, problem); }
#define EXPORT_PHASE(name)                                                                                                                   \
  EXPORT(name)                                                                                                                               \
  void name##Phase(uint32_t problem, uint32_t particles, uint32_t points, uint32_t targets, uint32_t weights, int chunk, int part, int parts) { \
    name(0, {problem, particles, points, targets, weights, chunk, part, parts});                                                             \
  }
EXPORT_PHASE(forward)
EXPORT_PHASE(residual)
EXPORT_PHASE(backward)
EXPORT(move) void exportMove(uint32_t problem, uint32_t particles, int part, int parts, double stepSize) {
  move(0, {problem, particles, 0, 0, 0, 0, part, parts}, stepSize);
}
EXPORT(fillNormal) void exportFillNormal(uint32_t out, double count, double position, uint32_t attempt, uint32_t step, uint32_t replica, uint32_t low, uint32_t high) {
  fillNormal((double*)out, count, position, attempt, step, replica, low, high);
}
EXPORT(fillUniform) void exportFillUniform(uint32_t out, double count, double position, uint32_t attempt, uint32_t step, uint32_t replica, uint32_t low, uint32_t high) {
  fillUniform((double*)out, count, position, attempt, step, replica, low, high);
}
EXPORT(measure) void exportMeasure(uint32_t job) { measure(0, job); }
EXPORT(matrix) void exportMatrix(uint32_t job) { matrix(0, job); }
EXPORT(deep) void exportDeep(uint32_t job) { deep(0, job); }
EXPORT(multiplyAdd) double exportMultiplyAdd(int realBytes, double rounds) { return multiplyAdd(realBytes, rounds); }
/// 1 if multiply-adds round once on this machine: 1 + 2^-12 squared keeps its last bit only then. (A runtime may choose either for relaxed SIMD.)
EXPORT(isFused) int exportIsFused(float x) {
  const Reals<float, 16> value = broadcast<float, 16>(x), minusOne = broadcast<float, 16>(-1.0f);
  return madd<float, 16>(value, value, minusOne)[0] != (value * value + minusOne)[0];
}
#else
#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define TEXT_(a) #a
#define TEXT(a) TEXT_(a)
extern const KernelTable JOIN(kernels_, MEANFIELD_VARIANT);
const KernelTable JOIN(kernels_, MEANFIELD_VARIANT) = {
    TEXT(MEANFIELD_VARIANT), MEANFIELD_FUSED, scratchBytes, chunkCount, forward, residual, backward, move, fillNormal, fillUniform, measure, matrix, deep, multiplyAdd};
#endif
