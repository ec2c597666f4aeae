import { invalidValue, MeanfieldError, unknownKind } from "../../errors.ts";
import { buildDual } from "../infinite-width/build-dual.ts";
import { checkFullyConnected, type FullyConnectedKernel } from "../infinite-width/fully-connected.ts";
import { propagate } from "../infinite-width/layer-recursion.ts";

/** A kernel on the unit sphere that depends on the cosine of two points only, kappa(x.y). */
export type DotProductKernel =
  | {
      readonly kind: "nngp" | "ntk";
      readonly network: FullyConnectedKernel;
      /** Variance of the inputs, as `KernelEvaluator.inputVariance` counts it. */
      readonly variance: number;
    }
  | { readonly kind: "gamma-exponential"; readonly rate: number; readonly gamma: number }
  | { readonly kind: "own"; readonly value: (cosine: number, angle: number) => number };

export const dotProductKinds = ["nngp", "ntk", "gamma-exponential", "own"] as const;

/**
 * The NNGP (conjugate, random-feature) kernel of a network on a sphere.
 *
 * @param options.variance of the inputs: 1 is |x|^2 = d with normalization `ntk`, |x| = 1 with the others. @default 1
 */
export function nngpKernel(
  network: FullyConnectedKernel,
  options: { readonly variance?: number } = {},
): DotProductKernel {
  return checked({ kind: "nngp", network, variance: options.variance ?? 1 });
}

/**
 * The tangent kernel of a network on a sphere.
 *
 * @param options.variance as of `nngpKernel`. @default 1
 * @throws MeanfieldError `unsupported-combination` where the activation has no derivative
 */
export function ntkKernel(
  network: FullyConnectedKernel,
  options: { readonly variance?: number } = {},
): DotProductKernel {
  return checked({ kind: "ntk", network, variance: options.variance ?? 1 });
}

/** kappa(u) = exp(-rate sqrt(1 - u)), the Laplace kernel exp(-(rate/sqrt 2) |x - y|) on the unit sphere. @default rate 1 */
export function laplaceKernel(options: { readonly rate?: number } = {}): DotProductKernel {
  return gammaExponentialKernel({ rate: options.rate ?? 1, gamma: 0.5 });
}

/**
 * kappa(u) = exp(-rate (1 - u)^gamma), that is exp(-rate |x - y|^(2 gamma) / 2^gamma): Laplace at gamma = 1/2, Gaussian at 1.
 *
 * @param options.rate > 0. @default 1
 * @param options.gamma in (0, 1]
 * @throws MeanfieldError `invalid-value`
 */
export function gammaExponentialKernel(options: { readonly rate?: number; readonly gamma: number }): DotProductKernel {
  return checked({ kind: "gamma-exponential", rate: options.rate ?? 1, gamma: options.gamma });
}

/**
 * A kernel of one's own.
 *
 * @param value kappa as a function of the cosine in [-1, 1] and of the angle in [0, pi], which keeps its digits near 0; smooth inside, singular at the ends
 * at most as a power of the angle
 */
export function dotProductKernel(value: (cosine: number, angle: number) => number): DotProductKernel {
  return checked({ kind: "own", value });
}

/**
 * kappa as a function of sine and cosine of half the angle.
 *
 * @throws MeanfieldError `unknown-kind`, `invalid-value`, `unsupported-combination`
 */
export function buildDotProductKernel(spec: DotProductKernel): (halfSine: number, halfCosine: number) => number {
  switch (spec.kind) {
    case "nngp":
    case "ntk": {
      const { network, variance, kind } = spec;
      checkFullyConnected(network);
      if (!(variance > 0 && variance < Infinity)) throw invalidValue("variance", "a positive finite number", variance);
      const dual = buildDual(network.activation);
      if (kind === "ntk" && dual.derivativeMoment === null) {
        throw new MeanfieldError(
          "unsupported-combination",
          `ntk: a tangent kernel needs the derivative of the activation, and ${network.activation.kind} has none; choose nngpKernel`,
          { path: "ntk" },
        );
      }
      const out = new Float64Array(2);
      const which = kind === "nngp" ? 0 : 1;
      return (halfSine, halfCosine) => {
        propagate(network.layers, dual, variance, variance, halfSine, halfCosine, out);
        return out[which];
      };
    }
    case "gamma-exponential": {
      const { rate, gamma } = spec;
      if (!(rate > 0 && rate < Infinity)) throw invalidValue("rate", "a positive finite number", rate);
      if (!(gamma > 0 && gamma <= 1)) throw invalidValue("gamma", "a number in (0, 1]", gamma);
      if (gamma === 0.5) return (halfSine) => Math.exp(-rate * Math.SQRT2 * halfSine);
      return (halfSine) => Math.exp(-rate * (2 * halfSine * halfSine) ** gamma);
    }
    case "own": {
      const { value } = spec;
      if (typeof value !== "function") throw invalidValue("value", "a function of cosine and angle", value);
      return (halfSine, halfCosine) => {
        const cosine = (halfCosine - halfSine) * (halfCosine + halfSine);
        const found = value(cosine, 2 * Math.atan2(halfSine, halfCosine));
        if (Number.isFinite(found)) return found;
        throw new MeanfieldError("not-finite", `value: expected a finite number at cosine ${cosine}, got ${found}`, {
          path: "value",
        });
      };
    }
    default:
      throw unknownKind("kernel", (spec as { readonly kind?: unknown } | null)?.kind, dotProductKinds);
  }
}

function checked(spec: DotProductKernel): DotProductKernel {
  buildDotProductKernel(spec);
  return Object.freeze(spec);
}
