export { type Clock, createClock } from "./clock.ts";
export { defaultDirections, stageCount, withSteps } from "./dynamics.ts";
export { hasFixedPoints, isSampled } from "./fixed-samples.ts";
export { type SimulationBytes, simulationBytes } from "./memory.ts";
export { type BuiltPlan, batchSize, buildPlan, type StepPlan } from "./plan.ts";
export * from "./public.ts";
export { radialObstacle } from "./radial-support.ts";
export { meanFactor } from "./step-size.ts";
export { createStepper, type Stepper, targetForThreads } from "./stepper.ts";
