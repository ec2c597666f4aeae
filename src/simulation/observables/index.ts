/** What users see as `observables`: ready functions for the option `observe` of `simulate`. */
export { kernelChange } from "./kernel-change.ts";
export { movement } from "./movement.ts";
export { trainingLoss } from "./training-loss.ts";
