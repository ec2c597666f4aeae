// Vectors of the target's register width, and the few operations on them that differ between targets.
//
// One source, the same bits everywhere, needs two rules:
//  1. The compiler never contracts a * b + c (-ffp-contract=off); a fused multiply-add happens only in madd(), in builds with MEANFIELD_FUSED=1.
//  2. Sums are laid out in *logical* vectors of 64 bytes, whatever the register width: lane l adds the terms l, l + lanes, l + 2 lanes, ...
//     Register width, panel width and tile height are free for each target, because they never change the order in which a lane is summed.
#pragma once

#include <stddef.h>
#include <stdint.h>
#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__wasm__)
#include <wasm_simd128.h>
#endif

#ifndef MEANFIELD_FUSED
#define MEANFIELD_FUSED 0
#endif

#define INLINE static inline __attribute__((always_inline))
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#define KEEP_ROLLED _Pragma("clang loop unroll(disable)")
#else
#define UNROLL _Pragma("GCC unroll 32")
#define KEEP_ROLLED _Pragma("GCC unroll 1")
#endif

// Internal linkage: the linker must never merge the functions of two instruction sets.
namespace {

#if defined(__AVX512F__)
constexpr int registerBytes = 64;
#elif defined(__AVX2__)
constexpr int registerBytes = 32;
#else
constexpr int registerBytes = 16;
#endif

/// Types of a vector of `Bytes` bytes with elements of the size of T; unaligned, and allowed to alias plain arrays.
template <class T, int Bytes>
struct Lanes {};

#define DEFINE_LANES(BYTES)                                                                                 \
  template <>                                                                                               \
  struct Lanes<float, BYTES> {                                                                              \
    typedef float Reals __attribute__((vector_size(BYTES), aligned(4), may_alias));                         \
    typedef int32_t Integers __attribute__((vector_size(BYTES), aligned(4), may_alias));                    \
    typedef uint32_t Words __attribute__((vector_size(BYTES), aligned(4), may_alias));                      \
    typedef uint8_t Octets __attribute__((vector_size(BYTES / 4), aligned(1), may_alias));                  \
    typedef int32_t Integer;                                                                                \
    static constexpr int count = BYTES / 4;                                                                 \
  };                                                                                                        \
  template <>                                                                                               \
  struct Lanes<double, BYTES> {                                                                             \
    typedef double Reals __attribute__((vector_size(BYTES), aligned(8), may_alias));                        \
    typedef int64_t Integers __attribute__((vector_size(BYTES), aligned(8), may_alias));                    \
    typedef uint64_t Words __attribute__((vector_size(BYTES), aligned(8), may_alias));                      \
    typedef uint8_t Octets __attribute__((vector_size(BYTES / 8), aligned(1), may_alias));                  \
    typedef uint32_t HalfWords __attribute__((vector_size(BYTES / 2), aligned(4), may_alias));              \
    typedef float HalfReals __attribute__((vector_size(BYTES / 2), aligned(4), may_alias));                 \
    typedef int64_t Integer;                                                                                \
    static constexpr int count = BYTES / 8;                                                                 \
  };
DEFINE_LANES(16)
DEFINE_LANES(32)
DEFINE_LANES(64)
#undef DEFINE_LANES

template <class T, int Bytes = registerBytes>
using Reals = typename Lanes<T, Bytes>::Reals;
template <class T, int Bytes = registerBytes>
using Integers = typename Lanes<T, Bytes>::Integers;

/// Lanes of one logical vector of 64 bytes.
template <class T>
constexpr int logicalLanes = 64 / int(sizeof(T));

template <class T, int Bytes = registerBytes>
INLINE Reals<T, Bytes> load(const T* from) {
  return *(const Reals<T, Bytes>*)from;
}

template <class T, int Bytes = registerBytes>
INLINE void store(T* to, Reals<T, Bytes> value) {
  *(Reals<T, Bytes>*)to = value;
}

template <class T, int Bytes = registerBytes>
INLINE Reals<T, Bytes> broadcast(T value) {
  return value - Reals<T, Bytes>{};
}

// --- a * b + c, and square roots -------------------------------------------------------------------------------------------------------------

/// One rounding in fused builds, two in plain ones.
template <class T, int Bytes = registerBytes>
struct Arithmetic;

#define DEFINE_ARITHMETIC(T, BYTES, FUSED_MADD, SQUARE_ROOT)                 \
  template <>                                                               \
  struct Arithmetic<T, BYTES> {                                             \
    typedef Lanes<T, BYTES>::Reals V;                                       \
    INLINE V fusedMadd(V a, V b, V c) { FUSED_MADD; }                       \
    INLINE V squareRoot(V a) { SQUARE_ROOT; }                               \
  };
#if defined(__wasm__)
#if MEANFIELD_FUSED
DEFINE_ARITHMETIC(float, 16, return __builtin_wasm_relaxed_madd_f32x4(a, b, c), return (V)wasm_f32x4_sqrt((v128_t)a))
DEFINE_ARITHMETIC(double, 16, return __builtin_wasm_relaxed_madd_f64x2(a, b, c), return (V)wasm_f64x2_sqrt((v128_t)a))
#else
DEFINE_ARITHMETIC(float, 16, return a * b + c, return (V)wasm_f32x4_sqrt((v128_t)a))
DEFINE_ARITHMETIC(double, 16, return a * b + c, return (V)wasm_f64x2_sqrt((v128_t)a))
#endif
#elif defined(__x86_64__)
#if defined(__FMA__)
DEFINE_ARITHMETIC(float, 16, return _mm_fmadd_ps(a, b, c), return _mm_sqrt_ps(a))
DEFINE_ARITHMETIC(double, 16, return _mm_fmadd_pd(a, b, c), return _mm_sqrt_pd(a))
DEFINE_ARITHMETIC(float, 32, return _mm256_fmadd_ps(a, b, c), return _mm256_sqrt_ps(a))
DEFINE_ARITHMETIC(double, 32, return _mm256_fmadd_pd(a, b, c), return _mm256_sqrt_pd(a))
#else
// The baseline has no fused multiply-add; its builds are plain.
DEFINE_ARITHMETIC(float, 16, return a * b + c, return _mm_sqrt_ps(a))
DEFINE_ARITHMETIC(double, 16, return a * b + c, return _mm_sqrt_pd(a))
#endif
#if defined(__AVX512F__)
DEFINE_ARITHMETIC(float, 64, return _mm512_fmadd_ps(a, b, c), return _mm512_sqrt_ps(a))
DEFINE_ARITHMETIC(double, 64, return _mm512_fmadd_pd(a, b, c), return _mm512_sqrt_pd(a))
#endif
#else
#error "kernels: no instructions known for this target; use the WebAssembly engine"
#endif
#undef DEFINE_ARITHMETIC

template <class T, int Bytes = registerBytes>
INLINE Reals<T, Bytes> madd(Reals<T, Bytes> a, Reals<T, Bytes> b, Reals<T, Bytes> c) {
#if MEANFIELD_FUSED
  return Arithmetic<T, Bytes>::fusedMadd(a, b, c);
#else
  return a * b + c;
#endif
}

/// The same for one number.
template <class T>
INLINE T maddOne(T a, T b, T c) {
  return madd<T, 16>(broadcast<T, 16>(a), broadcast<T, 16>(b), broadcast<T, 16>(c))[0];
}

// --- sums of a logical vector ------------------------------------------------------------------------------------------------------------------

/// The sum of 16 floats or 8 doubles, in one fixed tree.
INLINE float sumOfLanes(const float* lanes) {
  auto half = (load<float, 16>(lanes) + load<float, 16>(lanes + 8)) + (load<float, 16>(lanes + 4) + load<float, 16>(lanes + 12));
  return (half[0] + half[2]) + (half[1] + half[3]);
}

INLINE double sumOfLanes(const double* lanes) {
  auto half = (load<double, 16>(lanes) + load<double, 16>(lanes + 4)) + (load<double, 16>(lanes + 2) + load<double, 16>(lanes + 6));
  return half[0] + half[1];
}

// --- a few rows turned into columns ------------------------------------------------------------------------------------------------------------

#if defined(__clang__)
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, decltype((a) > (b)){__VA_ARGS__})
#endif

/// Vectors of 16 bytes: to[k * toStride + lane] = rows[lane * stride + k], for a square of 4 x 4 floats or 2 x 2 doubles.
INLINE void transposeSquare(const float* rows, size_t stride, float* to, size_t toStride) {
  typedef Reals<float, 16> V;
  const V a = load<float, 16>(rows), b = load<float, 16>(rows + stride), c = load<float, 16>(rows + 2 * stride), d = load<float, 16>(rows + 3 * stride);
  const V firstAb = SHUFFLE(a, b, 0, 4, 1, 5), lastAb = SHUFFLE(a, b, 2, 6, 3, 7);
  const V firstCd = SHUFFLE(c, d, 0, 4, 1, 5), lastCd = SHUFFLE(c, d, 2, 6, 3, 7);
  store<float, 16>(to, SHUFFLE(firstAb, firstCd, 0, 1, 4, 5));
  store<float, 16>(to + toStride, SHUFFLE(firstAb, firstCd, 2, 3, 6, 7));
  store<float, 16>(to + 2 * toStride, SHUFFLE(lastAb, lastCd, 0, 1, 4, 5));
  store<float, 16>(to + 3 * toStride, SHUFFLE(lastAb, lastCd, 2, 3, 6, 7));
}

INLINE void transposeSquare(const double* rows, size_t stride, double* to, size_t toStride) {
  const Reals<double, 16> a = load<double, 16>(rows), b = load<double, 16>(rows + stride);
  store<double, 16>(to, SHUFFLE(a, b, 0, 2));
  store<double, 16>(to + toStride, SHUFFLE(a, b, 1, 3));
}

template <class T>
INLINE void setZero(T* at, size_t count) {
  __builtin_memset(at, 0, count * sizeof(T));
}

INLINE int least(int a, int b) { return a < b ? a : b; }
INLINE int roundUp(int value, int unit) { return (value + unit - 1) / unit * unit; }

}  // namespace
