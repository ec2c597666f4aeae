import { invalidValue, unknownKind } from "../errors.ts";
import { erf } from "../numerics/special-functions.ts";

/** An activation function sigma by name, as plain data; `activations` of the public API makes them, `buildActivation` the functions. */
export type ActivationSpec =
  | { readonly kind: "relu" }
  | { readonly kind: "leaky-relu"; readonly negativeSlope: number }
  | { readonly kind: "tanh" }
  | { readonly kind: "erf" }
  | { readonly kind: "softplus" };

/** The kinds of activation functions. */
export const activationKinds = ["relu", "leaky-relu", "tanh", "erf", "softplus"] as const;

/** Activations that are analytic, so that no network of them is piecewise linear along a ray. */
export type SmoothActivationKind = "tanh" | "erf" | "softplus";

/** An activation as functions. */
export interface Activation {
  readonly kind: ActivationSpec["kind"];
  /** sigma's slope below 0 where sigma is linear on either side of 0 (ReLU: 0); null for a smooth activation. */
  readonly negativeSlope: number | null;
  /** sigma(z); NaN at NaN. */
  value(z: number): number;
  /** sigma'(z), accurate to a few units in the last place wherever it is a normal number; at the bend of ReLU and leaky ReLU the slope below 0. */
  derivative(z: number): number;
}

const twoOverRootPi = 2 / Math.sqrt(Math.PI);

/**
 * The functions of an activation:
 *
 * | kind       | sigma(z)                                        | sigma'(z)                               |
 * |------------|-------------------------------------------------|-----------------------------------------|
 * | relu       | max(z, 0)                                       | 1(z > 0)                                |
 * | leaky-relu | z for z > 0, negativeSlope z elsewhere          | 1 for z > 0, negativeSlope elsewhere    |
 * | tanh       | tanh z                                          | 1 / cosh(z)^2 = 4 e / (1 + e)^2, e = exp(-2 abs z) |
 * | erf        | (2/sqrt pi) integral_0^z exp(-t^2) dt, unscaled | (2/sqrt pi) exp(-z^2)                   |
 * | softplus   | log(1 + exp z) = max(z, 0) + log1p(exp(-abs z)) | 1 / (1 + exp(-z))                       |
 *
 * @throws MeanfieldError `unknown-kind` on a kind that does not exist, `invalid-value` on a slope outside [0, 1)
 */
export function buildActivation(spec: ActivationSpec): Activation {
  switch (spec.kind) {
    case "relu":
      return linearOnEitherSide(spec.kind, 0);
    case "leaky-relu":
      return linearOnEitherSide(spec.kind, checkedNegativeSlope(spec.negativeSlope));
    case "tanh":
      return Object.freeze({ kind: spec.kind, negativeSlope: null, value: Math.tanh, derivative: squaredSecant });
    case "erf":
      return Object.freeze({ kind: spec.kind, negativeSlope: null, value: errorFunction, derivative: gaussian });
    case "softplus":
      return Object.freeze({ kind: spec.kind, negativeSlope: null, value: softplus, derivative: logistic });
    default:
      throw unknownKind("activation", (spec as { readonly kind?: unknown }).kind, activationKinds);
  }
}

/** The activation of a network; ReLU where its spec does not say, and in the bottleneck network always. */
export function activationOf(spec: { readonly kind: string; readonly activation?: ActivationSpec }): ActivationSpec {
  return spec.activation ?? relu;
}

/** Whether sigma is exactly ReLU, which exact radial integrals and built-in limits ask for. */
export function isRelu(spec: ActivationSpec): boolean {
  return buildActivation(spec).negativeSlope === 0;
}

/** An activation in words, for messages: `tanh`, or `leaky-relu with negativeSlope 0.1`. */
export function activationText(spec: ActivationSpec): string {
  return spec.kind === "leaky-relu" ? `${spec.kind} with negativeSlope ${spec.negativeSlope}` : spec.kind;
}

const relu: ActivationSpec = Object.freeze({ kind: "relu" });

function linearOnEitherSide(kind: ActivationSpec["kind"], slope: number): Activation {
  return Object.freeze({
    kind,
    negativeSlope: slope,
    value: (z: number) => (z > 0 ? z : slope * z),
    derivative: (z: number) => (z > 0 ? 1 : slope),
  });
}

/** At 1 the network would be linear. */
function checkedNegativeSlope(slope: number): number {
  if (slope >= 0 && slope < 1) return slope;
  throw invalidValue("activation.negativeSlope", "a number in [0, 1)", slope);
}

/** 1 - tanh^2 without its cancellation at large |z|. */
function squaredSecant(z: number): number {
  const e = Math.exp(-2 * Math.abs(z));
  return (4 * e) / ((1 + e) * (1 + e));
}

/** Particles that have left all bounds are NaN before they are found out, and must not throw meanwhile. */
function errorFunction(z: number): number {
  return Number.isNaN(z) ? z : erf(z);
}

function gaussian(z: number): number {
  return twoOverRootPi * Math.exp(-z * z);
}

function softplus(z: number): number {
  const tail = Math.log1p(Math.exp(-Math.abs(z)));
  return z > 0 ? z + tail : tail;
}

function logistic(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return z > 0 ? 1 / (1 + e) : e / (1 + e);
}
