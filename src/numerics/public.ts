/** What users see as `numerics`: random streams, directions, quadrature, integrators, special functions and statistics. */
export { besselJ, besselJSequence } from "./bessel.ts";
export { symmetricEigen } from "./decompositions.ts";
export {
  arrangedDirections,
  type DirectionArrangement,
  defaultArrangement,
  directionArrangements,
  groupSize,
} from "./directions.ts";
export { createDormandPrince, type DormandPrince, type DormandPrinceState, type Tolerances } from "./dormand-prince.ts";
export { type EntropyEstimate, type EntropyOptions, nearestNeighbourEntropy } from "./entropy.ts";
export { gegenbauer, harmonicCount } from "./gegenbauer.ts";
export {
  type HermiteOptions,
  hermiteCoefficients,
  hermiteSum,
  hermiteToMonomial,
  monomialToHermite,
} from "./hermite.ts";
export { type NelderMeadOptions, type NelderMeadResult, nelderMead } from "./nelder-mead.ts";
export { type NonNegativeSolution, nonNegativeLeastSquares } from "./non-negative-least-squares.ts";
export { gaussFromMeasure, gaussJacobi, gaussLegendre, type QuadratureRule } from "./quadrature.ts";
export { deriveKey, fillNormal, fillUniform, type RootSeed, type StreamKey } from "./random/index.ts";
export { type Integrator, integrateFixed, integrators, type OdeSystem } from "./runge-kutta.ts";
export { erf, logGamma, regularizedIncompleteBeta, studentQuantile } from "./special-functions.ts";
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
