import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deepJobFields, deepLayerFields } from "../../src/engines/compiled/deep.ts";
import { type DeepMemory, type DeepProblem, layDeepMemory } from "../../src/engines/deep.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { kernelSources, referenceEngine } from "../../src/engines/index.ts";
import { exponential, exponentialCoefficients } from "../../src/engines/reference/exponential.ts";
import { deriveKey, fillNormal, fillUniform } from "../../src/numerics/random/index.ts";
import { compiledEngines } from "./installed.ts";

const engines = compiledEngines();
const base: DeepProblem = {
  sizes: [5, 19, 33, 3],
  biases: true,
  loss: "cross-entropy",
  precision: "float64",
  batchSize: 12,
  hasMomentum: false,
  examples: 41,
  points: 30,
};
/** Sizes beside, at and beyond whole registers and tiles, one neuron, one output, rows of 1 KB. */
const problems: readonly (DeepProblem & { readonly title: string })[] = [
  { ...base, title: "three layers of weights, the last batch with 5 of 12" },
  { ...base, loss: "square", hasMomentum: true, title: "square loss and momentum" },
  { ...base, biases: false, sizes: [16, 64, 16, 2], batchSize: 41, title: "no biases, whole registers, one batch" },
  { ...base, sizes: [3, 1, 7, 1], loss: "square", batchSize: 1, title: "one neuron, one output, single examples" },
  {
    ...base,
    sizes: [20, 128, 130, 2],
    hasMomentum: true,
    batchSize: 50,
    title: "rows of 1 KB, a batch larger than the set",
  },
];

/** A memory with random examples and parameters. */
function prepare(engine: Engine, problem: DeepProblem): DeepMemory {
  const memory = layDeepMemory(problem, (bytes) => engine.allocate(bytes, 1));
  const normals = (into: DeepMemory["inputs"], label: string, factor = 1) => {
    const draws = new Float64Array(into.length);
    fillNormal(draws, 0, draws.length, 0, deriveKey(3, label), 0, 0, 0);
    into.set(draws.map((draw) => factor * draw));
  };
  normals(memory.inputs, "inputs");
  normals(memory.targets, "targets");
  normals(memory.points, "points");
  const draws = new Float64Array(problem.examples);
  fillUniform(draws, 0, draws.length, 0, deriveKey(3, "labels"), 0, 0, 0);
  const outputs = problem.sizes[problem.sizes.length - 1];
  if (memory.labels.length > 0) memory.labels.set(draws.map((draw) => Math.floor(outputs * draw)));
  memory.order.set(Uint32Array.from(draws, (_, index) => index).sort((left, right) => draws[left] - draws[right]));
  for (const [index, layer] of memory.layers.entries()) {
    const rows = new Float64Array(layer.inputs * layer.outputs);
    normals(rows, `weights ${index}`, Math.sqrt(2 / layer.inputs));
    for (let k = 0; k < layer.inputs; k += 1) {
      layer.weights.set(rows.subarray(k * layer.outputs, (k + 1) * layer.outputs), k * layer.stride);
    }
    if (problem.biases) {
      const biases = new Float64Array(layer.outputs);
      normals(biases, `biases ${index}`, 0.3);
      layer.biases.set(biases);
    }
  }
  return memory;
}

/** Losses of three epochs, parameters after them, and values at the points. */
function trained(engine: Engine, problem: DeepProblem) {
  const memory = prepare(engine, problem);
  const kernels = engine.deep(memory);
  const losses = [1, 2, 3].map(() => kernels.train(problem.examples, 0.11, problem.hasMomentum ? 0.7 : 0));
  kernels.values(problem.points);
  const parameters = memory.layers.map(({ weights, biases }) => [Array.from(weights), Array.from(biases)]);
  return { losses, values: Array.from(memory.values), parameters };
}

describe.each(problems)("$title", ({ title: _title, ...problem }) => {
  const plain = engines.filter(({ arithmetic }) => arithmetic === "plain");

  it.each(plain)("$title in plain arithmetic gives the bits of TypeScript", ({ engine }) => {
    expect(trained(engine, problem)).toEqual(trained(referenceEngine, problem));
  });

  it.each(["float64", "float32"] as const)(
    "all compiled engines of one arithmetic give the same bits in %s",
    (precision) => {
      for (const arithmetic of ["plain", "fused"]) {
        const [first, ...others] = engines.filter((each) => each.arithmetic === arithmetic);
        for (const { title, engine } of others) {
          expect(trained(engine, { ...problem, precision }), title).toEqual(
            trained(first.engine, { ...problem, precision }),
          );
        }
      }
    },
  );

  it("fused arithmetic and float32 change no more than roundings", () => {
    const exact = trained(referenceEngine, problem);
    for (const { engine, arithmetic } of engines) {
      for (const [precision, tolerance] of [
        ["float64", 1e-11],
        ["float32", 2e-4],
      ] as const) {
        if (precision === "float64" && arithmetic === "plain") continue;
        const near = trained(engine, { ...problem, precision });
        for (const [index, value] of exact.values.entries()) {
          expect(Math.abs(near.values[index] - value)).toBeLessThan(tolerance * (1 + Math.abs(value)));
        }
      }
    }
  });

  it("a step in TypeScript is the step of the formulas, written without any order of sums", () => {
    const one = { ...problem, examples: 9, batchSize: 9, hasMomentum: false };
    const memory = prepare(referenceEngine, one);
    const expected = oneStep(memory, 0.11);
    const loss = referenceEngine.deep(memory).train(9, 0.11, 0);
    expect(loss).toBeCloseTo(expected.loss, 11);
    for (const [index, { inputs, outputs, stride, weights, biases }] of memory.layers.entries()) {
      for (let j = 0; j < outputs; j += 1) {
        expect(biases[j]).toBeCloseTo(expected.layers[index].b[j], 12);
        for (let k = 0; k < inputs; k += 1) {
          expect(weights[k * stride + j]).toBeCloseTo(expected.layers[index].w[j][k], 12);
        }
      }
    }
  });
});

/** One step of plain gradient descent on all examples, by lists and Math.exp. */
function oneStep({ problem, layers, inputs, labels, targets }: DeepMemory, learningRate: number) {
  const parameters = layers.map(({ inputs: n, outputs, stride, weights, biases }) => ({
    w: Array.from({ length: outputs }, (_, j) => Array.from({ length: n }, (_, k) => weights[k * stride + j])),
    b: Array.from(biases.subarray(0, outputs)),
  }));
  const gradients = parameters.map(({ w, b }) => ({ w: w.map((row) => row.map(() => 0)), b: b.map(() => 0) }));
  const dimension = problem.sizes[0];
  let total = 0;
  for (let s = 0; s < problem.examples; s += 1) {
    const activations = [Array.from(inputs.subarray(s * dimension, (s + 1) * dimension))];
    for (const [index, { w, b }] of parameters.entries()) {
      const z = w.map((row, j) => row.reduce((sum, weight, k) => sum + weight * activations[index][k], b[j]));
      activations.push(index === parameters.length - 1 ? z : z.map((value) => Math.max(0, value)));
    }
    const f = activations[parameters.length];
    let signal: number[];
    if (problem.loss === "square") {
      signal = f.map((value, c) => value - targets[s * f.length + c]);
      total += signal.reduce((sum, residual) => sum + residual ** 2 / 2, 0);
    } else {
      const powers = f.map((value) => Math.exp(value));
      const sum = powers.reduce((left, right) => left + right, 0);
      total -= Math.log(powers[labels[s]] / sum);
      signal = powers.map((power, c) => power / sum - (c === labels[s] ? 1 : 0));
    }
    for (let index = parameters.length - 1; index >= 0; index -= 1) {
      const below = activations[index];
      for (const [j, value] of signal.entries()) {
        gradients[index].b[j] += value;
        for (const [k, activation] of below.entries()) gradients[index].w[j][k] += value * activation;
      }
      const upper = signal;
      signal = below.map((activation, k) =>
        activation > 0 ? upper.reduce((sum, value, j) => sum + value * parameters[index].w[j][k], 0) : 0,
      );
    }
  }
  const rate = learningRate / problem.examples;
  const moved = parameters.map(({ w, b }, index) => ({
    w: w.map((row, j) => row.map((weight, k) => weight - rate * gradients[index].w[j][k])),
    b: b.map((bias, j) => (problem.biases ? bias - rate * gradients[index].b[j] : bias)),
  }));
  return { loss: total, layers: moved };
}

describe("the exponential", () => {
  it("has the coefficients of the kernels", () => {
    const header = readFileSync(join(kernelSources().kernelFolder, "activation-coefficients.h"), "utf8");
    const list = /static constexpr double exponential\[\] = \{(.*?)\}/.exec(header)?.[1] ?? "";
    expect(list.split(",").map(Number)).toEqual([...exponentialCoefficients]);
  });

  it("is e^y within 4 units of the last place, and 0 far below", () => {
    for (let y = 0; y > -700; y -= 0.37) {
      expect(Math.abs(exponential(y) / Math.exp(y) - 1)).toBeLessThan(4 * 2 ** -52);
    }
    expect(exponential(0)).toBe(1);
    expect(exponential(-709)).toBe(0);
  });
});

it("records of deep networks have the fields of the kernels' structs, in their order", () => {
  const header = readFileSync(join(kernelSources().kernelFolder, "deep.h"), "utf8");
  const fieldsOf = (struct: string) => {
    const body = new RegExp(`^struct ${struct} \\{\\n(.*?)^\\};`, "ms").exec(header)?.[1] ?? "";
    return [...body.matchAll(/^ {2}double ([\w, ]+);$/gm)].flatMap((match) => match[1].split(", "));
  };
  expect(fieldsOf("DeepJob")).toEqual([...deepJobFields]);
  expect(fieldsOf("DeepLayer")).toEqual([...deepLayerFields]);
});
