"""Particles and a batch to step from: random, of order one, the same for every variant of a size."""

import numpy as np


def make(work, batch, dimension, width, second_width, seed=0):
    """Returns (particles by name, x (batch, dimension), y (batch,)), all float64; `second_width` is m2 of the three-layer networks."""
    g = np.random.default_rng(seed)
    x = g.standard_normal((batch, dimension)) / np.sqrt(dimension)
    y = g.standard_normal(batch)
    w = g.standard_normal((width, dimension))
    if work == "two-layer":
        return {"w": w, "b": g.standard_normal(width), "a": g.standard_normal(width)}, x, y
    if work == "bottleneck":
        v = -0.6 + 0.58 * g.random(second_width)
        return {"w": w, "v": v, "b": 0.1 + 0.8 * g.random(second_width), "a": np.ones(second_width)}, x, y
    if work == "dense":
        u = np.sqrt(width) * g.standard_normal((second_width, width))
        return {
            "w": w,
            "c": g.standard_normal(width),
            "u": u,
            "e": g.standard_normal(second_width),
            "a": g.standard_normal(second_width),
        }, x, y
    raise ValueError(f"work: expected two-layer, bottleneck or dense, got {work}")
