import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeNpy, encodeNpy } from "../../src/numerics/npy.ts";

describe("a .npy file", () => {
  it("has the bytes that the format asks for", () => {
    const bytes = Buffer.from(encodeNpy(Float64Array.of(1, -2, 0.5, 4, 5, 6), [2, 3]));
    // NumPy's format 1.0, byte by byte: magic, version, length of the header, header padded so that data starts at a multiple of 64.
    const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";
    const expected = Buffer.concat([
      Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]),
      Buffer.from(`${header.padEnd(117)}\n`),
      Buffer.from(
        "000000000000f03f00000000000000c0000000000000e03f000000000000104000000000000014400000000000001840",
        "hex",
      ),
    ]);
    expect(bytes.equals(expected)).toBe(true);
  });

  it("comes back as it was, for any shape, with data at a multiple of 64", () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.double()), (shape, stream) => {
        const length = shape.reduce((total, size) => total * size, 1);
        const data = Float64Array.from({ length }, () => stream.next().value);
        const bytes = encodeNpy(data, shape);
        expect((bytes.length - 8 * length) % 64).toBe(0);
        expect(decodeNpy(bytes)).toEqual({ data, shape });
      }),
    );
  });

  const numpy = spawnSync("python3", ["-c", "import numpy"]).status === 0;
  it.runIf(numpy)("is read by NumPy", () => {
    const script =
      "import sys, io, numpy; a = numpy.load(io.BytesIO(sys.stdin.buffer.read())); print(a.shape, a.sum())";
    const { stdout } = spawnSync("python3", ["-c", script], { input: encodeNpy(Float64Array.of(1, 2, 3), [3, 1]) });
    expect(stdout.toString().trim()).toBe("(3, 1) 6.0");
  });

  const valid = Buffer.from(encodeNpy(Float64Array.of(1, 2), [2]));
  const edited = (from: string, to: string) => Buffer.from(valid.toString("latin1").replace(from, to), "latin1");
  it.each([
    [Buffer.from("text"), "a.npy: expected a NumPy .npy file"],
    [edited("<f8", "<f4"), "a.npy: expected doubles (<f8), got <f4; convert with .astype('<f8')"],
    [edited("<f8", ">f8"), "a.npy: expected doubles (<f8), got >f8"],
    [edited("False", "True "), "a.npy: expected C order, got Fortran order"],
    [edited("(2,)", "(3,)"), "a.npy: expected 24 bytes of data for the shape (3), got 16"],
    [edited("\x01\x00", "\x07\x00"), "a.npy: expected format 1.0 to 3.0, got format 7.0"],
    [valid.subarray(0, valid.length - 1), "a.npy: expected 16 bytes of data"],
  ])("%# of another kind is refused with what it is", (bytes, message) => {
    expect(() => decodeNpy(bytes, "a.npy")).toThrow(
      expect.objectContaining({ code: "file-format", message: expect.stringContaining(message) }),
    );
  });

  it("is refused a shape that does not fit", () => {
    expect(() => encodeNpy(new Float64Array(3), [2, 2])).toThrow(
      "shape: expected sizes whose product is the 3 numbers given",
    );
    expect(() => encodeNpy(new Float64Array(3), [-3, -1])).toThrow("shape[0]: expected an integer >= 0, got -3");
  });
});
