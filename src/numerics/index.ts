export { orthonormalizeRows } from "./orthonormal-frames.ts";
export { gaussFromMeasure, gaussJacobi, gaussLegendre, onInterval, type QuadratureRule } from "./quadrature.ts";
export * from "./random/index.ts";
export {
  erf,
  halfStepGammaRatio,
  inverseIncompleteBeta,
  logGamma,
  regularizedIncompleteBeta,
  studentQuantile,
} from "./special-functions.ts";
