import { invalidValue } from "../../errors.ts";
import { buildActivation } from "../../networks/activation.ts";
import type { Engine, SampledExpectation, VelocityMemory, VelocityProblem } from "../engine.ts";
import { allocateBlock, attachBlock } from "../memory-block.ts";
import type { Reals } from "../reals.ts";
import { bottleneckScratch, createBottleneckKernel } from "./bottleneck-kernel.ts";
import { referenceDeepKernels } from "./deep.ts";
import { createDenseKernel, denseScratch } from "./dense-kernel.ts";
import { referenceMatrices } from "./matrices.ts";
import { moveParticles, type ReferenceKernel, type ReferenceMemory, scratchSizeOf } from "./scratch.ts";
import { createSmoothDenseKernel, smoothDenseScratch } from "./smooth-dense-kernel.ts";
import { createSmoothTwoLayerKernel, smoothTwoLayerScratch } from "./smooth-two-layer-kernel.ts";
import { createTwoLayerRadialKernel, twoLayerRadialScratch } from "./two-layer-radial-kernel.ts";
import { createTwoLayerSampledKernel, twoLayerSampledScratch } from "./two-layer-sampled-kernel.ts";

/** The float64 engine in TypeScript: the oracle against which faster ones are tested. */
export const referenceEngine: Engine = Object.freeze({
  name: "reference",
  arithmetic: "plain",
  instructions: "TypeScript",
  precisions: ["float64"] as const,
  draws: null,
  measuring: null,
  matrices: () => referenceMatrices,
  deep: referenceDeepKernels,
  allocate: allocateBlock,
  attach: attachBlock,
  scratchBytes(problem) {
    const { doubles, bytes } = scratchSizeOf(scratchPlan(problem));
    return 8 * doubles + bytes;
  },
  initialize() {},
  createKernel(problem, memory) {
    const own = referenceMemory(problem, memory);
    const kernel = createReferenceKernel(problem, own);
    let bound = own.velocity;
    return {
      ...kernel,
      bind(particles, { points, targets, weights }) {
        bound = asDoubles(particles);
        kernel.bind(bound, {
          points: asDoubles(points),
          targets: asDoubles(targets),
          weights: weights === null ? null : asDoubles(weights),
        });
      },
      move(stepSize, part, parts) {
        moveParticles(bound, own.velocity, stepSize, kernel.owned(part, parts));
      },
    };
  },
} satisfies Engine);

function createReferenceKernel(problem: VelocityProblem, memory: ReferenceMemory): ReferenceKernel {
  const { network, expectation } = problem;
  if (network.kind === "bottleneck") return createBottleneckKernel(problem, network, memory);
  if (network.kind === "dense") {
    const create = isSmooth(problem) ? createSmoothDenseKernel : createDenseKernel;
    return create(problem, network, sampledOnly(expectation, "the dense network"), memory);
  }
  if (isSmooth(problem)) {
    const sampled = sampledOnly(expectation, `the activation ${problem.activation.kind}`);
    return createSmoothTwoLayerKernel(problem, network, sampled, memory);
  }
  return expectation.kind === "radial"
    ? createTwoLayerRadialKernel(problem, network, expectation, memory)
    : createTwoLayerSampledKernel(problem, network, expectation, memory);
}

function isSmooth({ activation }: VelocityProblem): boolean {
  return buildActivation(activation).negativeSlope === null;
}

function sampledOnly(expectation: VelocityProblem["expectation"], what: string): SampledExpectation {
  if (expectation.kind === "sampled") return expectation;
  throw new Error(`a radial velocity was planned for ${what}, which has none`);
}

function scratchPlan(problem: VelocityProblem) {
  const { network, expectation } = problem;
  if (network.kind === "bottleneck") return bottleneckScratch(problem, network);
  if (network.kind === "dense") return isSmooth(problem) ? smoothDenseScratch(network) : denseScratch(problem, network);
  if (isSmooth(problem)) return smoothTwoLayerScratch(problem, network);
  return expectation.kind === "radial"
    ? twoLayerRadialScratch(problem, network)
    : twoLayerSampledScratch(problem, network);
}

function referenceMemory(problem: VelocityProblem, { block, scratch, velocity }: VelocityMemory): ReferenceMemory {
  const { doubles, bytes } = scratchSizeOf(scratchPlan(problem));
  return {
    velocity: asDoubles(velocity),
    doubles: new Float64Array(block.buffer, scratch, doubles),
    bytes: new Uint8Array(block.buffer, scratch + 8 * doubles, bytes),
  };
}

function asDoubles(reals: Reals): Float64Array {
  if (reals instanceof Float64Array) return reals;
  throw invalidValue("precision", "float64 with the reference engine", "float32");
}
