export type { LimitStep } from "./limit.ts";
export { buildNetworkLimit, type NetworkLimit } from "./network-limit.ts";
export * from "./public.ts";
