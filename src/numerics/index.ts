export { besselJ, besselJSequence, besselPair, largestBesselOrder } from "./bessel.ts";
export { type SymmetricEigen, symmetricEigen } from "./decompositions.ts";
export {
  arrangedDirections,
  createDirectionScratch,
  type DirectionArrangement,
  directionArrangements,
  fillDirectionGroup,
  groupSize,
} from "./directions.ts";
export {
  createDormandPrince,
  type DormandPrince,
  type DormandPrinceState,
  defaultTolerances,
  type Tolerances,
} from "./dormand-prince.ts";
export { orthonormalizeRows } from "./orthonormal-frames.ts";
export { createPositiveSorter, type PositiveSorter } from "./positive-order.ts";
export { gaussFromMeasure, gaussJacobi, gaussLegendre, onInterval, type QuadratureRule } from "./quadrature.ts";
export {
  deriveKey,
  fillNormal,
  fillUniform,
  naturalLogarithm,
  philox,
  type RootSeed,
  type StreamKey,
  uniformAt,
} from "./random/index.ts";
export {
  createFixedStep,
  type FixedStep,
  type Integrator,
  integrateFixed,
  integrators,
  type OdeSystem,
} from "./runge-kutta.ts";
export {
  erf,
  halfStepGammaRatio,
  inverseIncompleteBeta,
  logGamma,
  regularizedIncompleteBeta,
  studentQuantile,
} from "./special-functions.ts";
export {
  type Estimate,
  type FitOptions,
  fitLine,
  fitPowerLaw,
  type LineFit,
  mean,
  meanWithInterval,
  sampleVariance,
  standardError,
} from "./statistics.ts";
