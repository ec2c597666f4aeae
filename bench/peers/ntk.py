"""The tangent kernel of a ReLU network of `layers` layers of weights between Gaussian inputs, K = |x||y| N1(cos), by hand with out=."""

import numpy as np


class TangentKernel:
    form = "out="

    def __init__(self, count, dimension, layers):
        self.points = np.random.default_rng(0).standard_normal((count, dimension))
        self.layers = layers
        self.arrays = [np.empty((count, count)) for _ in range(4)]

    def advance(self, repeat):
        for _ in range(repeat):
            self.matrix()

    def matrix(self):
        u, kernel, slope, root = self.arrays
        lengths = np.sqrt((self.points * self.points).sum(1))
        unit = self.points / lengths[:, None]
        np.matmul(unit, unit.T, out=u)
        np.clip(u, -1, 1, out=u)
        np.fill_diagonal(u, 1)
        kernel[:] = u
        for _ in range(self.layers - 1):
            np.arccos(u, out=slope)
            np.subtract(np.pi, slope, out=slope)
            slope *= 1 / np.pi
            np.multiply(u, u, out=root)
            np.subtract(1, root, out=root)
            np.sqrt(root, out=root)
            root *= 1 / np.pi
            u *= slope
            u += root
            np.clip(u, -1, 1, out=u)
            np.fill_diagonal(u, 1)
            kernel *= slope
            kernel += u
        kernel *= lengths[:, None]
        kernel *= lengths[None, :]
        return kernel
