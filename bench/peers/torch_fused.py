"""The step fused by hand in PyTorch: gradients from formulas, every array preallocated, every operation in place or with out=.

What makes it fast, in the order of gain:
- no array of size batch x width but one, and three passes over it besides the two products: relu in place, a product with a vector, sign in
  place (which turns relu(z) into the mask 1(z > 0));
- the bias is a column of W against a column of ones, so that no product has a broadcast;
- the gradient of a_i (and of |w_i|) is w_i.G_i, so relu(z) is not needed again;
- `chunk` > 0: the batch in chunks, so that the one large array stays in the second-level cache;
- `by_particles`: the large array as (width, chunk) instead of (chunk, width); which is faster depends on the BLAS.
"""

import torch


class _Layer:
    """z = W x for a chunk of samples, and G = sum_s 1(z_is > 0) g_s x_s, on one buffer."""

    def __init__(self, rows, x, chunk, by_particles):
        self.rows, self.x = rows, x
        self.chunk = chunk or len(x)
        shape = (len(rows), self.chunk) if by_particles else (self.chunk, len(rows))
        self.buffer = torch.empty(shape, dtype=x.dtype)
        self.by_particles = by_particles
        self.gradient = torch.empty_like(rows)
        self.scaled = torch.empty((self.chunk, x.shape[1]), dtype=x.dtype)
        self.product = torch.empty_like(rows)
        self.along = torch.empty(len(rows), dtype=x.dtype)

    def starts(self):
        return range(0, len(self.x), self.chunk)

    def forward(self, start, amplitudes, out):
        """out_s = sum_i amplitude_i relu(z_is)."""
        x = self.x[start : start + self.chunk]
        count = len(x)
        if self.by_particles:
            z = self.buffer[:, :count] if count < self.chunk else self.buffer
            torch.mm(self.rows, x.t(), out=z)
            torch.mv(z.relu_().t(), amplitudes, out=out)
        else:
            z = self.buffer[:count] if count < self.chunk else self.buffer
            torch.mm(x, self.rows.t(), out=z)
            torch.mv(z.relu_(), amplitudes, out=out)
        self.z, self.points = z, x

    def backward(self, start, weights):
        """Adds g_s 1(z_is > 0) x_s of the chunk last seen by `forward`; the first chunk overwrites."""
        scaled = torch.mul(self.points, weights[:, None], out=self.scaled[: len(self.points)])
        mask = self.z.sign_() if self.by_particles else self.z.sign_().t()
        if start == 0:
            torch.mm(mask, scaled, out=self.gradient)
        else:
            self.gradient.addmm_(mask, scaled)

    def gradient_along_rows(self):
        """w_i.G_i"""
        torch.mul(self.rows, self.gradient, out=self.product)
        return torch.sum(self.product, 1, out=self.along)


class TwoLayer:
    def __init__(self, p, x, y, eta, chunk, by_particles):
        ones = torch.ones((len(x), 1), dtype=x.dtype)
        self.y, self.eta, self.a = y / len(y), eta, p["a"]
        self.layer = _Layer(torch.cat([p["w"], p["b"][:, None]], 1), torch.cat([x, ones], 1), chunk, by_particles)
        self.residual = torch.empty_like(y)
        self.scale = 1 / (len(self.a) * len(y))

    def step(self):
        layer = self.layer
        for start in layer.starts():
            weights = self.residual[start : start + layer.chunk]
            layer.forward(start, self.a, weights)
            weights.mul_(self.scale).sub_(self.y[start : start + layer.chunk])
            layer.backward(start, weights)
        along = layer.gradient_along_rows()
        layer.rows.addcmul_(layer.gradient, self.a[:, None], value=-self.eta)
        self.a.sub_(along, alpha=self.eta)

    def particles(self):
        return {"w": self.layer.rows[:, :-1], "b": self.layer.rows[:, -1], "a": self.a}


class Bottleneck:
    def __init__(self, p, x, y, eta, chunk, by_particles):
        self.y, self.eta = y, eta
        self.v, self.b, self.a = p["v"], p["b"], p["a"]
        self.layer = _Layer(p["w"], x, chunk, by_particles)
        size = self.layer.chunk
        self.norms = torch.empty(len(p["w"]), dtype=x.dtype)
        self.bottle = torch.empty(size, dtype=x.dtype)
        self.error = torch.empty(size, dtype=x.dtype)
        self.weights = torch.empty(size, dtype=x.dtype)
        self.atoms = torch.empty((size, len(self.v)), dtype=x.dtype)
        self.change_v, self.change_b = torch.empty_like(self.v), torch.empty_like(self.b)
        self.slopes = torch.empty_like(self.v)

    def step(self):
        layer, count = self.layer, len(self.y)
        torch.linalg.vector_norm(layer.rows, dim=1, out=self.norms)
        self.change_v.zero_()
        self.change_b.zero_()
        torch.mul(self.a, self.v, out=self.slopes)
        for start in layer.starts():
            y = self.y[start : start + layer.chunk]
            n = len(y)
            bottle, error, weights, atoms = self.bottle[:n], self.error[:n], self.weights[:n], self.atoms[:n]
            layer.forward(start, self.norms, bottle)
            bottle.div_(len(layer.rows))
            torch.addcmul(self.b, bottle[:, None], self.v, out=atoms)
            torch.mv(atoms.relu_(), self.a, out=error)
            error.div_(len(self.v)).sub_(y).div_(count)
            on = atoms.sign_()
            torch.mv(on, self.slopes, out=weights)
            weights.mul_(error).div_(len(self.v))
            layer.backward(start, weights)
            self.change_b.addmv_(on.t(), error)
            self.change_v.addmv_(on.t(), error.mul_(bottle))
        along = layer.gradient_along_rows().div_(self.norms)
        # w_i' = -((w_i/|w_i|) (w_i.G_i) + |w_i| G_i): the old rows are read before either part is written.
        torch.mul(layer.rows, along[:, None], out=layer.product)
        layer.product.addcmul_(layer.gradient, self.norms[:, None])
        layer.rows.sub_(layer.product, alpha=self.eta)
        self.v.addcmul_(self.change_v, self.a, value=-self.eta)
        self.b.addcmul_(self.change_b, self.a, value=-self.eta)

    def particles(self):
        return {"w": self.layer.rows, "v": self.v, "b": self.b, "a": self.a}


class Dense:
    """Two arrays of size batch x width; both updates of the m1 x m2 layer are one product that adds to U in place."""

    def __init__(self, p, x, y, eta, chunk, by_particles):
        if by_particles:
            raise ValueError("by_particles: the dense step has only the form by samples")
        ones = torch.ones((len(x), 1), dtype=x.dtype)
        self.x, self.y, self.eta = torch.cat([x, ones], 1), y, eta
        self.rows = torch.cat([p["w"], p["c"][:, None]], 1)
        self.u, self.e, self.a = p["u"], p["e"], p["a"]
        self.chunk = chunk or len(x)
        m1, m2 = len(self.rows), len(self.a)
        self.hidden = torch.empty((self.chunk, m1), dtype=x.dtype)
        self.back = torch.empty_like(self.hidden)
        self.second = torch.empty((self.chunk, m2), dtype=x.dtype)
        self.error = torch.empty(self.chunk, dtype=x.dtype)
        self.gradient = torch.empty_like(self.rows)
        self.change_u = torch.empty_like(self.u) if self.chunk < len(x) else None
        self.change_a, self.change_e = torch.empty_like(self.a), torch.empty_like(self.e)

    def step(self):
        count, m1, m2 = len(self.y), len(self.rows), len(self.a)
        is_whole = self.change_u is None
        self.change_a.zero_()
        self.change_e.zero_()
        for start in range(0, count, self.chunk):
            x, y = self.x[start : start + self.chunk], self.y[start : start + self.chunk]
            n = len(y)
            hidden, second, back, error = self.hidden[:n], self.second[:n], self.back[:n], self.error[:n]
            torch.mm(x, self.rows.t(), out=hidden)
            hidden.relu_()
            torch.addmm(self.e, hidden, self.u.t(), alpha=1 / m1, out=second)
            torch.mv(second.relu_(), self.a, out=error)
            error.div_(m2).sub_(y).div_(count)
            self.change_a.addmv_(second.t(), error)
            # second becomes dL/dpreactivation times m2: r_s a_j 1(q_sj > 0).
            second.sign_().mul_(error[:, None]).mul_(self.a)
            self.change_e.add_(second.sum(0))
            torch.mm(second, self.u, out=back)
            if is_whole:
                self.u.addmm_(second.t(), hidden, alpha=-self.eta)
            elif start == 0:
                torch.mm(second.t(), hidden, out=self.change_u)
            else:
                self.change_u.addmm_(second.t(), hidden)
            back.mul_(hidden.sign_())
            if start == 0:
                torch.mm(back.t(), x, out=self.gradient)
            else:
                self.gradient.addmm_(back.t(), x)
        if not is_whole:
            self.u.sub_(self.change_u, alpha=self.eta)
        self.rows.sub_(self.gradient, alpha=self.eta / m2)
        self.a.sub_(self.change_a, alpha=self.eta)
        self.e.sub_(self.change_e, alpha=self.eta)

    def particles(self):
        return {"w": self.rows[:, :-1], "c": self.rows[:, -1], "u": self.u, "e": self.e, "a": self.a}


FUSED = {"two-layer": TwoLayer, "bottleneck": Bottleneck, "dense": Dense}
