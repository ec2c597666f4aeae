import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isLittleEndian } from "../../src/numerics/random/distributions.ts";
import {
  deriveKey,
  fillNormal,
  fillUniform,
  naturalLogarithm,
  philox,
  uniformAt,
} from "../../src/numerics/random/index.ts";
import { erf } from "../../src/numerics/special-functions.ts";
import reference from "../reference/random-draws.json" with { type: "json" };

const key = deriveKey(7, "test");

type Fill = typeof fillUniform;
const draws: readonly (readonly [string, Fill])[] = [
  ["fillUniform", fillUniform],
  ["fillNormal", fillNormal],
];

function drawn(fill: Fill, count: number, position = 0, attempt = 0, step = 0, replica = 0, from = key): Float64Array {
  const out = new Float64Array(count);
  fill(out, 0, count, position, from, attempt, step, replica);
  return out;
}

function correlation(left: Float64Array, right: Float64Array, mean: number, variance: number): number {
  let sum = 0;
  for (let k = 0; k < left.length; k += 1) sum += (left[k] - mean) * (right[k] - mean);
  return sum / (variance * Math.sqrt(left.length));
}

/** sqrt(n) sup |empirical cdf - cdf|: beyond 2.28 as rarely as a normal is beyond 4 standard deviations. */
function kolmogorovDistance(samples: Float64Array, cdf: (value: number) => number): number {
  const sorted = samples.toSorted();
  let worst = 0;
  for (const [rank, value] of sorted.entries()) {
    worst = Math.max(
      worst,
      Math.abs(cdf(value) - rank / sorted.length),
      Math.abs(cdf(value) - (rank + 1) / sorted.length),
    );
  }
  return worst * Math.sqrt(sorted.length);
}

describe("philox", () => {
  // Known answers of the authors' Random123 distribution (kat_vectors, philox4x32 10): counter, key, output.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])("gives the known answer for counter %j", (counter, words, answer) => {
    const out = new Uint32Array(4);
    philox(out, 0, 1, counter[0], counter[1], counter[2], counter[3], words[0], words[1]);
    expect([...out]).toEqual(answer);
  });

  it("equals its definition in BigInt arithmetic for any counter and key", () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    const mask = 0xffffffffn;
    fc.assert(
      fc.property(word, word, word, word, word, word, (c0, c1, c2, c3, k0, k1) => {
        let x = [c0, c1, c2, c3].map(BigInt);
        let [a, b] = [BigInt(k0), BigInt(k1)];
        for (let round = 0; round < 10; round += 1) {
          const first = 0xd2511f53n * x[0];
          const second = 0xcd9e8d57n * x[2];
          x = [(second >> 32n) ^ x[1] ^ a, second & mask, (first >> 32n) ^ x[3] ^ b, first & mask];
          a = (a + 0x9e3779b9n) & mask;
          b = (b + 0xbb67ae85n) & mask;
        }
        const out = new Uint32Array(4);
        philox(out, 0, 1, c0, c1, c2, c3, k0, k1);
        expect([...out]).toEqual(x.map(Number));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it("writes its words with the stride and offset asked for", () => {
    const out = new Uint32Array(9);
    philox(out, 1, 2, 0, 0, 0, 0, 0, 0);
    expect([...out]).toEqual([0, 0x6627e8d5, 0, 0xe169c58d, 0, 0xbc57ac4c, 0, 0x9b00dbd8, 0]);
  });
});

describe("deriveKey", () => {
  it("tells every seed and label apart, but not the seed 7 from '7'", () => {
    const keys = [
      deriveKey(7),
      deriveKey(8),
      deriveKey(7, "a"),
      deriveKey(7, "b"),
      deriveKey(7, "a", "b"),
      deriveKey(7, "ab"),
      deriveKey(7, "a", 1),
      deriveKey("7,a"),
    ].map(({ low, high }) => `${low} ${high}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(deriveKey("7", "a", 1)).toEqual(deriveKey(7, "a", 1));
  });

  it("gives two unsigned words", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (seed, label) => {
        const { low, high } = deriveKey(seed, label);
        for (const word of [low, high]) expect(word === word >>> 0).toBe(true);
      }),
      { seed: 2, numRuns: 100 },
    );
  });
});

describe.each(draws)("%s", (name, fill) => {
  const isNormal = name === "fillNormal";
  const mean = isNormal ? 0 : 0.5;
  const variance = isNormal ? 1 : 1 / 12;
  const fourth = isNormal ? 3 : 1 / 80;

  it("gives the same bits however a range is split", () => {
    const whole = drawn(fill, 300, 1000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), (one, other) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)];
        expect(drawn(fill, end - start, 1000 + start)).toEqual(whole.slice(start, end));
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it("writes from the offset on, and nothing else", () => {
    const out = new Float64Array(60).fill(9);
    fill(out, 10, 40, 5, key, 0, 0, 0);
    expect(out.slice(10, 50)).toEqual(drawn(fill, 40, 5));
    expect([...out.slice(0, 10), ...out.slice(50)].every((value) => value === 9)).toBe(true);
  });

  it("has the right mean, variance, fourth moment and distribution", () => {
    const values = drawn(fill, 100_000);
    const moment = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
    const root = Math.sqrt(values.length);
    expect(Math.abs(moment(1)) * root).toBeLessThanOrEqual(4 * Math.sqrt(variance));
    expect(Math.abs(moment(2) - variance) * root).toBeLessThanOrEqual(4 * Math.sqrt(fourth - variance ** 2));
    // E z^8 = 105 for a normal, 1/2304 for a uniform
    const eighth = isNormal ? 105 : 1 / 2304;
    expect(Math.abs(moment(4) - fourth) * root).toBeLessThanOrEqual(4 * Math.sqrt(eighth - fourth ** 2));
    const cdf = isNormal ? (z: number) => 0.5 * (1 + erf(z / Math.SQRT2)) : (u: number) => u;
    expect(kolmogorovDistance(values, cdf)).toBeLessThanOrEqual(2.28);
  });

  it("is uncorrelated across positions, attempts, steps, replicas and labels", () => {
    const count = 20_000;
    const base = drawn(fill, count);
    const others = [
      drawn(fill, count, 1),
      drawn(fill, count, 16),
      drawn(fill, count, 32),
      drawn(fill, count, 0, 1),
      drawn(fill, count, 0, 0, 1),
      drawn(fill, count, 0, 0, 0, 1),
      drawn(fill, count, 0, 0, 0, 0, deriveKey(7, "other")),
      drawn(fill, count, 0, 0, 0, 0, deriveKey(8, "test")),
    ];
    for (const other of others) expect(Math.abs(correlation(base, other, mean, variance))).toBeLessThanOrEqual(4);
    // Squares too: Box-Muller pairs share a radius.
    for (const other of others) {
      const squares = (values: Float64Array) => values.map((value) => (value - mean) ** 2);
      expect(
        Math.abs(correlation(squares(base), squares(other), variance, fourth - variance ** 2)),
      ).toBeLessThanOrEqual(4);
    }
  });

  it("draws what it drew when the reference file was written, bit for bit", () => {
    for (const { position, attempt, step, replica, seed, labels, ...expected } of reference.draws) {
      const values = isNormal ? expected.normals : expected.uniforms;
      expect([...drawn(fill, values.length, position, attempt, step, replica, deriveKey(seed, ...labels))]).toEqual(
        values,
      );
    }
  });
});

describe("uniformAt", () => {
  it("equals fillUniform at every position, attempt, step and replica", () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 33 - 1 }), word, word, word, (position, attempt, step, replica) => {
        const [filled] = drawn(fillUniform, 1, position, attempt, step, replica);
        expect(uniformAt(position, key, attempt, step, replica)).toBe(filled);
        expect(filled >= 0 && filled < 1 && Number.isInteger(filled * 2 ** 52)).toBe(true);
      }),
      { seed: 4, numRuns: 300 },
    );
  });
});

describe("the parts of the normal draws", () => {
  it("naturalLogarithm is within 1 ulp of Math.log, and exact at 1", () => {
    expect(naturalLogarithm(1)).toBe(0);
    fc.assert(
      fc.property(fc.double({ min: 2 ** -1022, max: 1e308, noNaN: true }), (x) => {
        expect(Math.abs(naturalLogarithm(x) - Math.log(x))).toBeLessThanOrEqual(2 ** -52 * Math.abs(Math.log(x)));
      }),
      { seed: 5, numRuns: 2000 },
    );
    for (let k = 1; k <= 52; k += 1) {
      const x = 1 - 2 ** -k;
      expect(Math.abs(naturalLogarithm(x) - Math.log(x))).toBeLessThanOrEqual(2 ** -52 * Math.abs(Math.log(x)));
    }
  });

  it("normal pairs have the radius and the angle that their uniforms say", () => {
    // Lane l of a block: the words 0, 1 make u of the radius; the words 2, 3 the angle 2 pi (v - 1/8), v their fraction of 2^64.
    const uniforms = drawn(fillUniform, 32 * 100);
    const normals = drawn(fillNormal, 32 * 100);
    for (let block = 0; block < 100; block += 1) {
      for (let lane = 0; lane < 16; lane += 1) {
        const at = 32 * block + lane;
        const radius = Math.sqrt(-2 * Math.log1p(-uniforms[at]));
        const angle = 2 * Math.PI * (uniforms[at + 16] - 0.125);
        // The angle of the draw has 52 bits within its quadrant, the uniform 52 bits of the circle; 2 pi 2^-52 apart at most.
        expect(Math.abs(normals[at] - radius * Math.cos(angle))).toBeLessThanOrEqual(4e-15 * radius);
        expect(Math.abs(normals[at + 16] - radius * Math.sin(angle))).toBeLessThanOrEqual(4e-15 * radius);
      }
    }
  });

  it("the machine has the byte order that the logarithm's bit operations need", () => {
    expect(isLittleEndian).toBe(true);
  });
});
