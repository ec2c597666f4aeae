import { describe, expect, it } from "vitest";
import { datasets, MeanfieldError } from "../../src/index.ts";

/** Two zero bytes, unsigned bytes, the shape, the values. */
const idx = (shape: readonly number[], values: readonly number[]): Uint8Array =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, size >> 8, size & 255]), ...values]);

const errorOf = (bytes: Uint8Array) => {
  try {
    datasets.decodeIdx(bytes, "digits");
  } catch (error) {
    if (error instanceof MeanfieldError) return { code: error.code, message: error.message };
  }
  throw new Error("no error came");
};

describe("the IDX format", () => {
  it("gives shape and values, also where its bytes begin within others", () => {
    const bytes = idx([2, 3], [1, 2, 3, 4, 5, 255]);
    const within = Uint8Array.from([9, 9, 9, ...bytes]).subarray(3);
    for (const each of [bytes, within]) {
      const { shape, values } = datasets.decodeIdx(each);
      expect(shape).toEqual([2, 3]);
      expect(Array.from(values)).toEqual([1, 2, 3, 4, 5, 255]);
    }
    expect(datasets.decodeIdx(idx([300], new Array(300).fill(7))).shape).toEqual([300]);
  });

  it.each([
    ["an empty file", Uint8Array.of(), "an IDX file, which begins with two zero bytes"],
    ["a compressed file", Uint8Array.of(0x1f, 0x8b, 8, 0, 0), "got 1f8b0800; get the file again"],
    ["no dimension", Uint8Array.of(0, 0, 8, 0), "an IDX file"],
    ["doubles", Uint8Array.of(0, 0, 0x0e, 1, 0, 0, 0, 0), "digits: expected unsigned bytes, type 08, got 0e"],
    ["a cut header", idx([2, 3], []).subarray(0, 10), "expected a header of 12 bytes, got 10 bytes"],
    ["a value too few", idx([2, 3], [1, 2, 3, 4, 5]), "expected 2 x 3 = 6 values after the header, got 5"],
    ["a value too many", idx([2, 3], [1, 2, 3, 4, 5, 6, 7]), "expected 2 x 3 = 6 values after the header, got 7"],
  ])("is refused with %s", (_, bytes, message) => {
    const error = errorOf(bytes);
    expect(error.code).toBe("file-format");
    expect(error.message).toContain(message);
  });
});
