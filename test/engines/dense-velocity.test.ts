import { describe, expect, it } from "vitest";
import { referenceEngine, type VelocityKernel, type VelocityProblem } from "../../src/engines/index.ts";
import type { ActivationSpec, DenseSpec } from "../../src/networks/index.ts";
import { deriveKey, fillNormal } from "../../src/numerics/index.ts";

interface Setting {
  readonly dimension: number;
  readonly m1: number;
  readonly m2: number;
  readonly batch: number;
  readonly activation: ActivationSpec;
  readonly clip?: number;
  readonly weighted?: boolean;
  readonly frozen?: readonly string[];
}

/** Arrays of the flat buffer, in the layout's order. */
function shapesOf({ dimension, m1, m2 }: Setting): Readonly<Record<string, number>> {
  return { w: m1 * dimension, c: m1, u: m2 * m1, e: m2, a: m2 };
}

/** Particles in an array's mean: neurons, or pairs of neurons. */
function particlesIn(name: string, { m1, m2 }: Setting): number {
  if (name === "u") return m1 * m2;
  return name === "w" || name === "c" ? m1 : m2;
}

function normals(count: number, ...labels: string[]): Float64Array {
  const values = new Float64Array(count);
  fillNormal(values, 0, count, 0, deriveKey(1, ...labels), 0, 0, 0);
  return values;
}

function setUp(setting: Setting, parts = 1) {
  const { dimension, m1, m2, batch, activation, clip = null, weighted = false, frozen = [] } = setting;
  const network: DenseSpec = {
    kind: "dense",
    dimension,
    firstLayerWidth: m1,
    secondLayerWidth: m2,
    start: "gaussian",
    activation,
  };
  const speeds = Object.fromEntries(["w", "c", "u", "e", "a"].map((name) => [name, frozen.includes(name) ? 0 : 1]));
  const problem: VelocityProblem = {
    network,
    precision: "float64",
    activation,
    batch,
    expectation: { kind: "sampled", clip },
    speeds,
  };
  const length = Object.values(shapesOf(setting)).reduce((sum, size) => sum + size, 0);
  const scratch = 64 * Math.ceil((8 * length) / 64);
  const block = referenceEngine.allocate(scratch + referenceEngine.scratchBytes(problem, parts), 1);
  new Float64Array(block.buffer, 0, Math.floor(block.buffer.byteLength / 8)).fill(Number.NaN);
  const velocity = new Float64Array(block.buffer, block.start, length);
  const memory = { block, parts, velocity, scratch: block.start + scratch };
  const particles = normals(length, "particles");
  // One neuron of each layer that is on, so that something moves however narrow the network.
  particles[m1 * dimension] = 2;
  particles[length - 2 * m2] = 3;
  const points = normals(batch * dimension, "points");
  const targets = normals(batch, "targets");
  const weights = weighted ? normals(batch, "weights").map((value) => value * value) : null;
  const kernels = Array.from({ length: parts }, () => referenceEngine.createKernel(problem, memory));
  for (const kernel of kernels) kernel.bind(particles, { points, targets, weights });
  return { particles, points, targets, weights, velocity, kernels };
}

function run(kernels: readonly VelocityKernel[]): void {
  const parts = kernels.length;
  for (let chunk = 0; chunk < kernels[0].chunks; chunk += 1) {
    for (const phase of ["forward", "residual", "backward"] as const) {
      for (let part = parts - 1; part >= 0; part -= 1) kernels[part][phase](chunk, part, parts);
    }
  }
}

/** The activation as its definition stands; fine for the moderate z of these tests. */
function sigmaOf(activation: ActivationSpec): (z: number) => number {
  switch (activation.kind) {
    case "tanh":
      return (z) => (Math.exp(2 * z) - 1) / (Math.exp(2 * z) + 1);
    case "erf":
      return errorFunctionSeries;
    case "softplus":
      return (z) => Math.log(1 + Math.exp(z));
    case "leaky-relu":
      return (z) => Math.max(z, activation.negativeSlope * z);
    default:
      return (z) => Math.max(z, 0);
  }
}

/** erf z = (2/sqrt pi) exp(-z^2) sum_n 2^n z^(2n+1) / (2n+1)!!, whose terms do not alternate. */
function errorFunctionSeries(z: number): number {
  let term = z;
  let sum = 0;
  for (let n = 0; Math.abs(term) > 1e-18 * Math.abs(sum); n += 1) {
    sum += term;
    term *= (2 * z * z) / (2 * n + 3);
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-z * z) * sum;
}

/** y(x) as the formula stands, with none of the engine's or the network's code. */
function output({ dimension: d, m1, m2, activation }: Setting, buffer: Float64Array, x: Float64Array): number {
  const sigma = sigmaOf(activation);
  const c = m1 * d;
  const u = c + m1;
  const e = u + m1 * m2;
  const a = e + m2;
  let y = 0;
  for (let j = 0; j < m2; j += 1) {
    let inner = 0;
    for (let i = 0; i < m1; i += 1) {
      let z = buffer[c + i];
      for (let k = 0; k < d; k += 1) z += buffer[i * d + k] * x[k];
      inner += buffer[u + j * m1 + i] * sigma(z);
    }
    y += buffer[a + j] * sigma(inner / m1 + buffer[e + j]);
  }
  return y / m2;
}

/** y at all samples of the batch. */
function outputs(setting: Setting, { points, particles }: ReturnType<typeof setUp>): Float64Array {
  const { dimension } = setting;
  return Float64Array.from({ length: setting.batch }, (_, s) =>
    output(setting, particles, points.subarray(s * dimension, (s + 1) * dimension)),
  );
}

/** The loss of the outputs `up` minus that of `down`, sample by sample, so that the rounding of a whole loss does not enter. */
function lossDifference({ targets, weights }: ReturnType<typeof setUp>, up: Float64Array, down: Float64Array): number {
  return up.reduce((sum, y, s) => {
    const weight = weights?.[s] ?? 1 / up.length;
    return sum + 0.5 * weight * (y - down[s]) * (y + down[s] - 2 * targets[s]);
  }, 0);
}

const relu: ActivationSpec = { kind: "relu" };
const leakyRelu: ActivationSpec = { kind: "leaky-relu", negativeSlope: 0.3 };
const tanh: ActivationSpec = { kind: "tanh" };
const erf: ActivationSpec = { kind: "erf" };
const softplus: ActivationSpec = { kind: "softplus" };
const smooth: readonly ActivationSpec[] = [tanh, erf, softplus];
const everyActivation = [relu, leakyRelu, ...smooth];

const sizes: readonly Pick<Setting, "dimension" | "m1" | "m2" | "batch">[] = [
  { dimension: 1, m1: 1, m2: 1, batch: 6 },
  { dimension: 3, m1: 4, m2: 3, batch: 1 },
  { dimension: 1, m1: 3, m2: 2, batch: 5 },
  { dimension: 2, m1: 1, m2: 5, batch: 9 },
  { dimension: 3, m1: 7, m2: 1, batch: 8 },
  { dimension: 5, m1: 9, m2: 11, batch: 33 },
  { dimension: 2, m1: 65, m2: 3, batch: 131 },
  { dimension: 7, m1: 5, m2: 67, batch: 129 },
];

describe("the velocity of the dense network", () => {
  it.each(
    sizes.flatMap((size) =>
      everyActivation.flatMap((activation) => [false, true].map((weighted) => ({ ...size, activation, weighted }))),
    ),
  )(
    "is -m1, -m1 m2 or -m2 times the derivative of the loss at every particle (d=$dimension m1=$m1 m2=$m2 batch=$batch $activation.kind weighted=$weighted)",
    (setting) => {
      const built = setUp(setting);
      const { particles, velocity, kernels } = built;
      const isSmooth = smooth.includes(setting.activation);
      run(kernels);
      let offset = 0;
      for (const [name, size] of Object.entries(shapesOf(setting))) {
        const scale = Math.max(...velocity.subarray(offset, offset + size).map(Math.abs));
        expect(scale, name).toBeGreaterThan(0);
        // Of a smooth activation, whose outputs take longer, a dozen numbers of each array.
        const stride = isSmooth ? Math.ceil(size / 12) : 1;
        for (let index = offset; index < offset + size; index += stride) {
          const at = particles[index];
          const derivative = (step: number): number => {
            particles[index] = at + step;
            const up = outputs(setting, built);
            particles[index] = at - step;
            const down = outputs(setting, built);
            particles[index] = at;
            return lossDifference(built, up, down) / (2 * step);
          };
          // In each single number the loss of (leaky) ReLU is piecewise quadratic, of which a central difference has no error but rounding;
          // where it is smooth two of them, extrapolated, have an error of h^4 / 120 times the fifth derivative.
          const slope = isSmooth ? (4 * derivative(1e-3) - derivative(2e-3)) / 3 : derivative(1e-6);
          const found = velocity[index];
          const expected = -particlesIn(name, setting) * slope;
          expect(Math.abs(found - expected), `${name}[${index - offset}]`).toBeLessThan(1e-7 * scale);
        }
        offset += size;
      }
    },
  );

  it.each([
    { dimension: 3, m1: 7, m2: 5, batch: 1, activation: relu },
    { dimension: 4, m1: 66, m2: 9, batch: 20, activation: relu },
    { dimension: 3, m1: 2, m2: 130, batch: 129, activation: leakyRelu },
    { dimension: 2, m1: 65, m2: 1, batch: 300, activation: leakyRelu, clip: 0.4, weighted: true },
    { dimension: 2, m1: 1, m2: 64, batch: 300, activation: relu, clip: 0.4 },
    { dimension: 4, m1: 66, m2: 9, batch: 20, activation: tanh },
    { dimension: 2, m1: 65, m2: 1, batch: 300, activation: softplus, clip: 0.4, weighted: true },
    { dimension: 2, m1: 1, m2: 64, batch: 129, activation: erf, clip: 0.4 },
  ])("has the same bits on 1 to 5 parts (m1=$m1 m2=$m2 batch=$batch $activation.kind)", (setting) => {
    const alone = setUp(setting);
    run(alone.kernels);
    expect(alone.velocity.every(Number.isFinite)).toBe(true);
    for (const parts of [2, 3, 4, 5]) {
      const cut = setUp(setting, parts);
      run(cut.kernels);
      expect(cut.velocity).toEqual(alone.velocity);
      const owned = new Uint8Array(cut.velocity.length);
      cut.kernels.forEach((kernel, part) => {
        for (const [start, end] of kernel.owned(part, parts)) {
          for (let index = start; index < end; index += 1) owned[index] += 1;
        }
      });
      expect(owned.every((owners) => owners === 1)).toBe(true);
    }
  });

  it.each([
    [20, leakyRelu],
    [150, leakyRelu],
    [20, tanh],
    [150, tanh],
  ])(
    "does not mind a thread that is already in the next forward phase while another is still in backward (%d samples, $1.kind)",
    (batch, activation) => {
      const setting = { dimension: 3, m1: 9, m2: 7, batch, activation };
      const steps = 3;
      const alone = setUp(setting);
      for (let step = 0; step < steps; step += 1) {
        run(alone.kernels);
        alone.kernels[0].move(0.5, 0, 1);
      }
      for (const ahead of [0, 1]) {
        const pair = setUp(setting, 2);
        const { kernels } = pair;
        const { chunks } = kernels[0];
        for (const part of [0, 1]) kernels[part].forward(0, part, 2);
        for (let turn = 0; turn < steps * chunks; turn += 1) {
          const chunk = turn % chunks;
          for (const part of [0, 1]) kernels[part].residual(chunk, part, 2);
          for (const part of [ahead, 1 - ahead]) {
            kernels[part].backward(chunk, part, 2);
            if (chunk === chunks - 1) kernels[part].move(0.5, part, 2);
            if (turn + 1 < steps * chunks) kernels[part].forward((turn + 1) % chunks, part, 2);
          }
        }
        expect(pair.particles).toEqual(alone.particles);
      }
    },
  );

  it.each([
    [0.05, relu],
    [2, relu],
    ...[leakyRelu, ...smooth].map((activation) => [2, activation] as const),
    [1e9, leakyRelu],
    [1e9, tanh],
  ] as const)(
    "with clipping at %d ($1.kind) is the sum of the single samples' velocities, each scaled to that norm",
    (clip, activation) => {
      const batch = 23;
      const sized = { dimension: 3, m1: 9, m2: 5, activation, batch };
      const all = setUp({ ...sized, clip, weighted: true });
      run(all.kernels);
      const sum = new Float64Array(all.velocity.length);
      let clipped = 0;
      for (let s = 0; s < batch; s += 1) {
        const setting = { ...sized, batch: 1 };
        const single = setUp(setting);
        single.points.set(all.points.subarray(3 * s, 3 * s + 3));
        single.targets[0] = all.targets[s];
        run(single.kernels);
        let square = 0;
        let offset = 0;
        for (const [name, size] of Object.entries(shapesOf(setting))) {
          for (let index = offset; index < offset + size; index += 1)
            square += single.velocity[index] ** 2 / particlesIn(name, setting);
          offset += size;
        }
        const factor = Math.min(1, clip / Math.sqrt(square));
        if (factor < 1) clipped += 1;
        for (let index = 0; index < sum.length; index += 1)
          sum[index] += (all.weights?.[s] ?? Number.NaN) * factor * single.velocity[index];
      }
      expect(clipped > 0).toBe(clip < 10);
      if (clip === 2) expect(clipped).toBeLessThan(batch);
      const scale = Math.max(...sum.map(Math.abs));
      for (let index = 0; index < sum.length; index += 1)
        expect(Math.abs(all.velocity[index] - sum[index])).toBeLessThan(1e-13 * scale);
    },
  );

  it.each([leakyRelu, tanh])(
    "is exactly 0 where an array is frozen, and elsewhere what it was ($kind)",
    (activation) => {
      const setting = { dimension: 3, m1: 9, m2: 5, batch: 20, activation };
      const moving = setUp(setting);
      run(moving.kernels);
      for (const frozen of [["w", "c"], ["u", "e"], ["a"]]) {
        const held = setUp({ ...setting, frozen });
        run(held.kernels);
        let offset = 0;
        for (const [name, size] of Object.entries(shapesOf(setting))) {
          const own = held.velocity.subarray(offset, offset + size);
          if (frozen.includes(name)) expect(own.every((value) => value === 0)).toBe(true);
          else expect(own).toEqual(moving.velocity.subarray(offset, offset + size));
          offset += size;
        }
      }
    },
  );

  it("is balanced on every batch: w.w' + c c' = mean_j U U' for each i, and a a' = e e' + mean_i U U' for each j", () => {
    const setting = { dimension: 4, m1: 6, m2: 7, batch: 40, activation: leakyRelu, weighted: true };
    const { particles: p, velocity: v, kernels } = setUp(setting);
    run(kernels);
    const { dimension: d, m1, m2 } = setting;
    const [c, u] = [m1 * d, m1 * d + m1];
    const [e, a] = [u + m1 * m2, u + m1 * m2 + m2];
    for (let i = 0; i < m1; i += 1) {
      let own = p[c + i] * v[c + i];
      for (let k = 0; k < d; k += 1) own += p[i * d + k] * v[i * d + k];
      let middle = 0;
      for (let j = 0; j < m2; j += 1) middle += (p[u + j * m1 + i] * v[u + j * m1 + i]) / m2;
      expect(own).toBeCloseTo(middle, 12);
    }
    for (let j = 0; j < m2; j += 1) {
      let middle = p[e + j] * v[e + j];
      for (let i = 0; i < m1; i += 1) middle += (p[u + j * m1 + i] * v[u + j * m1 + i]) / m1;
      expect(p[a + j] * v[a + j]).toBeCloseTo(middle, 12);
    }
  });

  it.each(everyActivation)("is not finite where a particle is not ($kind)", (activation) => {
    for (const bad of [Number.NaN, Infinity]) {
      const { particles, velocity, kernels } = setUp({ dimension: 2, m1: 5, m2: 3, batch: 10, activation });
      for (const index of [0, 11, 16, 31, 34]) particles[index] = bad;
      run(kernels);
      expect(velocity.every(Number.isFinite)).toBe(false);
    }
  });
});
