"""The step in NumPy: formulas by hand, arrays preallocated, out= where NumPy has it."""

import numpy as np


class TwoLayer:
    def __init__(self, p, x, y, eta):
        self.rows = np.concatenate([p["w"], p["b"][:, None]], 1)
        self.x = np.concatenate([x, np.ones((len(x), 1), x.dtype)], 1)
        self.a, self.y, self.eta = p["a"], y / x.dtype.type(len(y)), x.dtype.type(eta)
        self.z = np.empty((len(x), len(self.a)), x.dtype)
        self.residual = np.empty(len(x), x.dtype)
        self.scaled = np.empty_like(self.x)
        self.gradient = np.empty_like(self.rows)
        self.product = np.empty_like(self.rows)

    def step(self):
        z, residual = self.z, self.residual
        np.matmul(self.x, self.rows.T, out=z)
        np.maximum(z, 0, out=z)
        np.matmul(z, self.a, out=residual)
        residual *= z.dtype.type(1 / (len(self.a) * len(self.y)))
        residual -= self.y
        np.multiply(self.x, residual[:, None], out=self.scaled)
        np.greater(z, 0, out=z, casting="unsafe")
        np.matmul(z.T, self.scaled, out=self.gradient)
        along = np.einsum("ik,ik->i", self.rows, self.gradient)
        np.multiply(self.gradient, (self.eta * self.a)[:, None], out=self.product)
        self.rows -= self.product
        self.a -= self.eta * along

    def particles(self):
        return {"w": self.rows[:, :-1], "b": self.rows[:, -1], "a": self.a}


class Bottleneck:
    def __init__(self, p, x, y, eta):
        self.w, self.v, self.b, self.a = p["w"], p["v"], p["b"], p["a"]
        self.x, self.y, self.eta = x, y, x.dtype.type(eta)
        self.z = np.empty((len(x), len(self.w)), x.dtype)
        self.atoms = np.empty((len(x), len(self.v)), x.dtype)
        self.scaled = np.empty_like(x)
        self.gradient = np.empty_like(self.w)
        self.product = np.empty_like(self.w)

    def step(self):
        z, atoms, real = self.z, self.atoms, self.x.dtype.type
        norms = np.sqrt(np.einsum("ik,ik->i", self.w, self.w))
        np.matmul(self.x, self.w.T, out=z)
        np.maximum(z, 0, out=z)
        bottle = (z @ norms) / real(len(self.w))
        np.multiply(bottle[:, None], self.v, out=atoms)
        atoms += self.b
        np.maximum(atoms, 0, out=atoms)
        residual = ((atoms @ self.a) / real(len(self.v)) - self.y) / real(len(self.y))
        np.greater(atoms, 0, out=atoms, casting="unsafe")
        weights = residual * (atoms @ (self.a * self.v)) / real(len(self.v))
        np.multiply(self.x, weights[:, None], out=self.scaled)
        np.greater(z, 0, out=z, casting="unsafe")
        np.matmul(z.T, self.scaled, out=self.gradient)
        along = np.einsum("ik,ik->i", self.w, self.gradient) / norms
        np.multiply(self.w, (self.eta * along)[:, None], out=self.product)
        self.gradient *= (self.eta * norms)[:, None]
        self.w -= self.product
        self.w -= self.gradient
        self.v -= self.eta * self.a * (atoms.T @ (residual * bottle))
        self.b -= self.eta * self.a * (atoms.T @ residual)

    def particles(self):
        return {"w": self.w, "v": self.v, "b": self.b, "a": self.a}


class Dense:
    def __init__(self, p, x, y, eta):
        self.rows = np.concatenate([p["w"], p["c"][:, None]], 1)
        self.x = np.concatenate([x, np.ones((len(x), 1), x.dtype)], 1)
        self.u, self.e, self.a = p["u"], p["e"], p["a"]
        self.y, self.eta = y, x.dtype.type(eta)
        self.hidden = np.empty((len(x), len(self.rows)), x.dtype)
        self.back = np.empty_like(self.hidden)
        self.second = np.empty((len(x), len(self.a)), x.dtype)
        self.change_u = np.empty_like(self.u)
        self.gradient = np.empty_like(self.rows)

    def step(self):
        hidden, second, back, real = self.hidden, self.second, self.back, self.x.dtype.type
        m1, m2 = real(len(self.rows)), real(len(self.a))
        np.matmul(self.x, self.rows.T, out=hidden)
        np.maximum(hidden, 0, out=hidden)
        np.matmul(hidden, self.u.T, out=second)
        second /= m1
        second += self.e
        np.maximum(second, 0, out=second)
        residual = ((second @ self.a) / m2 - self.y) / real(len(self.y))
        change_a = second.T @ residual
        np.greater(second, 0, out=second, casting="unsafe")
        second *= residual[:, None]
        second *= self.a
        np.matmul(second, self.u, out=back)
        np.matmul(second.T, hidden, out=self.change_u)
        np.greater(hidden, 0, out=hidden, casting="unsafe")
        back *= hidden
        np.matmul(back.T, self.x, out=self.gradient)
        self.change_u *= self.eta
        self.u -= self.change_u
        self.gradient *= self.eta / m2
        self.rows -= self.gradient
        self.e -= self.eta * second.sum(0)
        self.a -= self.eta * change_a

    def particles(self):
        return {"w": self.rows[:, :-1], "c": self.rows[:, -1], "u": self.u, "e": self.e, "a": self.a}


NUMPY = {"two-layer": TwoLayer, "bottleneck": Bottleneck, "dense": Dense}
