export { type CouplingTerms, couplingOnSamples, couplingTerms } from "./coupling-gap.ts";
export { createEvaluationSet, type EvaluationSet } from "./evaluation-set.ts";
export { radialProducts } from "./radial-products.ts";
export type { RadialFunction, RadialMeasure } from "./ray-chain.ts";
export { type ReplicaParts, type ReplicaSplit, splitReplicas } from "./replicas.ts";
export { measureSplits, type Split } from "./split.ts";
export { type StaticSplit, staticSplit } from "./static-split.ts";
export type { ErrorBudget, Measured, TrajectoryTerms } from "./terms.ts";
export { trajectoryGap, trajectorySplit } from "./trajectory-split.ts";
