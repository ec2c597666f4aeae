import type { FullyConnectedKernel } from "../infinite-width/fully-connected.ts";
import { type KernelEvaluator, kernelEvaluator } from "../infinite-width/kernel-evaluator.ts";
import { buildDotProductKernel, type DotProductKernel } from "../spectra/dot-product-kernel.ts";

/** What the entries of a matrix are computed by: inputs by their variance, pairs by the angle between them. */
export type EntryEvaluator = Pick<KernelEvaluator, "pairAtAngle" | "fill">;

/** The evaluator of a network's kernels, or of a dot-product kernel, which is its `nngp` and has no `ntk`. */
export function entryEvaluator(kernel: FullyConnectedKernel | DotProductKernel): EntryEvaluator {
  return kernel.kind === "fully-connected" ? kernelEvaluator(kernel) : dotProductEvaluator(kernel);
}

/** sqrt(v1 v2) kappa(cosine) for inputs of variances v1 and v2; numbers are checked where the matrix's inputs are. */
function dotProductEvaluator(spec: DotProductKernel): EntryEvaluator {
  const kappa = buildDotProductKernel(spec);
  return Object.freeze({
    pairAtAngle(angle: number, firstVariance = 1, secondVariance = 1) {
      const halfCosine = angle === Math.PI ? 0 : Math.cos(angle / 2);
      const nngp = Math.sqrt(firstVariance * secondVariance) * kappa(Math.sin(angle / 2), halfCosine);
      return { nngp, ntk: null };
    },
    fill(firstVariance: number, secondVariances: Float64Array, cosines: Float64Array, out: Float64Array | null) {
      if (out === null) return;
      for (let index = 0; index < cosines.length; index += 1) {
        const c = cosines[index];
        out[index] =
          Math.sqrt(firstVariance * secondVariances[index]) * kappa(Math.sqrt((1 - c) / 2), Math.sqrt((1 + c) / 2));
      }
    },
  });
}
