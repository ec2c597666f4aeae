export { type BallIndicatorOptions, ballIndicator } from "./ball-indicator.ts";
export { buildTarget } from "./build-target.ts";
export { hinge } from "./hinge.ts";
export { norm } from "./norm.ts";
export { meanOfTarget, nullLoss } from "./null-loss.ts";
export { type PiecewiseLinearOptions, piecewiseLinear } from "./piecewise-linear.ts";
export { type RadialFunctionOptions, radialFunction } from "./radial-function.ts";
export { scaled } from "./scaled.ts";
export type * from "./target.ts";
