import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { drawWith, fillNormal, fillUniform } from "../../src/numerics/random/index.ts";
import { compiledEngines } from "./installed.ts";

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
// Of all positions, those where blocks of 32 begin and end, and the last that a stream has.
const position = fc.oneof(
  fc.integer({ min: 0, max: 200 }),
  fc.integer({ min: 0, max: 2 ** 33 - 1 }),
  fc.integer({ min: 0, max: 300 }).map((rest) => 2 ** 33 - 1 - rest),
);
const place = fc.record({
  position,
  count: fc.integer({ min: 0, max: 300 }),
  offset: fc.integer({ min: 0, max: 9 }),
  attempt: word,
  step: word,
  replica: word,
  key: fc.record({ low: word, high: word }),
});

const haveEqualBits = (a: Float64Array, b: Float64Array): boolean =>
  Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
const untouched = -7;

afterEach(() => drawWith(null));

describe.each(compiledEngines())("draws on $title, $arithmetic", ({ engine }) => {
  it.each([
    { title: "normal", fill: fillNormal, compiled: engine.draws?.fillNormal },
    { title: "uniform", fill: fillUniform, compiled: engine.draws?.fillUniform },
  ])("$title ones are those of TypeScript, bit by bit, and no others are written", ({ fill, compiled }) => {
    if (compiled === undefined) throw new Error("an engine without draws");
    fc.assert(
      fc.property(place, ({ position, count: wanted, offset, attempt, step, replica, key }) => {
        const count = Math.min(wanted, 2 ** 33 - position);
        const expected = new Float64Array(offset + count + 5).fill(untouched);
        const got = expected.slice();
        fill(expected, offset, count, position, key, attempt, step, replica);
        compiled(got, offset, count, position, attempt, step, replica, key.low, key.high);
        expect(haveEqualBits(got, expected)).toBe(true);
        expect(got.subarray(0, offset).every((value) => value === untouched)).toBe(true);
        expect(got.subarray(offset + count).every((value) => value === untouched)).toBe(true);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("are made in pieces where they do not fit into the module's memory at once", () => {
    const key = { low: 3, high: 4 };
    const expected = new Float64Array(70_001);
    const got = new Float64Array(expected.length);
    fillNormal(expected, 0, expected.length, 11, key, 0, 1, 2);
    drawWith(engine.draws ?? null);
    fillNormal(got, 0, got.length, 11, key, 0, 1, 2);
    expect(haveEqualBits(got, expected)).toBe(true);
  });
});
