export type { LimitStep } from "./limit.ts";
export { requireLimitDynamics } from "./limit-dynamics.ts";
export { buildNetworkLimit, type NetworkLimit } from "./network-limit.ts";
export * from "./public.ts";
export { coupledStart, referenceNetwork, refuseGivenStart, sharedCorrection } from "./wide-coupling.ts";
