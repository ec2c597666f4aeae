/** Compiled draws: the same bits as `fillNormal` and `fillUniform`, faster. Words of the counter and the key are unsigned 32-bit numbers. */
export interface DrawKernels {
  fillNormal: FillKernel;
  fillUniform: FillKernel;
}

export type FillKernel = (
  out: Float64Array,
  offset: number,
  count: number,
  position: number,
  attempt: number,
  step: number,
  replica: number,
  keyLow: number,
  keyHigh: number,
) => void;

let active: DrawKernels | null = null;

/**
 * Lets this thread's draws be made by `kernels`, or by TypeScript if null. No draw depends on it, only its time: that is why it may be a
 * setting of the thread, and need not be passed through every law.
 */
export function drawWith(kernels: DrawKernels | null): void {
  active = kernels;
}

/** The kernels of this thread's draws, null where TypeScript makes them. */
export function activeDrawKernels(): DrawKernels | null {
  return active;
}
