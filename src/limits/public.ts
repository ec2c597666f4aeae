/** What users see as `limits`: specs for `simulate`, and the limits by themselves. */
export {
  type BottleneckLimitOptions,
  type BottleneckState,
  bottleneckState,
  createBottleneckLimit,
} from "./bottleneck.ts";
export {
  createRestoringForce,
  type HarmonicDecay,
  harmonicDecay,
  harmonicRate,
  steppedHarmonicDecay,
} from "./harmonic-decay.ts";
export type { LayerSpeeds, Limit, LimitProfile } from "./limit.ts";
export { bottleneck, type LimitSpec, type NetworkLimitSpec, twoLayer } from "./network-limit.ts";
export { createLimitFlow, type LimitFlow, solveLimit } from "./solve.ts";
export { createTwoLayerLimit, type TwoLayerLimitOptions, type TwoLayerState, twoLayerState } from "./two-layer.ts";
export { type ReferenceWidths, type WideCouplingSpec, wideCoupling } from "./wide-coupling.ts";
