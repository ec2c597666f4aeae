import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/engines/engine.ts";
import { referenceEngine } from "../../src/engines/index.ts";
import { type MatrixKernels, matrixRecordLength, packedLength } from "../../src/engines/matrices.ts";
import { arcCosineLayerCoefficients } from "../../src/networks/index.ts";
import { deriveKey, fillNormal } from "../../src/numerics/index.ts";
import { compiledEngines } from "./installed.ts";

function normals(count: number, label: string): Float64Array {
  const values = new Float64Array(count);
  fillNormal(values, 0, count, 0, deriveKey("matrices", label), 0, 0, 0);
  return values;
}

/** Memory of an engine with its kernels. */
interface Desk {
  readonly kernels: MatrixKernels;
  copy(values: Float64Array): Float64Array;
}

function deskOf(engine: Engine, doubles: number): Desk {
  const block = engine.allocate(8 * (doubles + matrixRecordLength + 200), 1);
  let end = block.start;
  const copy = (values: Float64Array): Float64Array => {
    const own = new Float64Array(block.buffer, end, values.length);
    own.set(values);
    end += 64 * Math.ceil((8 * values.length) / 64);
    return own;
  };
  const record = copy(new Float64Array(matrixRecordLength));
  return { kernels: engine.matrices(block, record, 0), copy };
}

/** A B^T on an engine, added to or subtracted from `start`. */
function product(
  engine: Engine,
  [rows, columns, inner]: readonly number[],
  mode: "write" | "add" | "subtract",
  diagonal?: number,
): Float64Array {
  const [a, b] = [normals(rows * inner, "a"), normals(columns * inner, "b")];
  const stride = columns + 3;
  const [left, right] = [packedLength(rows, inner), packedLength(columns, inner)];
  const desk = deskOf(engine, a.length + b.length + left + right + rows * stride);
  const packed = [
    [a, rows, left],
    [b, columns, right],
  ].map(([values, count, length]) => {
    const out = desk.copy(new Float64Array(length as number).fill(7));
    const own = desk.copy(values as Float64Array);
    desk.kernels.pack({ rows: own, stride: inner, count: count as number, inner, packed: out });
    return out;
  });
  const out = desk.copy(normals(rows * stride, "out"));
  desk.kernels.multiply({
    left: packed[0],
    right: packed[1],
    inner,
    rows,
    columns,
    out,
    stride,
    mode,
    ...(diagonal === undefined ? {} : { diagonal }),
  });
  return out;
}

/** The factor of a positive definite matrix in one block on the diagonal, and rows solved with it. */
function factored(engine: Engine, order: number, rows: number): Float64Array {
  const features = normals(order * (order + 8), "features");
  const matrix = new Float64Array(order * order);
  for (let i = 0; i < order; i += 1) {
    for (let j = 0; j < order; j += 1) {
      let sum = i === j ? 0.5 : 0;
      for (let k = 0; k < order + 8; k += 1) sum += features[i * (order + 8) + k] * features[j * (order + 8) + k];
      matrix[i * order + j] = sum / order;
    }
  }
  const right = normals(rows * order, "right");
  const packedSize = packedLength(order, order);
  const desk = deskOf(engine, matrix.length + right.length + 2 * packedSize + 40 * order + 200);
  const own = desk.copy(matrix);
  const packed = desk.copy(new Float64Array(packedSize));
  const scratch = desk.copy(new Float64Array(packedSize + 16 * order));
  expect(desk.kernels.factorDiagonal({ matrix: own, stride: order, order, packed, scratch })).toBeNull();
  const solved = desk.copy(right);
  desk.kernels.solveRows({ factor: packed, order, rows: solved, stride: order, count: rows, scratch });
  const vector = desk.copy(right.slice(0, order));
  desk.kernels.forwardSolve({ size: order, matrix: own, stride: order, vector });
  const there = vector.slice();
  desk.kernels.backwardSolve({ size: order, matrix: own, stride: order, vector });
  const back = vector.slice();
  const diagonal = desk.copy(Float64Array.from({ length: order }, (_, i) => matrix[i * order + i]));
  const [out, room] = [desk.copy(new Float64Array(order)), desk.copy(new Float64Array(order))];
  desk.kernels.symmetricProduct({ size: order, matrix: own, stride: order, diagonal, vector, out, scratch: room });
  const fromUpper = out.slice();
  desk.kernels.lowerProduct({ size: order, matrix: own, stride: order, vector, out, scratch: room });
  return Float64Array.of(...own, ...solved, ...there, ...back, ...fromUpper, ...out);
}

/** Products of a vector with a symmetric matrix, from either triangle. */
function vectorProducts(engine: Engine, size: number): Float64Array {
  const matrix = normals(size * size, "symmetric");
  const desk = deskOf(engine, matrix.length + 5 * size + 100);
  const own = desk.copy(matrix);
  const vector = desk.copy(normals(size, "vector"));
  const diagonal = desk.copy(Float64Array.from({ length: size }, (_, i) => matrix[i * size + i]));
  const [upper, lower, scratch] = [0, 1, 2].map(() => desk.copy(new Float64Array(size)));
  desk.kernels.symmetricProduct({ size, matrix: own, stride: size, diagonal, vector, out: upper, scratch });
  desk.kernels.lowerProduct({ size, matrix: own, stride: size, vector, out: lower, scratch });
  return Float64Array.of(...upper, ...lower);
}

/** The kernel of layers at correlations that reach to both ends. */
function layered(engine: Engine, bias: number, negativeSlope: number, isTangent: boolean): Float64Array {
  const [rows, columns, layers] = [5, 48, 3];
  const values = Float64Array.from({ length: rows * columns }, (_, at) =>
    Math.cos((Math.PI * at) / (rows * columns - 1)),
  );
  const maps = Float64Array.of(1, bias, 0.3, 2, bias, 0.2, 2, 0, 0.7, 1, 0, 0.01);
  const roots = (count: number) => Float64Array.from({ length: layers * count }, (_, at) => 1 + (at % 3) / 8);
  const desk = deskOf(engine, 4000);
  const own = desk.copy(values);
  const [rowRoots, columnRoots] = [roots(rows), roots(columns)];
  desk.kernels.arcCosineLayers({
    values: own,
    rows,
    columns,
    stride: columns,
    isTangent,
    layers,
    maps: desk.copy(maps),
    negativeSlope,
    rowRoots: desk.copy(rowRoots),
    rowInverses: desk.copy(rowRoots.map((value) => 1 / value)),
    columnRoots: desk.copy(columnRoots),
    columnInverses: desk.copy(columnRoots.map((value) => 1 / value)),
    coefficients: desk.copy(arcCosineLayerCoefficients),
  });
  return own;
}

const bits = (values: Float64Array): Buffer => Buffer.from(values.slice().buffer);

/** Largest difference relative to the largest number. */
function difference(got: Float64Array, expected: Float64Array): number {
  const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return got.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at])), 0) / size;
}

/** Rows, columns and inner indices that fill tiles and blocks, or do not. */
const shapes = [
  [1, 1, 1],
  [8, 16, 64],
  [17, 33, 65],
  [70, 50, 130],
  [128, 96, 300],
] as const;

describe.each(compiledEngines())("matrices on $title, $arithmetic", ({ engine, arithmetic }) => {
  /** The bits of TypeScript in plain arithmetic, and its numbers to rounding in fused. */
  const agree = (work: (engine: Engine) => Float64Array): void => {
    const [got, expected] = [work(engine), work(referenceEngine)];
    if (arithmetic === "plain") expect(bits(got).equals(bits(expected))).toBe(true);
    else expect(difference(got, expected)).toBeLessThan(1e-12);
  };

  it.each(shapes)("multiply %i x %i, %i inner indices, as TypeScript does", (...shape) => {
    agree((on) => product(on, shape, "write"));
    agree((on) => product(on, shape, "subtract"));
    agree((on) => product(on, shape, "add", 5));
    agree((on) => product(on, shape, "add", -7));
  });

  it.each([1, 7, 16, 64, 65, 130, 256])("factor a block of order %i and solve with it as TypeScript does", (order) => {
    agree((on) => factored(on, order, 21));
  });

  // Sums are put aside after 512 numbers, and rows pass by four at a time.
  it.each([1, 4, 6, 511, 512, 515, 1030])(
    "multiply a symmetric matrix of %i rows with a vector as TypeScript does",
    (size) => {
      agree((on) => vectorProducts(on, size));
    },
  );

  it("give the kernels of layers the bits of TypeScript", () => {
    for (const [bias, slope, isTangent] of [
      [0, 0, true],
      [0.1, 0, true],
      [0, 0.3, true],
      [0.1, 0.3, false],
    ] as const) {
      const [got, expected] = [engine, referenceEngine].map((on) => bits(layered(on, bias, slope, isTangent)));
      expect(got.equals(expected)).toBe(true);
    }
  });

  it("name the first pivot that is not positive", () => {
    const order = 100;
    const matrix = new Float64Array(order * order);
    for (let i = 0; i < order; i += 1) matrix[i * order + i] = i === 77 ? -2 : 1;
    const desk = deskOf(engine, matrix.length + 2 * packedLength(order, order) + 16 * order + 100);
    const own = desk.copy(matrix);
    const packed = desk.copy(new Float64Array(packedLength(order, order)));
    const scratch = desk.copy(new Float64Array(packedLength(order, order) + 16 * order));
    const failed = desk.kernels.factorDiagonal({ matrix: own, stride: order, order, packed, scratch });
    expect(failed).toEqual({ index: 77, pivot: -2 });
  });
});

it("products of the reference are products", () => {
  const [rows, columns, inner] = [9, 6, 150];
  const got = product(referenceEngine, [rows, columns, inner], "subtract", 2);
  const [a, b, start] = [
    normals(rows * inner, "a"),
    normals(columns * inner, "b"),
    normals(rows * (columns + 3), "out"),
  ];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns + 3; column += 1) {
      let expected = start[row * (columns + 3) + column];
      if (column < columns && column <= row + 2) {
        for (let k = 0; k < inner; k += 1) expected -= a[row * inner + k] * b[column * inner + k];
      }
      expect(got[row * (columns + 3) + column]).toBeCloseTo(expected, 11);
    }
  }
});

it("the reference's factor times its transpose is the matrix, and solves with it", () => {
  const order = 90;
  const all = factored(referenceEngine, order, 1);
  const right = normals(order, "right");
  const there = all.subarray(order * (order + 1), order * (order + 2));
  for (let i = 0; i < order; i += 1) {
    let solved = 0;
    for (let k = 0; k <= i; k += 1) solved += all[i * order + k] * there[k];
    expect(solved).toBeCloseTo(right[i], 10);
  }
  // A x with x = A^-1 b from the upper triangle, which nothing has touched.
  const product = all.subarray(order * (order + 3), order * (order + 4));
  expect(difference(product, right)).toBeLessThan(1e-11);
  // The lower triangle, now that of the factor, as a symmetric matrix of its own; `back` is what it is multiplied with.
  const vector = all.subarray(order * (order + 2), order * (order + 3));
  const fromLower = all.subarray(order * (order + 4), order * (order + 5));
  for (let i = 0; i < order; i += 1) {
    let sum = 0;
    for (let k = 0; k < order; k += 1) sum += all[Math.max(i, k) * order + Math.min(i, k)] * vector[k];
    expect(fromLower[i]).toBeCloseTo(sum, 11);
  }
});

/** k0 and k1 by the arc cosine. */
function byArcCosine(u: number): { readonly slope: number; readonly value: number } {
  const angle = Math.acos(u);
  return { slope: 1 - angle / Math.PI, value: (Math.sin(angle) + (Math.PI - angle) * u) / Math.PI };
}

it("layers without bias are the recursion K = K k0(u) + k1(u), u = k1(u) of unit vectors", () => {
  const values = Float64Array.from({ length: 16 }, (_, at) => Math.cos(0.1 + at / 5.2));
  const one = (layers: number, count: number) => new Float64Array(layers * count).fill(1);
  const got = values.slice();
  referenceEngine.matrices({ buffer: got.buffer, handle: null, start: 0 }, got, 0).arcCosineLayers({
    values: got,
    rows: 1,
    columns: 16,
    stride: 16,
    isTangent: true,
    layers: 3,
    maps: Float64Array.of(1, 0, 0, 2, 0, 0, 2, 0, 0, 2, 0, 0),
    negativeSlope: 0,
    rowRoots: one(3, 1),
    rowInverses: one(3, 1),
    columnRoots: one(3, 16),
    columnInverses: one(3, 16),
    coefficients: arcCosineLayerCoefficients,
  });
  for (const [at, start] of values.entries()) {
    let [u, kernel] = [start, start];
    for (let layer = 0; layer < 3; layer += 1) {
      const { slope, value } = byArcCosine(u);
      kernel = kernel * slope + value;
      u = value;
    }
    expect(Math.abs(got[at] - kernel)).toBeLessThan(2e-14);
  }
});
