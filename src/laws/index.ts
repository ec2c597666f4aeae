export { type BallOptions, ball } from "./ball.ts";
export { buildLaw } from "./build-law.ts";
export { type HeavyTailedOptions, heavyTailed } from "./heavy-tailed.ts";
export type * from "./law.ts";
export { sampleDirections } from "./sample-directions.ts";
export { type SphereOptions, sphere } from "./sphere.ts";
