import { MeanfieldError } from "../../errors.ts";
import { nelderMead } from "../../numerics/nelder-mead.ts";
import { equalAngles } from "./fit-kernel.ts";
import { type MimicParameters, mimicKernel, mimicParameterNames, mimicStart } from "./mimic-kernel.ts";

export interface MimicFitOptions {
  /** The wanted tangent kernel as a function of the cosine. */
  readonly target: (cosine: number) => number;
  /** Equally spaced angles from 0 to pi. @default 100 */
  readonly angles?: number;
  /** @default the published start */
  readonly start?: MimicParameters;
  /** @default 1000 */
  readonly iterations?: number;
  /** See `nelderMead`. @default 1e-4 */
  readonly tolerance?: number;
}

export interface MimicFit {
  readonly parameters: MimicParameters;
  /** sum over the angles of (NTK of the mimic - target)^2. */
  readonly sumOfSquares: number;
  readonly rootMeanSquare: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * Seven parameters of a one-hidden-layer network whose tangent kernel comes near to a wanted one, by Nelder and Mead. The objective is the exact kernel of the infinitely wide
 * network, without noise; the published fit averaged 20 networks of width 2^14 in each evaluation, whose noise its simplex had to bear.
 *
 * @throws MeanfieldError `not-finite` where the target is not; `invalid-value`
 */
export function fitMimic(options: MimicFitOptions): MimicFit {
  const { target, angles = 100, start = mimicStart, iterations = 1000, tolerance = 1e-4 } = options;
  const objective = mimicSumOfSquares(target, angles);
  const found = nelderMead((point) => objective(fromPoint(point)), {
    start: mimicParameterNames.map((name) => start[name]),
    iterations,
    tolerance,
  });
  return Object.freeze({
    parameters: fromPoint(found.point),
    sumOfSquares: found.value,
    rootMeanSquare: Math.sqrt(found.value / angles),
    iterations: found.iterations,
    converged: found.converged,
  });
}

/**
 * sum over equally spaced angles of (NTK of the mimic - target)^2, as a function of the parameters; infinite where parameters lie beyond what `mimicKernel` takes.
 *
 * @throws MeanfieldError `not-finite` where the target is not
 */
export function mimicSumOfSquares(
  target: (cosine: number) => number,
  angles = 100,
): (parameters: MimicParameters) => number {
  const cosines = equalAngles(angles).map(Math.cos);
  const wanted = cosines.map((cosine) => {
    const value = target(cosine);
    if (Number.isFinite(value)) return value;
    throw new MeanfieldError("not-finite", `target: expected a finite number at cosine ${cosine}, got ${value}`, {
      path: "target",
    });
  });
  return (parameters) => {
    if (Math.abs(parameters.frequency) > 25 || Math.abs(parameters.kink) > 8) return Infinity;
    const kernel = mimicKernel(parameters);
    return cosines.reduce((sum, cosine, index) => sum + (kernel(cosine).ntk - wanted[index]) ** 2, 0);
  };
}

function fromPoint(point: readonly number[]): MimicParameters {
  const [bend, kink, slope, offset, amplitude, frequency, phase] = point;
  return Object.freeze({ bend, kink, slope, offset, amplitude, frequency, phase });
}
