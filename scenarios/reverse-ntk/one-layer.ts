import { neuralKernels } from "meanfield";
import { exactErrorConstant } from "./exact-error.ts";
import { deepRelu, shallowRelu, signs, tangentKernel, targets } from "./targets.ts";

/** The coefficients found for one target beside the printed ones. */
export interface CoefficientRow {
  readonly name: string;
  readonly label: string;
  readonly found: readonly number[];
  readonly printed: readonly number[];
  readonly noise: number;
}

/** What one hidden layer does at infinite width: nothing random. */
export interface OneLayer {
  readonly rows: readonly CoefficientRow[];
  /** Largest distance of the kernel of one layer, made of 200 terms of the deep kernel's series, over cosines in [-0.9, 0.9]. */
  readonly seriesError: number;
  /** Sums of squares over 100 angles against the NTK of four hidden layers of ReLU. */
  readonly mimicSquares: number;
  readonly shallowSquares: number;
  /** sqrt(width) times the root mean square relative error that finite mimic networks must have. */
  readonly errorConstant: number;
  /** The three tangent kernels on the 100 angles. */
  readonly angles: readonly number[];
  readonly curves: Readonly<Record<"deep" | "mimic" | "shallow", readonly number[]>>;
}

/** @param comparedAngles those of the finite networks */
export function oneLayer(comparedAngles: number): OneLayer {
  const rows = targets().map(({ kernel, ...rest }): CoefficientRow => {
    const { coefficients } = neuralKernels.fitKernelCoefficients({ target: kernel });
    return { ...rest, found: [...neuralKernels.activationForKernel({ coefficients, signs }).coefficients] };
  });
  const deep = tangentKernel(deepRelu);
  const angles = Array.from({ length: 100 }, (_, index) => (Math.PI * index) / 99);
  const curve = (kernel: (cosine: number) => number) => angles.map((angle) => kernel(Math.cos(angle)));
  const mimic = neuralKernels.mimicKernel(neuralKernels.publishedMimic);
  const curves = {
    deep: curve(deep),
    mimic: curve((cosine) => mimic(cosine).ntk),
    shallow: curve(tangentKernel(shallowRelu)),
  };
  const squares = (values: readonly number[]) =>
    values.reduce((sum, value, index) => sum + (value - curves.deep[index]) ** 2, 0);
  return {
    rows,
    seriesError: seriesError(deep),
    mimicSquares: squares(curves.mimic),
    shallowSquares: squares(curves.shallow),
    errorConstant: exactErrorConstant(comparedAngles),
    angles,
    curves,
  };
}

/** The deep kernel's own power series as one hidden layer's activation, compared through that layer's own kernel recursion. */
function seriesError(deep: (cosine: number) => number): number {
  const { ntk } = neuralKernels.kernelPowerSeries(deepRelu, { degree: 200 });
  const activation = neuralKernels.activationForKernel({ coefficients: ntk ?? [] });
  const single = tangentKernel(neuralKernels.fullyConnected({ activation, hiddenLayers: 1 }));
  const cosines = Array.from({ length: 37 }, (_, index) => -0.9 + index * 0.05);
  return Math.max(...cosines.map((cosine) => Math.abs(single(cosine) - deep(cosine))));
}
