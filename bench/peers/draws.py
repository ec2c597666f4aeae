"""Random draws of the peers: n numbers into an array that exists."""

import numpy as np

from variants import torch


def drawer(library, kind, precision, count):
    """A function that fills `count` numbers; kind is normal or uniform."""
    if library == "torch":
        out = torch.empty(count, dtype=torch.float32 if precision == "f32" else torch.float64)
        generator = torch.Generator().manual_seed(0)
        return (lambda: out.normal_(generator=generator)) if kind == "normal" else (lambda: out.uniform_(generator=generator))
    real = np.float32 if precision == "f32" else np.float64
    out = np.empty(count, real)
    generator = np.random.default_rng(0)
    if kind == "normal":
        return lambda: generator.standard_normal(dtype=real, out=out)
    return lambda: generator.random(dtype=real, out=out)
