// Written by fit-activations.py; do not edit. Polynomials of activations.h, lowest coefficient first.
#pragma once

namespace {

template <class T>
struct ActivationCoefficients;

template <>
struct ActivationCoefficients<float> {
  /// ln 2 = lnTwo + lnTwoRest; multiples of lnTwo by exponents are exact.
  static constexpr float lnTwo = 0.693145752f, lnTwoRest = 1.42860677e-6f;
  /// (e^r - 1 - r) / r^2 on |r| <= ln(2)/2; error of e^r - 1, relative to r; error 2.4e-10.
  static constexpr float exponential[] = {0.5f, 0.166666672f, 0.041666355f, 0.00833327882f, 0.00139410724f, 0.000199108836f};
  /// artanh(s) / s in s^2 on s <= 1/3; error 9.8e-11.
  static constexpr float hyperbolic[] = {1.0f, 0.333333403f, 0.199993402f, 0.143104985f, 0.106952198f, 0.122115664f};
  /// erf(z) / z in z^2 on |z| <= 1; error 1.2e-9.
  static constexpr float errorSmall[] = {1.12837911f, -0.37612626f, 0.112835996f, -0.0268544294f, 0.00518950867f, -0.000802060997f, 7.88836842e-5f};
  /// End of the range of the next one, beyond which erf is 1.
  static constexpr float errorEnd = 4.0f;
  /// e^(z^2) erfc(z) on [1, 4], in the variable that is -1 and 1 at its ends; error of erfc; error 2.4e-9.
  static constexpr float errorLarge[] = {0.210807621f, -0.11151325f, 0.0560582541f, -0.0274445564f, 0.0116579644f, -0.00502747577f, 0.0061710584f, 0.00383042218f, 0.00273381663f};
};

template <>
struct ActivationCoefficients<double> {
  /// ln 2 = lnTwo + lnTwoRest; multiples of lnTwo by exponents are exact.
  static constexpr double lnTwo = 0.6931471805598903, lnTwoRest = 5.497923018708371e-14;
  /// (e^r - 1 - r) / r^2 on |r| <= ln(2)/2; error of e^r - 1, relative to r; error 1.8e-17.
  static constexpr double exponential[] = {0.5000000000000006, 0.16666666666666685, 0.04166666666657258, 0.008333333333315752, 0.0013888888932701035, 0.00019841269900324293, 2.480150406557279e-05, 2.7557230463058455e-06, 2.7626477633353847e-07, 2.511366109935309e-08};
  /// artanh(s) / s in s^2 on s <= 1/3; error 1.2e-18.
  static constexpr double hyperbolic[] = {1.0, 0.33333333333333065, 0.20000000000096307, 0.14285714272331634, 0.11111112063494587, 0.09090869639732917, 0.07693322898424886, 0.0664998608887621, 0.060566209914172886, 0.041557469702789715, 0.08533790189610495};
  /// erf(z) / z in z^2 on |z| <= 1; error 6.9e-18.
  static constexpr double errorSmall[] = {1.1283791670955126, -0.3761263890318355, 0.11283791670945235, -0.026866170643273526, 0.005223977607402636, -0.0008548325988752485, 0.00012055295293730081, -1.4924744174929317e-05, 1.644751194015478e-06, -1.620913397880221e-07, 1.3722802800624731e-08, -7.800878561742567e-10};
  /// End of the range of the next one, beyond which erf is 1.
  static constexpr double errorEnd = 6.0;
  /// e^(z^2) erfc(z) on [1, 6], in the variable that is -1 and 1 at its ends; error of erfc; error 9.8e-18.
  static constexpr double errorLarge[] = {0.1552936556071902, -0.10330894457933512, 0.06663208337417369, -0.041766778365204454, 0.02549556954075909, -0.0151828780714013, 0.008831183896252284, -0.005031236174165015, 0.002820969580437144, -0.0014421433849919898, 0.000963420147472228, -0.0005550212220894232, -0.0006570468823913022, -0.0016132249115165934, -0.0006681424872900587, 0.0015425900790050622, 0.003605427932667204, 0.003617572458303042, 0.0021228533856748753, 0.0007029342767069869, 0.00010647216617281923};
};

}  // namespace
