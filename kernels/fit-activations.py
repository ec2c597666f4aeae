"""Writes activation-coefficients.h: the polynomials of activations.h. Run by hand (Python 3 with mpmath) when their degrees change.

Each polynomial is the best one of its degree in the largest weighted error, found by Lawson's iteration: least squares on Chebyshev points,
reweighted by the errors, at 50 digits. The errors written beside the coefficients are those before the coefficients are rounded.
"""

import struct
from pathlib import Path

import mpmath as mp

mp.mp.dps = 50


def fit(function, start, end, degree, weight=lambda x: mp.mpf(1), variable=lambda x: x):
    """Coefficients of a polynomial in variable(x), lowest first, and the largest |weight * error| on [start, end]."""
    count = 6 * (degree + 1)
    points = [(start + end) / 2 + (end - start) / 2 * mp.cos(mp.pi * (2 * k + 1) / (2 * count)) for k in range(count)]
    factors = [mp.mpf(1)] * count
    for _ in range(20):
        matrix = mp.matrix(count, degree + 1)
        values = mp.matrix(count, 1)
        for row, x in enumerate(points):
            scale = weight(x) * mp.sqrt(factors[row])
            for power in range(degree + 1):
                matrix[row, power] = scale * variable(x) ** power
            values[row] = scale * function(x)
        solution = mp.lu_solve(matrix.T * matrix, matrix.T * values)
        coefficients = [solution[power] for power in range(degree + 1)]
        errors = [abs(weight(x) * (mp.polyval(coefficients[::-1], variable(x)) - function(x))) for x in points]
        total = mp.fdot(factors, errors)
        factors = [count * factor * error / total for factor, error in zip(factors, errors)]
    return coefficients, max(errors)


def split(value, bits):
    """The nearest number of that many significant bits, and the rest."""
    unit = mp.mpf(2) ** (mp.floor(mp.log(value, 2)) + 1 - bits)
    high = mp.nint(value / unit) * unit
    return high, value - high


def literal(value, kind):
    if kind == "double":
        return repr(float(value))
    rounded = struct.unpack("f", struct.pack("f", float(value)))[0]
    return f"{rounded:.9g}".replace("e-0", "e-") + ("f" if any(c in f"{rounded:.9g}" for c in ".e") else ".0f")


def cases():
    """kind, degrees of the four polynomials, significant bits of ln 2's first part, end of erfc's range"""
    yield "float", (5, 5, 6, 8), 16, mp.mpf(4)
    yield "double", (9, 10, 11, 20), 42, mp.mpf(6)


def main():
    half = mp.log(2) / 2 * mp.mpf("1.001")
    lines = [
        "// Written by fit-activations.py; do not edit. Polynomials of activations.h, lowest coefficient first.",
        "#pragma once",
        "",
        "namespace {",
        "",
        "template <class T>",
        "struct ActivationCoefficients;",
    ]
    for kind, (exponential, hyperbolic, small, large), bits, end in cases():
        lines += ["", "template <>", f"struct ActivationCoefficients<{kind}> {{"]

        def write(name, comment, coefficients, error):
            text = ", ".join(literal(value, kind) for value in coefficients)
            lines.append(f"  /// {comment}; error {mp.nstr(error, 2)}.")
            lines.append(f"  static constexpr {kind} {name}[] = {{{text}}};")

        high, low = split(mp.log(2), bits)
        lines.append("  /// ln 2 = lnTwo + lnTwoRest; multiples of lnTwo by exponents are exact.")
        lines.append(f"  static constexpr {kind} lnTwo = {literal(high, kind)}, lnTwoRest = {literal(low, kind)};")
        write(
            "exponential",
            "(e^r - 1 - r) / r^2 on |r| <= ln(2)/2; error of e^r - 1, relative to r",
            *fit(lambda r: (mp.expm1(r) - r) / r**2, -half, half, exponential, weight=abs),
        )
        write(
            "hyperbolic",
            "artanh(s) / s in s^2 on s <= 1/3",
            *fit(lambda q: mp.atanh(mp.sqrt(q)) / mp.sqrt(q), mp.mpf(0), mp.mpf(1) / 9, hyperbolic),
        )
        write(
            "errorSmall",
            "erf(z) / z in z^2 on |z| <= 1",
            *fit(lambda q: mp.erf(mp.sqrt(q)) / mp.sqrt(q), mp.mpf(0), mp.mpf(1), small),
        )
        lines.append("  /// End of the range of the next one, beyond which erf is 1.")
        lines.append(f"  static constexpr {kind} errorEnd = {literal(end, kind)};")
        write(
            "errorLarge",
            f"e^(z^2) erfc(z) on [1, {int(end)}], in the variable that is -1 and 1 at its ends; error of erfc",
            *fit(
                lambda z: mp.erfc(z) * mp.exp(z * z),
                mp.mpf(1),
                end,
                large,
                weight=lambda z: mp.exp(-z * z),
                variable=lambda z: (2 * z - (end + 1)) / (end - 1),
            ),
        )
        lines.append("};")
    lines += ["", "}  // namespace", ""]
    Path(__file__).with_name("activation-coefficients.h").write_text("\n".join(lines))


main()
