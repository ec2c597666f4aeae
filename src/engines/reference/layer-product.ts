import { backwardRows, forwardBlock, group, packPoints, particleBlock, squaredNormBlock } from "./binary-product.ts";
import { chunkSize, pointsInChunk } from "./chunks.ts";

/**
 * The first layer of a step: m rows of length n = d, or d + 1 with the bias as last coordinate against points (x, 1); its partial sums,
 * masks and gradient rows lie in shared scratch, its packed points and tables belong to the thread.
 */
export interface LayerShape {
  readonly width: number;
  readonly dimension: number;
  readonly hasBias: boolean;
  readonly batch: number;
  /** sigma's slope below 0, for the norms. */
  readonly negativeSlope: number;
  /** Whether the squared norms of the samples' gradients are needed. */
  readonly needsNorms: boolean;
}

/** Lengths of the shared arrays that a layer product works on. */
export function layerScratch(shape: LayerShape) {
  const n = shape.hasBias ? shape.dimension + 1 : shape.dimension;
  const blocks = Math.ceil(shape.width / particleBlock);
  return {
    doubles: {
      rows: shape.width * n,
      amplitudes: shape.width,
      gradient: shape.width * n,
      partial: blocks * chunkSize,
      partialNorms: shape.needsNorms ? blocks * chunkSize : 0,
    },
    bytes: { mask: (chunkSize / group) * shape.width },
  };
}

interface LayerViews {
  readonly rows: Float64Array;
  readonly amplitudes: Float64Array;
  readonly gradient: Float64Array;
  readonly partial: Float64Array;
  readonly partialNorms: Float64Array;
  readonly mask: Uint8Array;
}

export interface LayerProduct {
  /** Forward product of the chunk for the particles of the blocks [firstBlock, lastBlock). */
  forward(points: Float64Array, chunk: number, firstBlock: number, lastBlock: number): void;
  /** sum_i amplitude_i relu(w_i.x_s) for point s of the chunk: partial sums in ascending order of blocks. */
  sum(sample: number): number;
  /** Sum over particles of the squared gradient norm's terms; see `squaredNormBlock`. */
  squaredNorm(sample: number): number;
  /** Adds the chunk's backward product with weights r_s to the gradient rows of the particles [from, to); chunk 0 starts from zero. */
  backward(points: Float64Array, chunk: number, weights: Float64Array, from: number, to: number): void;
}

/**
 * @param rowFactors squared amplitudes for the norms (as `squaredNormBlock`); only read if norms are needed
 * @param activationFactor see `squaredNormBlock`
 */
export function createLayerProduct(
  shape: LayerShape,
  views: LayerViews,
  rowFactors: Float64Array,
  activationFactor: number,
): LayerProduct {
  const { width, dimension, hasBias, batch, negativeSlope, needsNorms } = shape;
  const { rows, amplitudes, gradient, partial, partialNorms, mask } = views;
  const n = hasBias ? dimension + 1 : dimension;
  const blocks = Math.ceil(width / particleBlock);
  const packed = new Float64Array(chunkSize * n);
  const table = new Float64Array(256 * n);

  function pack(points: Float64Array, chunk: number): number {
    const count = pointsInChunk(batch, chunk);
    packPoints(points, chunk * chunkSize * dimension, count, dimension, hasBias, packed);
    return Math.ceil(count / group);
  }

  return {
    forward(points, chunk, firstBlock, lastBlock) {
      const groups = pack(points, chunk);
      for (let block = firstBlock; block < lastBlock; block += 1) {
        const from = block * particleBlock;
        const to = Math.min(width, from + particleBlock);
        forwardBlock(rows, amplitudes, n, from, to, packed, groups, mask, width, partial, block * chunkSize);
        if (needsNorms) {
          squaredNormBlock(
            rows,
            rowFactors,
            activationFactor,
            negativeSlope,
            n,
            from,
            to,
            packed,
            groups,
            partialNorms,
            block * chunkSize,
          );
        }
      }
    },
    sum(sample) {
      let sum = 0;
      for (let block = 0; block < blocks; block += 1) sum += partial[block * chunkSize + sample];
      return sum;
    },
    squaredNorm(sample) {
      let sum = 0;
      for (let block = 0; block < blocks; block += 1) sum += partialNorms[block * chunkSize + sample];
      return sum;
    },
    backward(points, chunk, weights, from, to) {
      if (chunk === 0) gradient.fill(0, from * n, to * n);
      const groups = pack(points, chunk);
      backwardRows(gradient, n, from, to, packed, weights, groups, mask, width, table);
    },
  };
}
