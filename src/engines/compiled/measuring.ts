import { arcCosineCoefficients, type MeasuringKernels } from "../../networks/index.ts";
import type { KernelLibrary } from "./kernels.ts";

/** The numbers of `Task` in kernels/measuring.h. */
const tasks = { reluSums: 0, arcCosineSumsBelow: 1, rayValues: 2, addSpherical: 3, integrateSpherical: 4 } as const;

/** Numbers of a job's record at most, and what a tile of points takes at most for each of its coordinates or radii. */
const recordLength = 24;
const tilePoints = 32;
const alignment = 64;

/** A block of memory in which a kernel finds its record and its arrays. */
interface Room {
  readonly doubles: number;
  /** Forgets all arrays. */
  clear(): void;
  take(length: number): Float64Array;
  /** An array with the same numbers. */
  copy(values: Float64Array): Float64Array;
  takeWords(values: Uint32Array): Uint32Array;
  /** Writes the record; an array stands for its place. */
  write(record: readonly (number | Float64Array | Uint32Array)[]): void;
  /** Runs a task of the record, over `width` neurons. */
  run(task: number, width: number): void;
}

function createRoom(library: KernelLibrary, doubles: number): Room {
  const block = library.allocate(8 * doubles, 1);
  const { measure } = library.bind(block);
  const record = new Float64Array(block.buffer, block.start, recordLength);
  const first = block.start + roundUp(8 * recordLength);
  let end = first;
  const place = (bytes: number): number => {
    const at = end;
    end += roundUp(bytes);
    return at;
  };
  const take = (length: number) => new Float64Array(block.buffer, place(8 * length), length);
  return {
    doubles,
    clear() {
      end = first;
    },
    take,
    copy(values) {
      const own = take(values.length);
      own.set(values);
      return own;
    },
    takeWords(values) {
      const own = new Uint32Array(block.buffer, place(4 * values.length), values.length);
      own.set(values);
      return own;
    },
    write(fields) {
      fields.forEach((field, index) => {
        record[2 + index] = typeof field === "number" ? field : field.byteOffset;
      });
    },
    run(task, width) {
      record[0] = task;
      record[1] = width;
      measure(block.start);
    },
  };
}

const roundUp = (bytes: number): number => alignment * Math.ceil(bytes / alignment);
/** Numbers that arrays of these lengths take with the record, at most. */
const roomFor = (...lengths: readonly number[]): number =>
  lengths.reduce((sum, length) => sum + length + alignment / 8, recordLength + alignment / 8);

/** The measuring kernels of a library; records are those of kernels/neuron-sums.h, ray-values.h and spherical-sums.h. In a room of their own that grows with what is asked of it. */
export function measuringKernels(library: KernelLibrary): MeasuringKernels {
  let room: Room | null = null;
  const roomOf = (...lengths: readonly number[]): Room => {
    const needed = roomFor(...lengths);
    if (room === null || room.doubles < needed) room = createRoom(library, needed);
    room.clear();
    return room;
  };
  return {
    reluSums(rows, weights, dimension, points, count, out) {
      const used = points.subarray(0, count * dimension);
      const packed = tilePoints * dimension;
      const desk = roomOf(rows.length, weights.length, used.length, count, packed);
      const sums = desk.take(count);
      desk.write([count, dimension, desk.copy(rows), desk.copy(weights), desk.copy(used), sums, desk.take(packed), 0]);
      desk.run(tasks.reluSums, weights.length);
      out.set(sums);
    },
    arcCosineSumsBelow(rows, weights, dimension, out) {
      const width = weights.length;
      const packed = tilePoints * dimension;
      const desk = roomOf(rows.length, width, width, packed, arcCosineCoefficients.length);
      const own = desk.copy(rows);
      const sums = desk.take(width);
      desk.write([
        width,
        dimension,
        own,
        desk.copy(weights),
        own,
        sums,
        desk.take(packed),
        desk.copy(arcCosineCoefficients),
      ]);
      desk.run(tasks.arcCosineSumsBelow, width);
      out.set(sums);
    },
    rayValues({ w, b, a }, negativeSlope, directions, count, { nodes, guide, cellsPerUnit }, out) {
      const width = b.length;
      const dimension = w.length / width;
      const radii = nodes.length;
      const packed = tilePoints * dimension;
      const changes = 2 * tilePoints * (radii + 1);
      const desk = roomOf(
        w.length,
        width,
        width,
        directions.length,
        radii + 1,
        guide.length + 1,
        count * radii,
        packed,
        changes,
      );
      // What does not count is led to one place behind the radii.
      const places = Uint32Array.from({ length: guide.length + 1 }, (_, cell) => guide[cell] ?? radii);
      const placed = desk.take(radii + 1);
      placed.set(nodes);
      placed[radii] = 0;
      const values = desk.take(count * radii);
      desk.write([
        count,
        dimension,
        radii,
        negativeSlope,
        guide.length - 1,
        cellsPerUnit,
        desk.copy(w),
        desk.copy(b),
        desk.copy(a),
        desk.copy(directions),
        placed,
        desk.takeWords(places),
        values,
        desk.take(packed),
        desk.take(changes),
      ]);
      desk.run(tasks.rayValues, width);
      out.set(values);
    },
    sphericalLoops(tail, grid, width, keeps) {
      const radii = grid.radii.length;
      const kept = keeps ? 2 * width * radii : 0;
      const lengths = [tail.coefficients.length, width, width, width, width, width];
      const needed = [...lengths, radii, radii, radii, radii, radii, kept] as const;
      // What is kept must outlast other calls.
      const desk = keeps ? createRoom(library, roomFor(...needed)) : roomOf(...needed);
      const coefficients = desk.copy(tail.coefficients);
      const scales = desk.copy(grid.radii);
      const inverses = desk.copy(grid.inverses);
      const [amplitudes, norms, offsets, byScale, byTail] = [1, 2, 3, 4, 5].map(() => desk.take(width));
      const [sums, scaleWeights, weights] = [1, 2, 3].map(() => desk.take(radii));
      const keptValues = desk.take(kept);
      desk.write([
        radii,
        tail.meanRelu,
        tail.wholePower,
        tail.hasRoot ? 1 : 0,
        tail.placePerThreshold,
        coefficients.length,
        coefficients,
        amplitudes,
        norms,
        offsets,
        scales,
        inverses,
        sums,
        keeps ? keptValues : 0,
        scaleWeights,
        weights,
        byScale,
        byTail,
      ]);
      for (const array of [sums, scaleWeights, weights]) array.fill(0);
      return {
        amplitudes,
        norms,
        offsets,
        sums,
        scaleWeights,
        weights,
        byScale,
        byTail,
        add: (count) => desk.run(tasks.addSpherical, count),
        integrate: (count) => desk.run(tasks.integrateSpherical, count),
      };
    },
  };
}
