// Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC 2011), uniforms and Box-Muller normals: the same draws, bit by bit, as src/numerics/random.
// No fused multiply-adds here, in any build. Positions come in blocks of 32, made of 16 counters: lane l of the first half takes words 0 and 1
// of counter 16 q + l, the second half words 2 and 3; a normal pair takes its radius from the first half and its angle from the second.
#pragma once

#include "doubles.h"

namespace {

/// A stream: the counter's words besides the position, and the key.
struct Stream {
  uint32_t attempt, step, replica, low, high;
};

constexpr int positionsInBlock = 32;
constexpr int countersInBlock = 16;

typedef Lanes<float, registerBytes>::Words Words;
constexpr int wordLanes = registerBytes / 4;

/// High and low words of the products of 32-bit numbers.
INLINE void multiplyWords(Words x, uint32_t factor, Words& high, Words& low) {
#if defined(__wasm__)
  const v128_t factors = wasm_i32x4_splat(int32_t(factor));
  const v128_t first = wasm_u64x2_extmul_low_u32x4((v128_t)x, factors);
  const v128_t second = wasm_u64x2_extmul_high_u32x4((v128_t)x, factors);
  low = (Words)wasm_i32x4_shuffle(first, second, 0, 2, 4, 6);
  high = (Words)wasm_i32x4_shuffle(first, second, 1, 3, 5, 7);
#else
  typedef Lanes<double, registerBytes>::Words Wide;
#if defined(__AVX512F__)
  const __m512i factors = _mm512_set1_epi32(int32_t(factor));
  const Wide even = (Wide)_mm512_mul_epu32((__m512i)x, factors);
  const Wide odd = (Wide)_mm512_mul_epu32((__m512i)((Wide)x >> 32), factors);
#elif defined(__AVX2__)
  const __m256i factors = _mm256_set1_epi32(int32_t(factor));
  const Wide even = (Wide)_mm256_mul_epu32((__m256i)x, factors);
  const Wide odd = (Wide)_mm256_mul_epu32((__m256i)((Wide)x >> 32), factors);
#else
  const __m128i factors = _mm_set1_epi32(int32_t(factor));
  const Wide even = (Wide)_mm_mul_epu32((__m128i)x, factors);
  const Wide odd = (Wide)_mm_mul_epu32((__m128i)((Wide)x >> 32), factors);
#endif
  high = (Words)((even >> 32) | (odd & 0xffffffff00000000ull));
  low = (Words)((even & 0xffffffffull) | (odd << 32));
#endif
}

/// The four words of counters 16 block ... 16 block + 15: words[16 w + l] is word w of lane l.
INLINE void philoxBlock(uint32_t block, const Stream& stream, uint32_t* words) {
  KEEP_ROLLED for (int first = 0; first < countersInBlock; first += wordLanes) {
    Words x0, x1 = Words{} + stream.attempt, x2 = Words{} + stream.step, x3 = Words{} + stream.replica;
    for (int lane = 0; lane < wordLanes; lane += 1) x0[lane] = uint32_t(lane);
    x0 += block * countersInBlock + uint32_t(first);
    uint32_t low = stream.low, high = stream.high;
    UNROLL for (int round = 0; round < 10; round += 1) {
      Words highA, lowA, highB, lowB;
      multiplyWords(x0, 0xd2511f53u, highA, lowA);
      multiplyWords(x2, 0xcd9e8d57u, highB, lowB);
      const Words left = highB ^ x1 ^ low;
      const Words right = highA ^ x3 ^ high;
      x0 = left;
      x1 = lowB;
      x2 = right;
      x3 = lowA;
      low += 0x9e3779b9u;
      high += 0xbb67ae85u;
    }
    *(Words*)(words + first) = x0;
    *(Words*)(words + countersInBlock + first) = x1;
    *(Words*)(words + 2 * countersInBlock + first) = x2;
    *(Words*)(words + 3 * countersInBlock + first) = x3;
  }
}

typedef Lanes<double, registerBytes>::Words LongWords;
typedef Lanes<double, registerBytes>::HalfWords HalfWords;

INLINE LongWords joinWords(const uint32_t* low, const uint32_t* high) {
  return __builtin_convertvector(*(const HalfWords*)low, LongWords) | (__builtin_convertvector(*(const HalfWords*)high, LongWords) << 32);
}

/// 1 + u for the 52 top bits u of a 64-bit word.
INLINE Doubles onePlusUnit(LongWords words) { return (Doubles)((words >> 12) | 0x3ff0000000000000ull); }

/// ln x for positive normal x; coefficients of fdlibm's e_log.c (Sun Microsystems, 1993).
INLINE Doubles naturalLogarithm(Doubles x) {
  LongWords bits = (LongWords)x + (0x3ff0000000000000ull - 0x3fe6a09e00000000ull);
  const Doubles exponent = (Doubles)((bits >> 52) | 0x4330000000000000ull) - (4503599627370496.0 + 1023.0);
  bits = (bits & 0x000fffffffffffffull) + 0x3fe6a09e00000000ull;
  const Doubles f = (Doubles)bits - 1.0;
  const Doubles halfSquare = 0.5 * f * f;
  const Doubles s = f / (2.0 + f);
  const Doubles z = s * s;
  const Doubles w = z * z;
  const Doubles even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const Doubles odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  return s * (halfSquare + (even + odd)) + exponent * 1.9082149292705877e-10 - halfSquare + f + exponent * 0.6931471803691238;
}

/// sin and cos of |x| <= pi/4; coefficients of fdlibm's k_sin.c and k_cos.c.
INLINE Doubles sineKernel(Doubles x) {
  const Doubles z = x * x;
  return x + x * z * (-0.16666666666666632 + z * (0.00833333333332249 + z * (-0.0001984126982985795 + z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))));
}
INLINE Doubles cosineKernel(Doubles x) {
  const Doubles z = x * x;
  return 1.0 - (0.5 * z - z * z * (0.0416666666666666 + z * (-0.001388888888887411 + z * (2.480158728947673e-5 + z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11))))));
}

INLINE void uniformBlock(uint32_t block, const Stream& stream, double* out) {
  uint32_t words[4 * countersInBlock];
  philoxBlock(block, stream, words);
  KEEP_ROLLED for (int half = 0; half < 2; half += 1) {
    KEEP_ROLLED for (int lane = 0; lane < countersInBlock; lane += doubleLanes) {
      const uint32_t* low = words + 2 * half * countersInBlock + lane;
      store<double>(out + half * countersInBlock + lane, onePlusUnit(joinWords(low, low + countersInBlock)) - 1.0);
    }
  }
}

INLINE void normalBlock(uint32_t block, const Stream& stream, double* out) {
  uint32_t words[4 * countersInBlock];
  philoxBlock(block, stream, words);
  KEEP_ROLLED for (int lane = 0; lane < countersInBlock; lane += doubleLanes) {
    const LongWords forRadius = joinWords(words + lane, words + countersInBlock + lane);
    const LongWords forAngle = joinWords(words + 2 * countersInBlock + lane, words + 3 * countersInBlock + lane);
    // 1 - u lies in (0, 1], so the logarithm is finite.
    const Doubles radius = Arithmetic<double, registerBytes>::squareRoot(-2.0 * naturalLogarithm(2.0 - onePlusUnit(forRadius)));
    // The two top bits choose the quadrant, the rest an angle in [-pi/4, pi/4) about its middle.
    const Doubles angle = (onePlusUnit(forAngle << 2) - 1.5) * 1.5707963267948966;
    const LongWords cosine = (LongWords)cosineKernel(angle);
    const LongWords sine = (LongWords)sineKernel(angle);
    const LongWords signBit = LongWords{} + (1ull << 63);
    const LongWords isOdd = (LongWords)((Integers<double>)(forAngle << 1) >> 63);
    LongWords first = (cosine & ~isOdd) | (sine & isOdd);
    LongWords second = (sine & ~isOdd) | (cosine & isOdd);
    first ^= (forAngle + (1ull << 62)) & signBit;
    second ^= forAngle & signBit;
    store<double>(out + lane, radius * (Doubles)first);
    store<double>(out + countersInBlock + lane, radius * (Doubles)second);
  }
}

/// Draws at positions [position, position + count).
template <void makeBlock(uint32_t, const Stream&, double*)>
static void fillDraws(double* out, size_t count, uint64_t position, const Stream& stream) {
  const uint64_t end = position + count;
  for (uint64_t block = position / positionsInBlock; block * positionsInBlock < end; block += 1) {
    const uint64_t start = block * positionsInBlock;
    if (start >= position && start + positionsInBlock <= end) {
      makeBlock(uint32_t(block), stream, out + (start - position));
      continue;
    }
    double draws[positionsInBlock];
    makeBlock(uint32_t(block), stream, draws);
    const uint64_t first = start > position ? start : position;
    const uint64_t last = start + positionsInBlock < end ? start + positionsInBlock : end;
    for (uint64_t at = first; at < last; at += 1) out[at - position] = draws[at - start];
  }
}

}  // namespace
