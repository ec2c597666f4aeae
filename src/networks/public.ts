/** What users see as `networks`. */
export { bottleneckAlpha } from "./bottleneck.ts";
export { gaussianStart } from "./gaussian-start.ts";
export {
  arrangementOfStart,
  type BottleneckSpec,
  type DenseSpec,
  type FirstLayerStart,
  firstLayerStarts,
  type Network,
  type NetworkSpec,
  type OutputStart,
  outputStarts,
  type SphericalSymmetrization,
  type TwoLayerSpec,
} from "./network.ts";
export {
  bottleneck,
  bottleneckDefaults,
  buildNetwork,
  dense,
  type NetworkPlan,
  twoLayer,
} from "./network-plan.ts";
export type { ParticleArray, ParticleLayout, Particles } from "./particles.ts";
export { relativeHarmonics } from "./relative-harmonics.ts";
export { expectedRelativeVariance, relativeVariance } from "./relative-variance.ts";
export { reluHarmonic, stepHarmonic } from "./relu-harmonics.ts";
export { createSphericalMean, meanReluOfCoordinate } from "./spherical-mean.ts";
export type { ArraySpeeds } from "./tangent-features.ts";
export { type TangentKernelOptions, tangentKernel } from "./tangent-kernel.ts";
