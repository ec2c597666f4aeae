// Smooth activations, elementwise: sigma and sigma' of a vector, by polynomials of our own. Additions, multiplications, madd and divisions of
// numbers only, so every target finds the same bits; no lane depends on another. Errors: docs/theory/smooth-kernels.md.
#pragma once

#include "activation-coefficients.h"
#include "simd.h"

namespace {

/// Numbers of the order in src/engines/compiled/problem-record.ts; `linear` means ReLU or leaky ReLU.
enum class Activation { linear = 0, tanh = 1, erf = 2, softplus = 3 };

/// Layout of a floating-point number, and how far e^y goes before it counts as 0: about the smallest normal number.
template <class T>
struct FloatFormat;
template <>
struct FloatFormat<double> {
  static constexpr int mantissaBits = 52, exponentBias = 1023;
  /// 1.5 * 2^52: a sum with it is rounded to an integer, which stands in its last bits.
  static constexpr double rounder = 6755399441055744.0;
  static constexpr double lowestExponent = -708.0;
  /// Clears the last 27 bits of a mantissa: the square of what is left is exact.
  static constexpr uint64_t halfMantissa = ~0x7ffffffull;
};
template <>
struct FloatFormat<float> {
  static constexpr int mantissaBits = 23, exponentBias = 127;
  static constexpr float rounder = 12582912.0f;
  static constexpr float lowestExponent = -87.0f;
  static constexpr uint32_t halfMantissa = ~0xfffu;
};

template <class T>
using BitsOf = typename Lanes<T, registerBytes>::Words;

template <class T>
INLINE BitsOf<T> signBit() {
  return (BitsOf<T>{} + 1) << (8 * int(sizeof(T)) - 1);
}

template <class T>
INLINE Reals<T> magnitude(Reals<T> z) {
  return (Reals<T>)((BitsOf<T>)z & ~signBit<T>());
}

/// `size`, which is not negative, with the sign of z.
template <class T>
INLINE Reals<T> withSign(Reals<T> size, Reals<T> z) {
  return (Reals<T>)((BitsOf<T>)size | ((BitsOf<T>)z & signBit<T>()));
}

template <class T, int count>
INLINE Reals<T> polynomial(const T (&coefficients)[count], Reals<T> x) {
  Reals<T> sum = broadcast<T>(coefficients[count - 1]);
  UNROLL for (int power = count - 2; power >= 0; power -= 1) sum = madd<T>(sum, x, broadcast<T>(coefficients[power]));
  return sum;
}

template <class T>
struct Exponential {
  /// e^y, and e^y - 1 without cancellation
  Reals<T> whole, lessOne;
};

/// e^(y + rest) for y <= 0 and |rest| far below 1: y + rest = n ln 2 + r, |r| <= ln(2)/2, and e^y = 2^n + 2^n (e^r - 1). Where y is below
/// `lowestExponent` it is 0.
template <class T>
INLINE Exponential<T> exponential(Reals<T> y, Reals<T> rest) {
  typedef FloatFormat<T> Format;
  typedef ActivationCoefficients<T> C;
  const Reals<T> lowest = broadcast<T>(Format::lowestExponent);
  const Integers<T> isZero = y < lowest;
  const Reals<T> bounded = isZero ? lowest : y;
  const Reals<T> rounder = broadcast<T>(Format::rounder);
  const Reals<T> shifted = madd<T>(bounded, broadcast<T>(T(1.4426950408889634)), rounder);
  const Reals<T> n = shifted - rounder;
  Reals<T> r = madd<T>(n, broadcast<T>(-C::lnTwo), bounded);
  r = madd<T>(n, broadcast<T>(-C::lnTwoRest), r) + rest;
  const Reals<T> lessOne = madd<T>(r * r, polynomial(C::exponential, r), r);
  const BitsOf<T> power = ((BitsOf<T>)shifted - (BitsOf<T>)rounder + Format::exponentBias) << Format::mantissaBits;
  const Reals<T> scale = (Reals<T>)power;
  const Reals<T> one = broadcast<T>(T(1));
  const Reals<T> whole = madd<T>(scale, lessOne, scale);
  return {isZero ? Reals<T>{} : whole, isZero ? -one : madd<T>(scale, lessOne, scale - one)};
}

template <class T>
struct Activated {
  Reals<T> value, slope;
};

/// tanh |z| = -m / (2 + m) with m = e^(-2|z|) - 1, and 4 e^(-2|z|) / (2 + m)^2.
template <class T>
INLINE Activated<T> hyperbolicTangent(Reals<T> z) {
  const Exponential<T> e = exponential<T>(magnitude<T>(z) * T(-2), Reals<T>{});
  const Reals<T> inverse = broadcast<T>(T(1)) / (e.lessOne + T(2));
  const Reals<T> twice = inverse + inverse;
  // A difference: at z = 0 a change of sign would make a negative zero.
  return {withSign<T>((Reals<T>{} - e.lessOne) * inverse, z), twice * twice * e.whole};
}

/// erf z = z P(z^2) up to |z| = 1, beyond it 1 - e^(-z^2) G(|z|); and (2/sqrt pi) e^(-z^2). The square is taken in two parts, since e^(-z^2)
/// magnifies an error in it by z^2.
template <class T>
INLINE Activated<T> errorFunction(Reals<T> z) {
  typedef ActivationCoefficients<T> C;
  const Reals<T> one = broadcast<T>(T(1)), end = broadcast<T>(C::errorEnd);
  // So far out that e^(-z^2) counts as 0, and squares are finite.
  const Reals<T> farthest = broadcast<T>(T(27));
  const Reals<T> size = magnitude<T>(z);
  const Reals<T> bounded = size > farthest ? farthest : size;
  const Reals<T> head = (Reals<T>)((BitsOf<T>)bounded & FloatFormat<T>::halfMantissa);
  const Reals<T> e = exponential<T>(-(head * head), (head - bounded) * (head + bounded)).whole;
  const Reals<T> within = bounded > end ? end : bounded;
  const Reals<T> u = (within + within - (end + one)) * (T(1) / (C::errorEnd - 1));
  const Reals<T> far = madd<T>(-e, polynomial(C::errorLarge, u), one);
  const Reals<T> near = bounded * polynomial(C::errorSmall, bounded * bounded);
  return {withSign<T>(size > one ? far : near, z), e * T(1.1283791670955126)};
}

/// log(1 + e^z) = max(z, 0) + log(1 + e), e = e^(-|z|), log(1 + e) = 2 artanh(e / (2 + e)); and 1/(1 + e) above 0, e/(1 + e) below.
template <class T>
INLINE Activated<T> softplus(Reals<T> z) {
  const Reals<T> one = broadcast<T>(T(1));
  const Reals<T> e = exponential<T>(-magnitude<T>(z), Reals<T>{}).whole;
  const Reals<T> onePlus = e + one, twoPlus = e + T(2);
  // Both quotients by one division.
  const Reals<T> inverse = one / (onePlus * twoPlus);
  const Reals<T> s = e * (onePlus * inverse);
  const Reals<T> logarithm = (s + s) * polynomial(ActivationCoefficients<T>::hyperbolic, s * s);
  const Integers<T> isAbove = z > Reals<T>{};
  const Reals<T> logistic = twoPlus * inverse;
  return {isAbove ? z + logarithm : logarithm, isAbove ? logistic : e * logistic};
}

/// values_k = sigma(factor z_k + offsets_k) and slopes_k = gains_k sigma'(...) for k < count, in whole registers: rows reach to a multiple of 64
/// bytes. `values` may be `z`.
template <class T>
struct ActivationJob {
  const T* z;
  T factor;
  const T* offsets;
  const T* gains;
  int count;
  T* values;
  T* slopes;
};

template <class T, Activated<T> apply(Reals<T>)>
static void activateRow(const ActivationJob<T>& job) {
  constexpr int lanes = Lanes<T, registerBytes>::count;
  const Reals<T> factor = broadcast<T>(job.factor);
  for (int k = 0; k < job.count; k += lanes) {
    const Activated<T> result = apply(madd<T>(factor, load<T>(job.z + k), load<T>(job.offsets + k)));
    store<T>(job.values + k, result.value);
    store<T>(job.slopes + k, result.slope * load<T>(job.gains + k));
  }
}

template <class T>
static void activate(Activation activation, const ActivationJob<T>& job) {
  if (activation == Activation::tanh) activateRow<T, hyperbolicTangent<T>>(job);
  else if (activation == Activation::erf) activateRow<T, errorFunction<T>>(job);
  else activateRow<T, softplus<T>>(job);
}

}  // namespace
