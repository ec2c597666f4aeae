/** Points of a batch that are worked on between two barriers: bounds the scratch, whatever the batch. A multiple of 8. */
export const chunkSize = 128;

/** Number of chunks that a batch is cut into. */
export function chunkCount(batch: number): number {
  return Math.ceil(batch / chunkSize);
}

/** Number of points in chunk number `chunk`. */
export function pointsInChunk(batch: number, chunk: number): number {
  return Math.min(chunkSize, batch - chunk * chunkSize);
}
