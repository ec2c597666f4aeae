export { createEvaluationSet, type EvaluationSet } from "./evaluation-set.ts";
export type { RadialFunction, RadialMeasure } from "./ray-chain.ts";
export { type StaticSplit, staticSplit } from "./static-split.ts";
export type { ErrorBudget, Measured, TrajectoryTerms } from "./terms.ts";
export { trajectoryGap, trajectorySplit } from "./trajectory-split.ts";
