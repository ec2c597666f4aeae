export { type Clock, createClock } from "./clock.ts";
export { defaultDirections, stageCount } from "./dynamics.ts";
export { type SimulationBytes, simulationBytes } from "./memory.ts";
export { type BuiltPlan, batchSize, buildPlan, type StepPlan } from "./plan.ts";
export * from "./public.ts";
export { radialObstacle } from "./radial-support.ts";
export { createStepper, type Stepper, targetForThreads } from "./stepper.ts";
