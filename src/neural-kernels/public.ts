/** What users see as `neuralKernels`. */
export { type KernelDescent, type KernelDescentOptions, kernelDescent } from "./kernel-descent.ts";
