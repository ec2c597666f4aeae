import { neuralKernels, type RunContext } from "meanfield";
import { covarianceEdge } from "./edge.ts";
import { gaussianInputs } from "./inputs.ts";
import type { Values } from "./parameters.ts";
import { reluKernel, smallestOf } from "./smallest.ts";

/** What one draw of inputs and networks gives: all over d. */
export interface FeatureDraw {
  /** lambda_min(G^(2))/(2 d). */
  readonly limit: number;
  /** sigma_min(F_1)^2/(n_1 d), one a width. */
  readonly values: readonly number[];
  /** What they must be near to at these widths. */
  readonly edges: readonly number[];
}

/** Features F_1 = relu(X W_1), N x n_1, of the first hidden layer, N(0, 1) weights. */
export async function featureDraws(context: RunContext<Values>): Promise<{ readonly draws: readonly FeatureDraw[] }> {
  const { networkInputs: count, networkDimensions, networkDraws, featureWidths } = context.parameters;
  const dimension = networkDimensions[networkDimensions.length - 1];
  const kernel = reluKernel(2);
  const draws: FeatureDraw[] = [];
  for (let draw = 0; draw < networkDraws; draw += 1) {
    const points = gaussianInputs({ seed: context.seed, purpose: "features", draw, count, dimension });
    // With these factors the NNGP is G^(2) = 2 E[relu relu], and that of a finite network (2/n_1) F_1 F_1^T.
    const covariance = await neuralKernels.kernelMatrix({ kernel, of: "nngp", points, dimension });
    const { value } = await smallestOf(covariance);
    const spectrum = neuralKernels.spectralDecomposition(covariance).eigenvalues;
    const values: number[] = [];
    for (const width of featureWidths) {
      const seed = `${context.seed}-features-${width}`;
      const widths = [width];
      const found = neuralKernels.empiricalKernel({ kernel, of: "nngp", widths, points, dimension, seed, draw });
      values.push((await smallestOf(found)).value / (2 * dimension));
      await context.pause();
    }
    const edges = featureWidths.map((width) => covarianceEdge(spectrum, width) / (2 * dimension));
    draws.push({ limit: value / (2 * dimension), values, edges });
    context.progress((draw + 1) / networkDraws);
  }
  return { draws };
}
