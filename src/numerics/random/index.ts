export { fillNormal, fillUniform, naturalLogarithm, uniformAt } from "./distributions.ts";
export { deriveKey, type RootSeed, type StreamKey } from "./key.ts";
export { philox } from "./philox.ts";
