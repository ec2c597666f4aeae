// Registers of float64 numbers, for kernels whose bits must be those of TypeScript: no fused multiply-adds.
#pragma once

#include "simd.h"

namespace {

typedef Reals<double> Doubles;
typedef Integers<double> DoubleMask;
constexpr int doubleLanes = registerBytes / 8;

INLINE Doubles select(DoubleMask chosen, Doubles yes, Doubles no) { return (Doubles)(((DoubleMask)yes & chosen) | ((DoubleMask)no & ~chosen)); }
INLINE Doubles keepWhere(DoubleMask chosen, Doubles value) { return (Doubles)((DoubleMask)value & chosen); }
/// The lesser, or the greater, of both; NaN stays NaN.
INLINE Doubles atMost(Doubles value, double most) { return select(value > most, broadcast<double>(most), value); }
INLINE Doubles atLeast(Doubles value, double least) { return select(value < least, broadcast<double>(least), value); }
INLINE Doubles squareRoots(Doubles value) { return Arithmetic<double, registerBytes>::squareRoot(value); }

}  // namespace
