import type { Engine, VelocityProblem } from "../engine.ts";
import { bottleneckScratch, createBottleneckKernel } from "./bottleneck-kernel.ts";
import { scratchSizeOf } from "./scratch.ts";
import { createTwoLayerRadialKernel, twoLayerRadialScratch } from "./two-layer-radial-kernel.ts";
import { createTwoLayerSampledKernel, twoLayerSampledScratch } from "./two-layer-sampled-kernel.ts";

/** The float64 engine in TypeScript: the oracle against which faster ones are tested. */
export const referenceEngine: Engine = Object.freeze({
  name: "reference",
  arithmetic: "plain",
  scratchSize(problem) {
    return scratchSizeOf(scratchPlan(problem));
  },
  createKernel(problem, memory) {
    const { network, expectation } = problem;
    if (network.kind === "bottleneck") return createBottleneckKernel(problem, network, memory);
    return expectation.kind === "radial"
      ? createTwoLayerRadialKernel(problem, network, expectation, memory)
      : createTwoLayerSampledKernel(problem, network, expectation, memory);
  },
} satisfies Engine);

function scratchPlan(problem: VelocityProblem) {
  const { network, expectation } = problem;
  if (network.kind === "bottleneck") return bottleneckScratch(problem, network);
  return expectation.kind === "radial"
    ? twoLayerRadialScratch(problem, network)
    : twoLayerSampledScratch(problem, network);
}
