"""Checks every variant of every work in both precisions against the oracle; exits with 1 if one is wrong.

Two steps are taken, so that state kept between steps is seen too. Tolerance: a sum of n numbers in precision eps errs by at most about n eps
times the sum of their moduli; n = batch + width + dimension covers the longest chain of a step. Inputs whose pre-activations come near 0 would
let rounding decide a sign, so seeds are taken until none does.
"""

import sys

import numpy as np

import inputs
import oracle
from variants import VARIANTS, build, forms, torch

SIZES = [(21, 3, 6, 4), (32, 5, 9, 7), (300, 4, 7, 5)]
EPS = {"f32": np.finfo(np.float32).eps, "f64": np.finfo(np.float64).eps}


def preactivations(work, p, x):
    z = x @ p["w"].T + (0 if work == "bottleneck" else p["b" if work == "two-layer" else "c"])
    h = np.maximum(z, 0)
    if work == "bottleneck":
        bottle = h @ np.linalg.norm(p["w"], axis=1) / len(p["w"])
        return [z, bottle[:, None] * p["v"] + p["b"]]
    return [z] if work == "two-layer" else [z, h @ p["u"].T / len(p["c"]) + p["e"]]


def case(work, size, eta):
    """Inputs and the oracle's particles after two steps."""
    batch, dimension, width, second = size
    for seed in range(1000):
        first, x, y = inputs.make(work, batch, dimension, width, second, seed)
        particles, nearest = first, np.inf
        for _ in range(2):
            nearest = min([nearest, *(np.abs(z).min() for z in preactivations(work, particles, x))])
            particles = oracle.STEPS[work](particles, x, y, eta)
        if nearest > 2e-5:
            return first, x, y, particles
    raise RuntimeError("no seed keeps the pre-activations away from 0")


def main():
    eta, checked, wrong = 0.3, 0, 0
    for work in oracle.STEPS:
        for size in SIZES:
            first, x, y, expected = case(work, size, eta)
            for library, variants in VARIANTS.items():
                if library == "torch" and torch is None:
                    continue
                for variant in variants:
                    tried = forms(work, variant, size[0]) if library == "torch" else [None]
                    if variant == "chunked":
                        # Chunks that do and that do not divide the batch.
                        tried = [*tried, (7, False), (16, False), *([] if work == "dense" else [(7, True)])]
                    for form in tried:
                        for precision, eps in EPS.items():
                            step = build(work, library, variant, precision, first, x, y, eta, form)
                            step.advance(2)
                            got = step.particles()
                            bound = 2 * eps * sum(size)
                            error = max(
                                np.abs(got[name] - expected[name]).max() / max(1.0, np.abs(expected[name]).max())
                                for name in expected
                            )
                            checked += 1
                            if set(got) != set(expected) or not error <= bound:
                                wrong += 1
                                print(f"WRONG {work} {library} {variant} {form} {precision} {size}: {error:.1e} > {bound:.1e}")
    print(f"{checked} variants checked against the oracle, {wrong} wrong")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
