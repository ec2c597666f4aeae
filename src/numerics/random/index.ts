export { fillNormal, fillUniform, naturalLogarithm, uniformAt } from "./distributions.ts";
export { activeDrawKernels, type DrawKernels, drawWith } from "./draw-kernels.ts";
export { deriveKey, type RootSeed, type StreamKey } from "./key.ts";
export { philox } from "./philox.ts";
