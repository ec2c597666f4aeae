export {
  type BottleneckLimitOptions,
  type BottleneckState,
  bottleneckState,
  createBottleneckLimit,
} from "./bottleneck.ts";
export type { LayerSpeeds, Limit, LimitProfile, LimitStep } from "./limit.ts";
export { bottleneck, buildNetworkLimit, type LimitSpec, type NetworkLimit, twoLayer } from "./network-limit.ts";
export { createLimitFlow, type LimitFlow, solveLimit } from "./solve.ts";
export { createTwoLayerLimit, type TwoLayerLimitOptions, type TwoLayerState, twoLayerState } from "./two-layer.ts";
