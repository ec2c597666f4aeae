import type { NetworkSpec } from "../../networks/network.ts";
import type { OwnedRange } from "../engine.ts";

/** As blockSize in kernels/problem.h. */
function blockSize(width: number): number {
  if (width <= 2048) return 128;
  return width <= 8192 ? 256 : 512;
}

/** As partition in kernels/problem.h. */
function partition(count: number, part: number, parts: number): OwnedRange {
  return [Math.floor((count * part) / parts), Math.floor((count * (part + 1)) / parts)];
}

/** What a part owns of the flat particle buffer: the same cut as in the kernels' phases. */
export function ownedRanges(network: NetworkSpec, part: number, parts: number): readonly OwnedRange[] {
  const { dimension } = network;
  const width = network.kind === "two-layer" ? network.width : network.firstLayerWidth;
  const size = blockSize(width);
  const [first, last] = partition(Math.ceil(width / size), part, parts);
  const from = first * size;
  const to = Math.min(width, last * size);
  const ranges: OwnedRange[] = [[from * dimension, to * dimension]];
  let offset = width * dimension;
  const take = (length: number, start: number, end: number): void => {
    ranges.push([offset + start, offset + end]);
    offset += length;
  };
  if (network.kind === "two-layer") {
    for (let array = 0; array < 2; array += 1) take(width, from, to);
  } else if (network.kind === "dense") {
    const { secondLayerWidth } = network;
    take(width, from, to);
    // Columns of U: a range in each row, or in all rows one.
    if (from === 0 && to === width) take(width * secondLayerWidth, 0, width * secondLayerWidth);
    else for (let j = 0; j < secondLayerWidth; j += 1) take(width, from, to);
    for (let array = 0; array < 2; array += 1) {
      take(secondLayerWidth, ...partition(secondLayerWidth, part, parts));
    }
  } else {
    const atoms = network.secondLayerWidth;
    for (let array = 0; array < 3; array += 1) take(atoms, ...partition(atoms, part, parts));
  }
  return ranges;
}
