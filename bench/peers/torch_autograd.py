"""The step as one writes it first in PyTorch: a formula for the loss, backward(), and an update of each parameter."""

import torch


def two_layer(p, x):
    return torch.relu(torch.addmm(p["b"], x, p["w"].t())) @ p["a"] / len(p["a"])


def bottleneck(p, x):
    w = p["w"]
    bottle = torch.relu(x @ w.t()) @ w.norm(dim=1) / len(w)
    return torch.relu(torch.addcmul(p["b"], bottle[:, None], p["v"])) @ p["a"] / len(p["v"])


def dense(p, x):
    hidden = torch.relu(torch.addmm(p["c"], x, p["w"].t()))
    second = torch.relu(torch.addmm(p["e"], hidden, p["u"].t(), alpha=1 / len(p["c"])))
    return second @ p["a"] / len(p["a"])


FORWARD = {"two-layer": two_layer, "bottleneck": bottleneck, "dense": dense}


class Autograd:
    """`loss.backward()` and an in-place update; gradients are dropped, not zeroed."""

    def __init__(self, work, particles, x, y, eta):
        self.forward = FORWARD[work]
        self.p = particles
        self.x, self.y = x, y
        width = {name: len(particles[name]) for name in particles}
        if work == "dense":
            width["u"] = particles["u"].numel()
        trained = [name for name in particles if not (work == "bottleneck" and name == "a")]
        self.trained = [(particles[name].requires_grad_(), eta * width[name]) for name in trained]

    def step(self):
        loss = 0.5 * (self.forward(self.p, self.x) - self.y).square().mean()
        loss.backward()
        with torch.no_grad():
            for parameter, rate in self.trained:
                parameter.sub_(parameter.grad, alpha=rate)
                parameter.grad = None

    def particles(self):
        return {name: value.detach() for name, value in self.p.items()}
