export {
  type Activation,
  type ActivationSpec,
  activationKinds,
  activationOf,
  activationText,
  buildActivation,
  isRelu,
} from "./activation.ts";
export { angleShare, arcCosineCoefficients, arcCosineLayerCoefficients, arcCosineTail } from "./arc-cosine-kernel.ts";
export { evaluateFirstLayer } from "./bottleneck.ts";
export { type MeasuringKernels, measureWith } from "./measuring-kernels.ts";
export { particleLayout, particlesOn } from "./particles.ts";
export * from "./public.ts";
export {
  createPieceBuffer,
  linearPiecesOf,
  type PieceBuffer,
  type RayBundle,
  type RayPieces,
  valuesOfPieces,
} from "./ray.ts";
export { rowNorms } from "./row-norms.ts";
