export { negativeSlopeOf } from "./activation.ts";
export { evaluateFirstLayer } from "./bottleneck.ts";
export { particleLayout, particlesOn } from "./particles.ts";
export * from "./public.ts";
export { createPieceBuffer, type PieceBuffer, type RayBundle, valuesOfPieces } from "./ray.ts";
export { rowNorms } from "./row-norms.ts";
