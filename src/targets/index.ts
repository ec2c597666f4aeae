export { type BallIndicatorOptions, ballIndicator } from "./ball-indicator.ts";
export { buildTarget } from "./build-target.ts";
export { hinge } from "./hinge.ts";
export type { LinkSpec } from "./link.ts";
export { norm } from "./norm.ts";
export { meanOfTarget, nullLoss } from "./null-loss.ts";
export { estimateNullLoss, type NullLossEstimate } from "./null-loss-estimate.ts";
export { type PiecewiseLinearOptions, piecewiseLinear } from "./piecewise-linear.ts";
export {
  type GlobalProductOptions,
  globalProduct,
  type LocalProductOptions,
  localProduct,
} from "./product-features.ts";
export { type QuadraticFeatureOptions, quadraticFeature } from "./quadratic-feature.ts";
export { type RadialFunctionOptions, radialFunction } from "./radial-function.ts";
export { scaled } from "./scaled.ts";
export { type SingleIndexOptions, singleIndex } from "./single-index.ts";
export type * from "./target.ts";
