"""Trains the bottleneck network F(x) = (1/m1) sum_i |w_i| relu(w_i.x), f(x) = (1/m2) sum_j relu(v_j F(x) + b_j) on relu(1 - |x|) under the
heavy-tailed law with a cutoff, by sgd in PyTorch, as fast as we know how to write it; saves the particles and prints the times as JSON.

    torch_sgd.py '{"dimension": 10, "radiusCutoff": 3, "width": 8192, "secondWidth": 1, "batch": 256, "steps": 1000, "stepSize": 1,
                   "finalStepSize": 1, "momentum": 0, "start": "sphere", "initialAlpha": 1, "seed": 1, "precision": "f32", "out": FOLDER}'

start: "sphere" (independent directions) or "antithetic-frames" (Haar orthogonal frames and their negatives). The step is fused by hand as in
peers/torch_fused.py: one array of size m1 x batch, in place; w_i.G_i instead of a second product.
"""

import json
import math
import sys
import time

import numpy as np
import torch


def radius_table(dimension, cutoff, size=4096):
    """Quantiles of the radius at size + 1 even probabilities: density d J_{d/2}(kappa r)^2 / r on [0, cutoff], even d only.

    J_n(s) = (1/pi) integral_0^pi cos(n t - s sin t) dt, by the trapezoidal rule, which converges geometrically.
    """
    if dimension % 2:
        raise ValueError("dimension: expected an even number, since Bessel's integral needs an integer order")
    ball = math.exp(math.lgamma(dimension / 2 + 1) / dimension) / math.sqrt(math.pi)
    kappa = 2 * math.pi * math.sqrt(dimension) * ball
    radii = np.linspace(0, cutoff, 4 * size + 1)
    nodes = 2 * math.ceil(kappa * cutoff) + 40
    angles = (np.arange(nodes) + 0.5) * math.pi / nodes
    bessel = np.cos(dimension / 2 * angles - kappa * radii[:, None] * np.sin(angles)).mean(1)
    density = np.zeros_like(radii)
    density[1:] = bessel[1:] ** 2 / radii[1:]
    mass = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return np.interp(np.linspace(0, 1, size + 1), mass / mass[-1], radii)


def first_layer(width, dimension, start, alpha, generator, dtype):
    """Rows of equal norm with C_d |w|^2 = alpha, C_d = E relu(u_1)."""
    constant = math.exp(math.lgamma(dimension / 2) - math.lgamma((dimension + 1) / 2)) / (2 * math.sqrt(math.pi))
    if start == "sphere":
        rows = torch.randn(width, dimension, generator=generator, dtype=dtype)
        rows /= rows.norm(dim=1, keepdim=True)
    else:
        frames = -(-width // (2 * dimension))
        q, r = torch.linalg.qr(torch.randn(frames, dimension, dimension, generator=generator, dtype=dtype))
        q = q * torch.sign(torch.diagonal(r, dim1=1, dim2=2))[:, None, :]
        rows = torch.stack([q, -q], 2).reshape(-1, dimension)[:width]
    return rows * math.sqrt(alpha / constant)


def train(o, dtype):
    d, m1, m2, batch = o["dimension"], o["width"], o["secondWidth"], o["batch"]
    generator = torch.Generator().manual_seed(o["seed"])
    quantiles = torch.tensor(radius_table(d, o["radiusCutoff"]), dtype=dtype)
    cells = len(quantiles) - 1
    w = first_layer(m1, d, o["start"], o["initialAlpha"], generator, dtype).contiguous()
    v, b = torch.full((m2,), -0.1, dtype=dtype), torch.full((m2,), 0.1, dtype=dtype)
    z = torch.empty(m1, batch, dtype=dtype)
    gradient, product = torch.empty_like(w), torch.empty_like(w)
    norms, along = torch.empty(m1, dtype=dtype), torch.empty(m1, dtype=dtype)
    x = torch.empty(batch, d, dtype=dtype)
    length = torch.empty(batch, dtype=dtype)
    uniform = torch.empty(batch, dtype=dtype)
    bottle = torch.empty(batch, dtype=dtype)
    change_w, change_v, change_b = torch.zeros_like(w), torch.zeros_like(v), torch.zeros_like(b)
    steps, momentum = o["steps"], o["momentum"]
    for step in range(steps):
        eta = o["stepSize"] * (1 + (o["finalStepSize"] - 1) * step / max(1, steps - 1))
        # x = r u: u from a normal vector, r from the table, linear within a cell.
        x.normal_(generator=generator)
        torch.linalg.vector_norm(x, dim=1, out=length)
        uniform.uniform_(generator=generator).mul_(cells)
        cell = uniform.long().clamp_(max=cells - 1)
        r = torch.lerp(quantiles[cell], quantiles[cell + 1], uniform.sub_(cell))
        x.mul_((r / length)[:, None])
        torch.linalg.vector_norm(w, dim=1, out=norms)
        torch.mm(w, x.t(), out=z)
        torch.mv(z.relu_().t(), norms, out=bottle)
        bottle.div_(m1)
        q = torch.addcmul(b, bottle[:, None], v).relu_()
        error = (q.mean(1) - (1 - r).clamp_(min=0)).div_(batch)
        on = q.sign_()
        x.mul_((error * torch.mv(on, v) / m2)[:, None])
        torch.mm(z.sign_(), x, out=gradient)
        torch.mul(w, gradient, out=product)
        torch.sum(product, 1, out=along)
        torch.mul(w, along.div_(norms)[:, None], out=product)
        product.addcmul_(gradient, norms[:, None])
        for parameter, change, gradient_now in (
            (w, change_w, product),
            (v, change_v, torch.mv(on.t(), error * bottle)),
            (b, change_b, torch.mv(on.t(), error)),
        ):
            if momentum == 0:
                parameter.sub_(gradient_now, alpha=eta)
            else:
                parameter.sub_(change.mul_(momentum).add_(gradient_now), alpha=eta)
    return {"w": w, "v": v, "b": b, "a": torch.ones(m2, dtype=dtype)}


def main():
    o = json.loads(sys.argv[1])
    loaded = time.process_time()
    torch.set_num_threads(1)
    with torch.no_grad():
        particles = train(o, torch.float32 if o["precision"] == "f32" else torch.float64)
    end = time.process_time()
    for name, value in particles.items():
        np.save(f"{o['out']}/{name}.npy", value.to(torch.float64).numpy())
    # From the start of the process, and without the loading of Python and PyTorch.
    print(json.dumps({"seconds": end, "trainingSeconds": end - loaded}))


if __name__ == "__main__":
    main()
