import { MeanfieldError } from "../errors.ts";

/** An array of bytes of any number of dimensions. */
export interface ByteArray {
  readonly shape: readonly number[];
  /** As many as the product of the shape, the last index fastest. */
  readonly values: Uint8Array;
}

/** The code that IDX has for unsigned bytes. */
const unsignedBytes = 0x08;

/**
 * Decodes the IDX format of unsigned bytes, in which MNIST and data sets after it come: two zero bytes, the type's code, the number of dimensions, the
 * dimensions as big-endian 32-bit integers, the values.
 *
 * @param path named in messages
 * @returns values as a view of `bytes`
 * @throws MeanfieldError `file-format` on another magic number, another type, or more or fewer values than the dimensions say
 */
export function decodeIdx(bytes: Uint8Array, path = "bytes"): ByteArray {
  const [first, second, type, dimensions] = bytes;
  if (!(bytes.length >= 4 && first === 0 && second === 0 && dimensions >= 1)) {
    const start = Buffer.from(bytes.subarray(0, 4)).toString("hex");
    throw wrongFormat(path, "an IDX file, which begins with two zero bytes, a type and a number of dimensions", start);
  }
  if (type !== unsignedBytes) throw wrongFormat(path, "unsigned bytes, type 08", type.toString(16).padStart(2, "0"));
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) throw wrongFormat(path, `a header of ${header} bytes`, `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  const count = shape.reduce((product, size) => product * size, 1);
  const found = bytes.length - header;
  if (found !== count) throw wrongFormat(path, `${shape.join(" x ")} = ${count} values after the header`, `${found}`);
  return Object.freeze({ shape: Object.freeze(shape), values: bytes.subarray(header) });
}

/** The error `file-format`: a file that is not what it should be, likely cut short on its way. */
export function wrongFormat(path: string, expected: string, got: string): MeanfieldError {
  const suggestion = "get the file again";
  return new MeanfieldError("file-format", `${path}: expected ${expected}, got ${got}; ${suggestion}`, {
    path,
    expected,
    got,
    suggestion,
  });
}
