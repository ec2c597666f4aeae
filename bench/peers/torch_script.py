"""The step compiled by torch.jit.script: the formulas of the fused step, written without buffers, for the compiler to plan."""

from typing import Tuple

import torch
from torch import Tensor


@torch.jit.script
def two_layer(rows: Tensor, a: Tensor, x: Tensor, y: Tensor, eta: float) -> Tuple[Tensor, Tensor]:
    z = torch.relu(torch.mm(x, rows.t()))
    r = (torch.mv(z, a) / a.numel() - y) / y.numel()
    gradient = torch.mm((z > 0).to(z.dtype).t(), x * r[:, None])
    along = (rows * gradient).sum(1)
    return rows - eta * a[:, None] * gradient, a - eta * along


@torch.jit.script
def bottleneck(
    w: Tensor, v: Tensor, b: Tensor, a: Tensor, x: Tensor, y: Tensor, eta: float
) -> Tuple[Tensor, Tensor, Tensor]:
    norms = w.norm(2, 1)
    z = torch.relu(torch.mm(x, w.t()))
    bottle = torch.mv(z, norms) / norms.numel()
    q = torch.relu(bottle[:, None] * v + b)
    r = (torch.mv(q, a) / a.numel() - y) / y.numel()
    on = (q > 0).to(q.dtype)
    g = r * torch.mv(on, a * v) / a.numel()
    gradient = torch.mm((z > 0).to(z.dtype).t(), x * g[:, None])
    along = (w * gradient).sum(1) / norms
    change_b = a * torch.mv(on.t(), r)
    change_v = a * torch.mv(on.t(), r * bottle)
    return w - eta * (w * along[:, None] + norms[:, None] * gradient), v - eta * change_v, b - eta * change_b


@torch.jit.script
def dense(
    rows: Tensor, u: Tensor, e: Tensor, a: Tensor, x: Tensor, y: Tensor, eta: float
) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    hidden = torch.relu(torch.mm(x, rows.t()))
    second = torch.relu(torch.addmm(e, hidden, u.t(), alpha=1.0 / rows.size(0)))
    r = (torch.mv(second, a) / a.numel() - y) / y.numel()
    change_a = torch.mv(second.t(), r)
    delta = (second > 0).to(second.dtype) * (r[:, None] * a)
    back = torch.mm(delta, u) * (hidden > 0).to(hidden.dtype)
    new_u = torch.addmm(u, delta.t(), hidden, alpha=-eta)
    new_rows = torch.addmm(rows, back.t(), x, alpha=-eta / a.numel())
    return new_rows, new_u, e - eta * delta.sum(0), a - eta * change_a


class Script:
    """Holds the particles between calls of a compiled step."""

    def __init__(self, work, p, x, y, eta):
        self.work, self.x, self.y, self.eta = work, x, y, eta
        self.p = p
        if work != "bottleneck":
            bias = p["b"] if work == "two-layer" else p["c"]
            self.rows = torch.cat([p["w"], bias[:, None]], 1)
            self.x = torch.cat([x, torch.ones((len(x), 1), dtype=x.dtype)], 1)

    def step(self):
        p = self.p
        if self.work == "two-layer":
            self.rows, p["a"] = two_layer(self.rows, p["a"], self.x, self.y, self.eta)
        elif self.work == "bottleneck":
            p["w"], p["v"], p["b"] = bottleneck(p["w"], p["v"], p["b"], p["a"], self.x, self.y, self.eta)
        else:
            self.rows, p["u"], p["e"], p["a"] = dense(self.rows, p["u"], p["e"], p["a"], self.x, self.y, self.eta)

    def particles(self):
        if self.work == "bottleneck":
            return self.p
        bias = "b" if self.work == "two-layer" else "c"
        return {**self.p, "w": self.rows[:, :-1], bias: self.rows[:, -1]}
