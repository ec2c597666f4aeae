export { type BallOptions, ball } from "./ball.ts";
export { buildLaw } from "./build-law.ts";
export { type GaussianOptions, gaussian } from "./gaussian.ts";
export { type HeavyTailedOptions, heavyTailed, heavyTailedFrequency } from "./heavy-tailed.ts";
export { type HypercubeOptions, hypercube } from "./hypercube.ts";
export type * from "./law.ts";
export { type MixtureOptions, mixture } from "./mixture.ts";
export { sampleDirections } from "./sample-directions.ts";
export { type SphereOptions, sphere } from "./sphere.ts";
