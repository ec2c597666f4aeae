import type { Work } from "../work.ts";

/**
 * The step as one writes it in TypeScript without a library: typed arrays and loops. `straightforward` has one loop an index;
 * `blocked` takes four points at a time through each neuron, so that a weight is read once for four multiplications.
 */
export type LoopForm = "straightforward" | "blocked";

type Reals = Float32Array | Float64Array;

/** Particle arrays by their names in the theory notes, row by row. */
export type PlainParticles = Readonly<Record<string, Reals>>;

export interface PlainStep {
  readonly particles: PlainParticles;
  advance(steps: number): void;
}

/** The step of `work` on x (batch x dimension) and y, from copies of `particles`. */
export function plainStep(
  work: Work,
  form: LoopForm,
  particles: Readonly<Record<string, ArrayLike<number>>>,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  stepSize: number,
): PlainStep {
  const reals = (values: ArrayLike<number>): Reals =>
    work.precision === "f32" ? Float32Array.from(values) : Float64Array.from(values);
  const own = Object.fromEntries(Object.entries(particles).map(([name, values]) => [name, reals(values)]));
  const points = reals(x);
  const targets = reals(y);
  const steps = { "two-layer": twoLayerStep, bottleneck: bottleneckStep, dense: denseStep };
  const step = steps[work.work](work, form === "blocked" ? blockedLayer : straightforwardLayer, own, points, targets);
  return {
    particles: own,
    advance(count) {
      for (let number = 0; number < count; number += 1) step(stepSize);
    },
  };
}

/** z_si = w_i.x_s + c_i (c null for none), and G_i = sum_s g_si x_s. */
interface LayerLoops {
  forward(w: Reals, c: Reals | null, x: Reals, z: Reals, rows: number, width: number, dimension: number): void;
  backward(g: Reals, x: Reals, out: Reals, rows: number, width: number, dimension: number): void;
}

const straightforwardLayer: LayerLoops = {
  forward(w, c, x, z, rows, width, dimension) {
    for (let s = 0; s < rows; s += 1) {
      for (let i = 0; i < width; i += 1) {
        let sum = c === null ? 0 : c[i];
        for (let k = 0; k < dimension; k += 1) sum += w[i * dimension + k] * x[s * dimension + k];
        z[s * width + i] = sum;
      }
    }
  },
  backward(g, x, out, rows, width, dimension) {
    out.fill(0);
    for (let s = 0; s < rows; s += 1) {
      for (let i = 0; i < width; i += 1) {
        const factor = g[s * width + i];
        if (factor === 0) continue;
        for (let k = 0; k < dimension; k += 1) out[i * dimension + k] += factor * x[s * dimension + k];
      }
    }
  },
};

const blockedLayer: LayerLoops = {
  forward(w, c, x, z, rows, width, dimension) {
    const whole = rows - (rows % 4);
    for (let s = 0; s < whole; s += 4) {
      const x0 = s * dimension;
      const x1 = x0 + dimension;
      const x2 = x1 + dimension;
      const x3 = x2 + dimension;
      for (let i = 0; i < width; i += 1) {
        const row = i * dimension;
        const offset = c === null ? 0 : c[i];
        let z0 = offset;
        let z1 = offset;
        let z2 = offset;
        let z3 = offset;
        for (let k = 0; k < dimension; k += 1) {
          const weight = w[row + k];
          z0 += weight * x[x0 + k];
          z1 += weight * x[x1 + k];
          z2 += weight * x[x2 + k];
          z3 += weight * x[x3 + k];
        }
        const at = s * width + i;
        z[at] = z0;
        z[at + width] = z1;
        z[at + 2 * width] = z2;
        z[at + 3 * width] = z3;
      }
    }
    const tail = rows - whole;
    const rest = whole * dimension;
    straightforwardLayer.forward(w, c, x.subarray(rest), z.subarray(whole * width), tail, width, dimension);
  },
  backward(g, x, out, rows, width, dimension) {
    out.fill(0);
    const whole = rows - (rows % 4);
    for (let s = 0; s < whole; s += 4) {
      const x0 = s * dimension;
      const x1 = x0 + dimension;
      const x2 = x1 + dimension;
      const x3 = x2 + dimension;
      for (let i = 0; i < width; i += 1) {
        const at = s * width + i;
        const g0 = g[at];
        const g1 = g[at + width];
        const g2 = g[at + 2 * width];
        const g3 = g[at + 3 * width];
        const row = i * dimension;
        for (let k = 0; k < dimension; k += 1) {
          out[row + k] += g0 * x[x0 + k] + g1 * x[x1 + k] + g2 * x[x2 + k] + g3 * x[x3 + k];
        }
      }
    }
    for (let s = whole; s < rows; s += 1) {
      for (let i = 0; i < width; i += 1) {
        const factor = g[s * width + i];
        if (factor === 0) continue;
        for (let k = 0; k < dimension; k += 1) out[i * dimension + k] += factor * x[s * dimension + k];
      }
    }
  },
};

type Step = (stepSize: number) => void;

/** New arrays of the precision of `like`. */
function maker(like: Reals): (length: number) => Reals {
  return like instanceof Float32Array ? (length) => new Float32Array(length) : (length) => new Float64Array(length);
}

function twoLayerStep(work: Work, layer: LayerLoops, particles: PlainParticles, x: Reals, y: Reals): Step {
  const { batch, dimension, width } = work;
  const { w, b, a } = particles;
  const make = maker(x);
  const z = make(batch * width);
  const gradient = make(width * dimension);
  const gradientB = make(width);
  const gradientA = make(width);
  return (stepSize) => {
    layer.forward(w, b, x, z, batch, width, dimension);
    gradientB.fill(0);
    gradientA.fill(0);
    for (let s = 0; s < batch; s += 1) {
      let sum = 0;
      const row = s * width;
      for (let i = 0; i < width; i += 1) if (z[row + i] > 0) sum += a[i] * z[row + i];
      const residual = (sum / width - y[s]) / batch;
      for (let i = 0; i < width; i += 1) {
        if (z[row + i] > 0) {
          gradientA[i] += residual * z[row + i];
          gradientB[i] += residual;
          z[row + i] = residual;
        } else z[row + i] = 0;
      }
    }
    layer.backward(z, x, gradient, batch, width, dimension);
    for (let i = 0; i < width; i += 1) {
      for (let k = i * dimension; k < (i + 1) * dimension; k += 1) w[k] -= stepSize * a[i] * gradient[k];
      b[i] -= stepSize * a[i] * gradientB[i];
      a[i] -= stepSize * gradientA[i];
    }
  };
}

function bottleneckStep(work: Work, layer: LayerLoops, particles: PlainParticles, x: Reals, y: Reals): Step {
  const { batch, dimension, width, secondWidth } = work;
  const { w, v, b, a } = particles;
  const make = maker(x);
  const z = make(batch * width);
  const norms = make(width);
  const gradient = make(width * dimension);
  const gradientV = make(secondWidth);
  const gradientB = make(secondWidth);
  return (stepSize) => {
    for (let i = 0; i < width; i += 1) {
      let square = 0;
      for (let k = i * dimension; k < (i + 1) * dimension; k += 1) square += w[k] * w[k];
      norms[i] = Math.sqrt(square);
    }
    layer.forward(w, null, x, z, batch, width, dimension);
    gradientV.fill(0);
    gradientB.fill(0);
    for (let s = 0; s < batch; s += 1) {
      const row = s * width;
      let bottle = 0;
      for (let i = 0; i < width; i += 1) if (z[row + i] > 0) bottle += norms[i] * z[row + i];
      bottle /= width;
      let sum = 0;
      let slope = 0;
      for (let j = 0; j < secondWidth; j += 1) {
        const q = v[j] * bottle + b[j];
        if (q > 0) {
          sum += a[j] * q;
          slope += a[j] * v[j];
        }
      }
      const residual = (sum / secondWidth - y[s]) / batch;
      for (let j = 0; j < secondWidth; j += 1) {
        if (v[j] * bottle + b[j] > 0) {
          gradientV[j] += residual * bottle * a[j];
          gradientB[j] += residual * a[j];
        }
      }
      const factor = (residual * slope) / secondWidth;
      for (let i = 0; i < width; i += 1) z[row + i] = z[row + i] > 0 ? factor : 0;
    }
    layer.backward(z, x, gradient, batch, width, dimension);
    for (let i = 0; i < width; i += 1) {
      let along = 0;
      for (let k = i * dimension; k < (i + 1) * dimension; k += 1) along += w[k] * gradient[k];
      along /= norms[i];
      for (let k = i * dimension; k < (i + 1) * dimension; k += 1) {
        w[k] -= stepSize * (w[k] * along + norms[i] * gradient[k]);
      }
    }
    for (let j = 0; j < secondWidth; j += 1) {
      v[j] -= stepSize * gradientV[j];
      b[j] -= stepSize * gradientB[j];
    }
  };
}

function denseStep(work: Work, layer: LayerLoops, particles: PlainParticles, x: Reals, y: Reals): Step {
  const { batch, dimension, width, secondWidth } = work;
  const { w, c, u, e, a } = particles;
  const make = maker(x);
  const hidden = make(batch * width);
  const second = make(batch * secondWidth);
  const back = make(batch * width);
  const gradient = make(width * dimension);
  const gradientC = make(width);
  const gradientU = make(secondWidth * width);
  const gradientE = make(secondWidth);
  const gradientA = make(secondWidth);
  return (stepSize) => {
    layer.forward(w, c, x, hidden, batch, width, dimension);
    for (let at = 0; at < hidden.length; at += 1) if (!(hidden[at] > 0)) hidden[at] = 0;
    layer.forward(u, null, hidden, second, batch, secondWidth, width);
    gradientE.fill(0);
    gradientA.fill(0);
    for (let s = 0; s < batch; s += 1) {
      const row = s * secondWidth;
      let sum = 0;
      for (let j = 0; j < secondWidth; j += 1) {
        const q = second[row + j] / width + e[j];
        second[row + j] = q > 0 ? q : 0;
        if (q > 0) sum += a[j] * q;
      }
      const residual = (sum / secondWidth - y[s]) / batch;
      for (let j = 0; j < secondWidth; j += 1) {
        gradientA[j] += residual * second[row + j];
        second[row + j] = second[row + j] > 0 ? residual * a[j] : 0;
        gradientE[j] += second[row + j];
      }
    }
    back.fill(0);
    for (let s = 0; s < batch; s += 1) {
      for (let j = 0; j < secondWidth; j += 1) {
        const delta = second[s * secondWidth + j];
        if (delta === 0) continue;
        for (let i = 0; i < width; i += 1) back[s * width + i] += delta * u[j * width + i];
      }
    }
    layer.backward(second, hidden, gradientU, batch, secondWidth, width);
    gradientC.fill(0);
    for (let s = 0; s < batch; s += 1) {
      for (let i = 0; i < width; i += 1) {
        if (!(hidden[s * width + i] > 0)) back[s * width + i] = 0;
        gradientC[i] += back[s * width + i];
      }
    }
    layer.backward(back, x, gradient, batch, width, dimension);
    for (let at = 0; at < w.length; at += 1) w[at] -= (stepSize / secondWidth) * gradient[at];
    for (let i = 0; i < width; i += 1) c[i] -= (stepSize / secondWidth) * gradientC[i];
    for (let at = 0; at < u.length; at += 1) u[at] -= stepSize * gradientU[at];
    for (let j = 0; j < secondWidth; j += 1) {
      e[j] -= stepSize * gradientE[j];
      a[j] -= stepSize * gradientA[j];
    }
  };
}
