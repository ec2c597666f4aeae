"""A deep network's training in PyTorch: mini-batches in given orders until no training example is wrong.

The three variants descend on the same mean cross-entropy from the same start over the same batches:
- autograd: functional layers, torch.autograd.grad, in-place updates;
- fused: gradients by hand, every array preallocated, out= and in-place operations, the update one addmm_; weights as (out, in) or as (in, out), the
  faster is kept;
- jit: the step by hand as torch.jit.script.

Examples are gathered into their epoch's order once an epoch, so that batches are views. The check for mistakes runs over 1000 examples at a time and ends
at the first mistake.
"""

import time
from typing import List

import numpy as np
import torch
from torch.nn import functional

CHECKED_AT_ONCE = 1000


def read(item):
    """The examples, start and orders that bench/deep.ts wrote: x, classes, weights (in, out) and orders as raw arrays."""
    sizes = [int(size) for size in item["sizes"].split(",")]
    count, epochs = item["examples"], item["epochs"]
    real = np.dtype(np.float32 if item["precision"] == "f32" else np.float64)
    raw = np.fromfile(item["file"], np.uint8)
    at = 0

    def take(dtype, *shape):
        nonlocal at
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        at, found = at + size, raw[at : at + size].view(dtype).reshape(shape)
        return found

    x = torch.from_numpy(take(np.float64, count, sizes[0]).astype(real))
    labels = torch.from_numpy(take(np.uint32, count).astype(np.int64))
    orders = torch.from_numpy(take(np.uint32, epochs, count).astype(np.int64))
    # What follows is of 8 bytes a number again.
    weights = [torch.from_numpy(take(np.float64, m, n).astype(real)) for n, m in zip(sizes, sizes[1:])]
    return x, labels, orders, weights


class Autograd:
    def __init__(self, weights, batch, rate):
        self.weights = [w.clone().requires_grad_(True) for w in weights]
        self.biases = [torch.zeros(len(w), dtype=w.dtype, requires_grad=True) for w in weights]
        self.parameters, self.rate = self.weights + self.biases, rate

    def values(self, x):
        for w, b in zip(self.weights[:-1], self.biases[:-1]):
            x = functional.relu(functional.linear(x, w, b))
        return functional.linear(x, self.weights[-1], self.biases[-1])

    def step(self, x, labels, one_hot):
        gradients = torch.autograd.grad(functional.cross_entropy(self.values(x), labels), self.parameters)
        with torch.no_grad():
            torch._foreach_add_(self.parameters, gradients, alpha=-self.rate)


class Fused:
    def __init__(self, weights, batch, rate, by_inputs):
        self.by_inputs, self.rate = by_inputs, rate
        self.weights = [(w.t() if by_inputs else w).clone(memory_format=torch.contiguous_format) for w in weights]
        self.forward = self.weights if by_inputs else [w.t() for w in self.weights]
        self.back = [w.t() for w in self.forward]
        self.biases = [torch.zeros(len(w), dtype=w.dtype) for w in weights]
        self.activations = [torch.empty(batch, len(w), dtype=w.dtype) for w in weights]
        self.signals = [torch.empty(batch, len(w), dtype=w.dtype) for w in weights]
        self.sums = [torch.empty_like(b) for b in self.biases]

    def values(self, x):
        for w, b in zip(self.forward[:-1], self.biases[:-1]):
            x = torch.addmm(b, x, w).relu_()
        return torch.addmm(self.biases[-1], x, self.forward[-1])

    def step(self, x, labels, one_hot):
        count, last = len(x), len(self.weights) - 1
        below = [x]
        for index, (w, b, activations) in enumerate(zip(self.forward, self.biases, self.activations)):
            activations = activations if count == len(activations) else activations[:count]
            torch.addmm(b, below[-1], w, out=activations)
            below.append(activations if index == last else activations.relu_())
        signal = torch.softmax(below.pop(), 1).sub_(one_hot).div_(count)
        for index in range(last, -1, -1):
            a = below[index]
            if index > 0:
                lower = self.signals[index - 1][:count]
                torch.mm(signal, self.back[index], out=lower)
            if self.by_inputs:
                self.weights[index].addmm_(a.t(), signal, alpha=-self.rate)
            else:
                self.weights[index].addmm_(signal.t(), a, alpha=-self.rate)
            self.biases[index].sub_(torch.sum(signal, 0, out=self.sums[index]), alpha=self.rate)
            if index > 0:
                signal = lower.mul_(a.sign_())


@torch.jit.script
def scripted_step(x: torch.Tensor, one_hot: torch.Tensor, weights: List[torch.Tensor], biases: List[torch.Tensor], rate: float):
    below = [x]
    last = len(weights) - 1
    for index in range(last + 1):
        z = torch.addmm(biases[index], below[-1], weights[index].t())
        below.append(z if index == last else z.relu_())
    signal = torch.softmax(below[-1], 1).sub_(one_hot).div_(x.size(0))
    for index in range(last, -1, -1):
        a = below[index]
        if index > 0:
            lower = torch.mm(signal, weights[index])
            weights[index].addmm_(signal.t(), a, alpha=-rate)
            biases[index].sub_(signal.sum(0), alpha=rate)
            signal = lower.mul_(a.sign_())
        else:
            weights[index].addmm_(signal.t(), a, alpha=-rate)
            biases[index].sub_(signal.sum(0), alpha=rate)


class Script:
    def __init__(self, weights, batch, rate):
        self.weights = [w.clone() for w in weights]
        self.biases = [torch.zeros(len(w), dtype=w.dtype) for w in weights]
        self.rate = rate

    values = Autograd.values

    def step(self, x, labels, one_hot):
        scripted_step(x, one_hot, self.weights, self.biases, self.rate)


def makers(variant):
    """Forms of a variant by their name."""
    if variant == "autograd":
        return {"": Autograd}
    if variant == "jit":
        return {"": Script}
    return {
        "weights (out, in)": lambda *given: Fused(*given, False),
        "weights (in, out)": lambda *given: Fused(*given, True),
    }


class DeepTraining:
    """`advance(n)` trains n times from the start to no mistakes; `form` says how, and after how many epochs."""

    def __init__(self, item):
        self.x, self.labels, self.orders, self.start = read(item)
        self.one_hot = functional.one_hot(self.labels).to(self.x.dtype)
        self.batch, self.rate = item["batch"], item["rate"]
        self.is_autograd = item["variant"] == "autograd"
        forms = makers(item["variant"])
        self.sorted = [torch.empty_like(each) for each in (self.x, self.labels, self.one_hot)]
        times = {}
        for name, make in forms.items():
            self.make = make
            self.train(3)
            begun = time.thread_time()
            self.train(3)
            times[name] = time.thread_time() - begun
        name = min(times, key=times.get)
        self.make = forms[name]
        epochs = self.train(len(self.orders))
        self.form = ", ".join([*([name] if name else []), f"{epochs} epochs"])

    def is_fitted(self, network):
        for first in range(0, len(self.x), CHECKED_AT_ONCE):
            values = network.values(self.x[first : first + CHECKED_AT_ONCE])
            if not torch.equal(values.argmax(1), self.labels[first : first + CHECKED_AT_ONCE]):
                return False
        return True

    def train(self, most):
        network = self.make(self.start, self.batch, self.rate)
        with torch.set_grad_enabled(self.is_autograd):
            for epoch in range(most):
                for array, ordered in zip((self.x, self.labels, self.one_hot), self.sorted):
                    torch.index_select(array, 0, self.orders[epoch], out=ordered)
                for batch in zip(*(ordered.split(self.batch) for ordered in self.sorted)):
                    network.step(*batch)
                with torch.no_grad():
                    if self.is_fitted(network):
                        return epoch + 1
        return most

    def advance(self, repeat):
        for _ in range(repeat):
            self.train(len(self.orders))
