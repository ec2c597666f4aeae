import { invalidValue, MeanfieldError, unknownKind } from "../../errors.ts";
import { type ActivationSpec, activationKinds, buildActivation } from "../../networks/index.ts";
import { hermiteSum } from "../../numerics/hermite.ts";

/** A sine, phi(z) = amplitude sin(frequency z + phase). */
export interface SineActivation {
  readonly kind: "sine";
  readonly amplitude: number;
  readonly frequency: number;
  readonly phase: number;
}

/** phi = sum_k coefficients[k] h_k in normalised probabilists' Hermite polynomials. */
export interface HermiteActivation {
  readonly kind: "hermite";
  readonly coefficients: readonly number[];
}

/** A function of the user's own. */
export interface OwnActivation {
  readonly kind: "own";
  readonly value: (z: number) => number;
  /** phi' between the kinks; null where no tangent kernel is wanted or phi jumps. */
  readonly derivative: ((z: number) => number) | null;
  /** Where phi or one of its first derivatives jumps, ascending. */
  readonly kinks: readonly number[];
}

/** What an activation of a kernel can be: those of `activations`, and more that no finite network of the toolkit trains. */
export type KernelActivationSpec =
  | ActivationSpec
  | SineActivation
  | { readonly kind: "step" }
  | { readonly kind: "sign" }
  | HermiteActivation
  | OwnActivation;

/** The kinds of activations that kernels know. */
export const kernelActivationKinds = [...activationKinds, "sine", "step", "sign", "hermite", "own"] as const;

/** A kernel's activation as functions. */
export interface KernelActivation {
  readonly spec: KernelActivationSpec;
  value(z: number): number;
  /** Null where phi jumps, or where an own function came without one. */
  readonly derivative: ((z: number) => number) | null;
  readonly kinks: readonly number[];
  /** p where phi(r z) = r^p phi(z) for every r > 0 (1: ReLU, 0: step); null for others. */
  readonly homogeneity: 0 | 1 | null;
}

/**
 * phi(z) = amplitude sin(frequency z + phase); a cosine has phase pi/2.
 *
 * @param options.amplitude @default 1
 * @param options.frequency > 0
 * @param options.phase radians, @default 0
 * @throws MeanfieldError `invalid-value`
 */
export function sine(options: {
  readonly amplitude?: number;
  readonly frequency: number;
  readonly phase?: number;
}): SineActivation {
  const { amplitude = 1, frequency, phase = 0 } = options;
  return checked({ kind: "sine", amplitude, frequency, phase });
}

/** phi(z) = 1 for z > 0, 0 elsewhere (Heaviside): a kernel of features only, since its tangent kernel is infinite on the diagonal. */
export function step(): { readonly kind: "step" } {
  return Object.freeze({ kind: "step" });
}

/** phi(z) = 1 for z > 0, -1 for z < 0: a kernel of features only, as `step`. */
export function sign(): { readonly kind: "sign" } {
  return Object.freeze({ kind: "sign" });
}

/**
 * phi = sum_k coefficients[k] h_k, where h_0 = 1, h_1 = z, sqrt(k + 1) h_(k+1) = z h_k - sqrt(k) h_(k-1), so that E h_j(z) h_k(z) = 1(j = k) for a
 * standard Gaussian z.
 *
 * @param coefficients b_0, b_1, ...: at least one, finite, not all 0
 * @throws MeanfieldError `invalid-value`
 */
export function hermite(coefficients: ArrayLike<number>): HermiteActivation {
  return checked({ kind: "hermite", coefficients: Object.freeze(Array.from(coefficients)) });
}

/**
 * An activation of one's own. Its kernels are computed by quadrature ([accuracy](docs/theory/neural-kernels.md)).
 *
 * @param options.value phi(z), finite, growing less fast than exp(z^2/4)
 * @param options.derivative phi'(z) between the kinks; needed for tangent kernels. @default null
 * @param options.kinks where phi or one of its derivatives jumps. A kink that is left out costs digits or ends in `no-convergence`. @default none
 * @throws MeanfieldError `invalid-value`
 */
export function activation(options: {
  readonly value: (z: number) => number;
  readonly derivative?: ((z: number) => number) | null;
  readonly kinks?: readonly number[];
}): OwnActivation {
  const { value, derivative = null, kinks = [] } = options;
  return checked({ kind: "own", value, derivative, kinks: Object.freeze([...kinks].sort((a, b) => a - b)) });
}

/**
 * The functions of a kernel's activation.
 *
 * @throws MeanfieldError `unknown-kind`, `invalid-value`, `not-finite`
 */
export function buildKernelActivation(spec: KernelActivationSpec): KernelActivation {
  switch (spec.kind) {
    case "sine":
      return buildSine(spec);
    case "step":
      return jump(spec, 0);
    case "sign":
      return jump(spec, -1);
    case "hermite":
      return buildHermite(spec);
    case "own":
      return buildOwn(spec);
    default: {
      if (!(activationKinds as readonly string[]).includes(spec?.kind)) {
        throw unknownKind("activation", (spec as { readonly kind?: unknown } | null)?.kind, kernelActivationKinds);
      }
      const { value, derivative, negativeSlope } = buildActivation(spec);
      const isHomogeneous = negativeSlope !== null;
      return Object.freeze({
        spec,
        value,
        derivative,
        kinks: isHomogeneous ? [0] : [],
        homogeneity: isHomogeneous ? 1 : null,
      });
    }
  }
}

function buildSine(spec: SineActivation): KernelActivation {
  const { amplitude, frequency, phase } = spec;
  if (!Number.isFinite(amplitude) || amplitude === 0) {
    throw invalidValue("activation.amplitude", "a finite number other than 0", amplitude);
  }
  if (!(frequency > 0 && frequency < Infinity)) {
    throw invalidValue("activation.frequency", "a positive finite number", frequency);
  }
  if (!Number.isFinite(phase)) throw invalidValue("activation.phase", "a finite number", phase);
  return Object.freeze({
    spec,
    value: (z: number) => amplitude * Math.sin(frequency * z + phase),
    derivative: (z: number) => amplitude * frequency * Math.cos(frequency * z + phase),
    kinks: [],
    homogeneity: null,
  });
}

function jump(spec: KernelActivationSpec, below: number): KernelActivation {
  return Object.freeze({
    spec,
    value: (z: number) => (z > 0 ? 1 : z === 0 && below === -1 ? 0 : below),
    derivative: null,
    kinks: [0],
    homogeneity: 0,
  });
}

function buildHermite(spec: HermiteActivation): KernelActivation {
  const { coefficients } = spec;
  if (!Array.isArray(coefficients) || coefficients.length < 1) {
    throw invalidValue("activation.coefficients", "at least one number", coefficients);
  }
  coefficients.forEach((entry, degree) => {
    if (!Number.isFinite(entry)) throw invalidValue(`activation.coefficients[${degree}]`, "a finite number", entry);
  });
  if (coefficients.every((entry) => entry === 0)) {
    throw invalidValue("activation.coefficients", "a number other than 0", coefficients);
  }
  const slopes = coefficients.slice(1).map((entry, degree) => Math.sqrt(degree + 1) * entry);
  return Object.freeze({
    spec,
    value: (z: number) => hermiteSum(coefficients, z),
    derivative: (z: number) => hermiteSum(slopes, z),
    kinks: [],
    homogeneity: null,
  });
}

function buildOwn(spec: OwnActivation): KernelActivation {
  const { value, derivative, kinks } = spec;
  if (typeof value !== "function") throw invalidValue("activation.value", "a function of z", value);
  if (derivative !== null && typeof derivative !== "function") {
    throw invalidValue("activation.derivative", "a function of z, or null", derivative);
  }
  kinks.forEach((place, index) => {
    if (!Number.isFinite(place)) throw invalidValue(`activation.kinks[${index}]`, "a finite number", place);
    if (index > 0 && !(place > kinks[index - 1])) {
      throw invalidValue(`activation.kinks[${index}]`, `a number above the one before, ${kinks[index - 1]}`, place);
    }
  });
  for (const z of [-2.3, -0.7, 0.4, 1.9]) {
    requireFinite("activation.value", value(z), z);
    if (derivative !== null) requireFinite("activation.derivative", derivative(z), z);
  }
  return Object.freeze({ spec, value, derivative, kinks, homogeneity: null });
}

function requireFinite(path: string, got: number, z: number): void {
  if (Number.isFinite(got)) return;
  throw new MeanfieldError("not-finite", `${path}: expected finite numbers, got ${got} at z = ${z}`, { path });
}

function checked<T extends KernelActivationSpec>(spec: T): T {
  buildKernelActivation(spec);
  return Object.freeze(spec);
}
