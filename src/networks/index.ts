export {
  type Activation,
  type ActivationSpec,
  activationOf,
  activationText,
  buildActivation,
  isRelu,
} from "./activation.ts";
export { evaluateFirstLayer } from "./bottleneck.ts";
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
