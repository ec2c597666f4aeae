export { createPool, type Pool, type PoolOptions, type TaskOptions, type TaskOutcome } from "./pool.ts";
export { type Resident, startResident } from "./resident.ts";
export { installationRoot, workerUrl } from "./worker-url.ts";
