"""One gradient-descent step of each network in float64, sample by sample from the definition: what every variant must reproduce.

Nothing here is fast and nothing is shared with the variants. Symbols are those of docs/theory: x (B, d), y (B,), mean-field velocities
-width * dL/dparticle of L = 1/(2B) sum_s (f(x_s) - y_s)^2, particles <- particles + eta * velocity, all from the old particles.
"""

import numpy as np


def two_layer(p, x, y, eta):
    """f(x) = (1/m) sum_i a_i relu(w_i.x + b_i)."""
    w, b, a = p["w"], p["b"], p["a"]
    m = len(a)
    velocity = {name: np.zeros_like(value) for name, value in p.items()}
    for xs, ys in zip(x, y):
        z = np.array([w[i] @ xs + b[i] for i in range(m)])
        residual = sum(a[i] * max(z[i], 0.0) for i in range(m)) / m - ys
        for i in range(m):
            if z[i] > 0:
                velocity["w"][i] -= residual * a[i] * xs / len(y)
                velocity["b"][i] -= residual * a[i] / len(y)
                velocity["a"][i] -= residual * z[i] / len(y)
    return {name: p[name] + eta * velocity[name] for name in p}


def bottleneck(p, x, y, eta):
    """F(x) = (1/m1) sum_i |w_i| relu(w_i.x), f(x) = (1/m2) sum_j a_j relu(v_j F(x) + b_j); a stays."""
    w, v, b, a = p["w"], p["v"], p["b"], p["a"]
    m1, m2 = len(w), len(v)
    norms = [np.sqrt(w[i] @ w[i]) for i in range(m1)]
    velocity = {name: np.zeros_like(value) for name, value in p.items()}
    for xs, ys in zip(x, y):
        z = [w[i] @ xs for i in range(m1)]
        bottle = sum(norms[i] * max(z[i], 0.0) for i in range(m1)) / m1
        q = [v[j] * bottle + b[j] for j in range(m2)]
        residual = sum(a[j] * max(q[j], 0.0) for j in range(m2)) / m2 - ys
        slope = sum(a[j] * v[j] for j in range(m2) if q[j] > 0) / m2
        for i in range(m1):
            if z[i] > 0:
                velocity["w"][i] -= residual * slope * (w[i] / norms[i] * z[i] + norms[i] * xs) / len(y)
        for j in range(m2):
            if q[j] > 0:
                velocity["v"][j] -= residual * a[j] * bottle / len(y)
                velocity["b"][j] -= residual * a[j] / len(y)
    return {name: p[name] + eta * velocity[name] for name in p}


def dense(p, x, y, eta):
    """f(x) = (1/m2) sum_j a_j relu((1/m1) sum_i u_ji relu(w_i.x + c_i) + e_j), u (m2, m1)."""
    w, c, u, e, a = p["w"], p["c"], p["u"], p["e"], p["a"]
    m1, m2 = len(c), len(e)
    velocity = {name: np.zeros_like(value) for name, value in p.items()}
    for xs, ys in zip(x, y):
        z = [w[i] @ xs + c[i] for i in range(m1)]
        h = [max(value, 0.0) for value in z]
        q = [sum(u[j, i] * h[i] for i in range(m1)) / m1 + e[j] for j in range(m2)]
        residual = sum(a[j] * max(q[j], 0.0) for j in range(m2)) / m2 - ys
        back = np.zeros(m1)
        for j in range(m2):
            velocity["a"][j] -= residual * max(q[j], 0.0) / len(y)
            if q[j] > 0:
                velocity["e"][j] -= residual * a[j] / len(y)
                for i in range(m1):
                    velocity["u"][j, i] -= residual * a[j] * h[i] / len(y)
                    back[i] += residual * a[j] * u[j, i] / m2
        for i in range(m1):
            if z[i] > 0:
                velocity["w"][i] -= back[i] * xs / len(y)
                velocity["c"][i] -= back[i] / len(y)
    return {name: p[name] + eta * velocity[name] for name in p}


STEPS = {"two-layer": two_layer, "bottleneck": bottleneck, "dense": dense}
