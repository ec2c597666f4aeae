"""The variants of a step by name: what a request's `library` and `variant` mean."""

import time

import numpy as np

try:
    import torch
except ImportError:
    torch = None

VARIANTS = {"torch": ["fused", "chunked", "jit", "autograd"], "numpy": ["fused"]}
CHUNKS = (64, 128, 256)


class NumpyStep:
    def __init__(self, work, precision, particles, x, y, eta):
        from numpy_steps import NUMPY

        real = np.float32 if precision == "f32" else np.float64
        particles = {name: value.astype(real) for name, value in particles.items()}
        self.inner = NUMPY[work](particles, x.astype(real), y.astype(real), eta)
        self.form = "out="

    def advance(self, steps):
        for _ in range(steps):
            self.inner.step()

    def particles(self):
        return {name: np.asarray(value, np.float64) for name, value in self.inner.particles().items()}


class TorchStep:
    """A step of PyTorch; where a variant has several forms (orientation, chunk size) each is tried and the fastest kept."""

    def __init__(self, work, variant, precision, particles, x, y, eta, form=None):
        real = torch.float32 if precision == "f32" else torch.float64
        self.is_autograd = variant == "autograd"

        def tensor(value):
            return torch.tensor(value, dtype=real)

        def make(form):
            p = {name: tensor(value) for name, value in particles.items()}
            if variant == "autograd":
                from torch_autograd import Autograd

                return Autograd(work, p, tensor(x), tensor(y), eta)
            if variant == "jit":
                from torch_script import Script

                return Script(work, p, tensor(x), tensor(y), eta)
            from torch_fused import FUSED

            chunk, by_particles = form
            return FUSED[work](p, tensor(x), tensor(y), eta, chunk, by_particles)

        if form is None:
            candidates = forms(work, variant, len(x))
            form = candidates[0]
            if len(candidates) > 1:
                form = min(candidates, key=lambda candidate: self._time(make(candidate)))
        self.inner = make(form)
        self.form = "" if form is None else describe(form)

    def _time(self, inner):
        with torch.no_grad():
            inner.step()
            best, spent, rounds = float("inf"), 0.0, 0
            while rounds < 3 or (spent < 0.1 and rounds < 30):
                begun = time.thread_time()
                inner.step()
                took = time.thread_time() - begun
                best, spent, rounds = min(best, took), spent + took, rounds + 1
        return best

    def advance(self, steps):
        if self.is_autograd:
            for _ in range(steps):
                self.inner.step()
            return
        with torch.no_grad():
            for _ in range(steps):
                self.inner.step()

    def particles(self):
        return {name: value.to(torch.float64).numpy() for name, value in self.inner.particles().items()}


def forms(work, variant, batch):
    """(chunk, by_particles) to try; [None] for a variant of one form."""
    if variant not in ("fused", "chunked"):
        return [None]
    orientations = (False,) if work == "dense" else (False, True)
    if variant == "fused":
        return [(0, by) for by in orientations]
    return [(chunk, by) for chunk in CHUNKS if chunk < batch for by in orientations] or [(0, False)]


def describe(form):
    chunk, by_particles = form
    words = [f"chunks of {chunk}"] if chunk else []
    return ", ".join([*words, "by particles" if by_particles else "by samples"])


def build(work, library, variant, precision, particles, x, y, eta, form=None):
    """A step ready to run: `advance(steps)`, `particles()` (float64 NumPy arrays), `form` in words."""
    if variant not in VARIANTS[library]:
        raise ValueError(f"variant: expected one of {VARIANTS[library]}, got {variant}")
    if library == "numpy":
        return NumpyStep(work, precision, particles, x, y, eta)
    if torch is None:
        raise ValueError("torch is not installed")
    return TorchStep(work, variant, precision, particles, x, y, eta, form)
