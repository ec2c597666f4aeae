import { invalidValue, MeanfieldError } from "../errors.ts";

/** An array in C order (row-major): `data` has the product of `shape` numbers. */
export interface NpyArray {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

const magic = Buffer.from("\x93NUMPY", "latin1");

/**
 * The bytes of a NumPy .npy file, format 1.0: magic, version, header length (little-endian 16 bit), the header as a Python dictionary padded
 * with spaces so that the data starts at a multiple of 64, then little-endian doubles. Throws `invalid-value` if shape and length disagree.
 * Source: NumPy documentation, numpy.lib.format.
 */
export function encodeNpy(data: Float64Array, shape: readonly number[]): Uint8Array {
  checkShape(data.length, shape);
  return Buffer.concat([npyHeader(shape), Buffer.from(data.buffer, data.byteOffset, data.byteLength)]);
}

/** What stands before the numbers in a .npy file of that shape: a multiple of 64 bytes. */
export function npyHeader(shape: readonly number[]): Uint8Array {
  const shapeText = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': ${shapeText}, }`;
  const unpadded = magic.length + 4 + dictionary.length + 1;
  const headerLength = dictionary.length + 1 + ((64 - (unpadded % 64)) % 64);
  const header = Buffer.from(`${dictionary.padEnd(headerLength - 1)}\n`, "latin1");
  const start = Buffer.from([1, 0, headerLength & 255, headerLength >> 8]);
  return Buffer.concat([magic, start, header]);
}

/**
 * Reads a .npy file of doubles in C order, format 1.0 to 3.0. Throws `file-format` for anything else, with what it is: another type, Fortran
 * order, a length that does not fit the shape.
 */
export function decodeNpy(bytes: Uint8Array, name = "array.npy"): NpyArray {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < 12 || !buffer.subarray(0, 6).equals(magic)) {
    throw wrongFormat(name, "a NumPy .npy file", "a file that does not start with its magic bytes");
  }
  const major = buffer[6];
  if (major < 1 || major > 3) throw wrongFormat(name, "format 1.0 to 3.0", `format ${major}.${buffer[7]}`);
  const lengthBytes = major === 1 ? 2 : 4;
  const dataStart = 8 + lengthBytes + (major === 1 ? buffer.readUInt16LE(8) : buffer.readUInt32LE(8));
  const header = buffer.toString("latin1", 8 + lengthBytes, dataStart);
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  if (type !== "<f8")
    throw wrongFormat(name, "doubles (<f8)", type ?? "a header without a type", "convert with .astype('<f8')");
  if (!/'fortran_order':\s*False/.test(header)) {
    throw wrongFormat(name, "C order", "Fortran order", "convert with numpy.ascontiguousarray");
  }
  const shapeText = /'shape':\s*\(([\d\s,]*)\)/.exec(header)?.[1];
  if (shapeText === undefined) throw wrongFormat(name, "a shape in the header", header.trim());
  const shape = shapeText
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  const count = product(shape);
  if (buffer.length - dataStart !== 8 * count) {
    throw wrongFormat(
      name,
      `${8 * count} bytes of data for the shape (${shape.join(", ")})`,
      `${buffer.length - dataStart}`,
    );
  }
  const data = new Float64Array(count);
  new Uint8Array(data.buffer).set(buffer.subarray(dataStart));
  return { data, shape };
}

function checkShape(length: number, shape: readonly number[]): void {
  for (const [index, size] of shape.entries()) {
    if (!Number.isSafeInteger(size) || size < 0) throw invalidValue(`shape[${index}]`, "an integer >= 0", size);
  }
  if (product(shape) !== length)
    throw invalidValue("shape", `sizes whose product is the ${length} numbers given`, shape);
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}

function wrongFormat(path: string, expected: string, got: string, suggestion?: string): MeanfieldError {
  const tail = suggestion === undefined ? "" : `; ${suggestion}`;
  return new MeanfieldError("file-format", `${path}: expected ${expected}, got ${got}${tail}`, {
    path,
    expected,
    got,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}
