/** The single block of memory of one simulation. */
export interface MemoryBlock {
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  /** What to send to another thread so that it can `attach`. */
  readonly handle: unknown;
  /** First byte that is free for the simulation; a multiple of 64. */
  readonly start: number;
}

/** A block of ordinary memory, shared if several threads will work on it. */
export function allocateBlock(bytes: number, parts: number): MemoryBlock {
  return attachBlock(parts > 1 ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
}

/** The block on a buffer that another thread allocated. */
export function attachBlock(handle: unknown): MemoryBlock {
  if (handle instanceof SharedArrayBuffer || handle instanceof ArrayBuffer) return { buffer: handle, handle, start: 0 };
  throw new Error("a block of memory was sent that is no buffer");
}
