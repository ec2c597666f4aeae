export { buildTarget } from "./build-target.ts";
export { hinge } from "./hinge.ts";
export type * from "./target.ts";
