import { MeanfieldError } from "../../errors.ts";
import { buildDual } from "../infinite-width/build-dual.ts";
import { propagate } from "../infinite-width/layer-recursion.ts";
import type { KernelLayer } from "../infinite-width/normalization.ts";
import type { DotProductKernel } from "./dot-product-kernel.ts";
import { powerEigenvalue } from "./power-eigenvalue.ts";

/**
 * The leading singular terms of a kernel at both ends, kappa(1 - t) = smooth + atOne t^exponent, kappa(-1 + t) = smooth + atMinusOne t^exponent, which decide how its
 * eigenvalues decay (Bietti, Bach 2021, theorem 1).
 */
export interface EndpointExpansion {
  /** nu, no whole number. */
  readonly exponent: number;
  readonly atOne: number;
  readonly atMinusOne: number;
}

const arcCosineTerm = (2 * Math.SQRT2) / (3 * Math.PI);
const angleTerm = Math.SQRT2 / Math.PI;

/**
 * Endpoint expansions in closed form, with A = 2 sqrt(2)/(3 pi), B = sqrt(2)/pi, L layers of weights, rho = (1 - a)^2/(1 + a^2) for leaky ReLU of slope a (1 for
 * ReLU), kdot = E phi' phi' of a layer that keeps the variance, and P = product of kdot at what the layers l = 2 ... L - 1 make of u = -1:
 *
 * | kernel | exponent | at 1 | at -1 |
 * |---|---|---|---|
 * | NNGP, relu | 3/2 | (L-1) rho A | rho A P |
 * | NTK, relu | 1/2 | -rho B L(L-1)/2 | -rho B P |
 * | NTK, a bias of tangent b in layer i = 0 ... | | -rho B b (L-1-i) more | rho B b P more at i = 0 |
 * | NNGP, step | 2^(1-L) | -B^(2-2^(2-L)) | B at L = 2, 0 beyond |
 * | NNGP, sign | 2^(1-L) | -(2B)^(2-2^(2-L)) | the opposite |
 * | exp(-c (1-u)^gamma) | gamma | -c | 0 |
 *
 * Derived in docs/theory/neural-kernels.md, and tested against the spectra. Networks must have normalization `unit-sphere`.
 *
 * @throws MeanfieldError `unsupported-combination` for kernels whose expansion is not known here, or that are smooth
 */
export function endpointExpansion(kernel: DotProductKernel): EndpointExpansion {
  if (kernel.kind === "gamma-exponential" && kernel.gamma < 1) {
    return Object.freeze({ exponent: kernel.gamma, atOne: -kernel.rate, atMinusOne: 0 });
  }
  if ((kernel.kind === "nngp" || kernel.kind === "ntk") && kernel.network.normalization === "unit-sphere") {
    const { activation, layers } = kernel.network;
    if (activation.kind === "relu") return bentExpansion(kernel.kind, 0, layers);
    if (activation.kind === "leaky-relu") return bentExpansion(kernel.kind, activation.negativeSlope, layers);
    if (activation.kind === "step" || activation.kind === "sign") return jumpExpansion(activation.kind, layers.length);
  }
  throw new MeanfieldError(
    "unsupported-combination",
    'kernel: expected the kernel of a relu, leaky-relu, step or sign network with normalization "unit-sphere", or a gamma-exponential one with gamma < 1',
    { path: "kernel" },
  );
}

/**
 * What an endpoint expansion says of mu_k: (atOne + (-1)^k atMinusOne) times the exact eigenvalue of (1 - t)^exponent. Its relative error falls with k.
 *
 * @throws MeanfieldError `invalid-value`
 */
export function expectedEigenvalue(expansion: EndpointExpansion, degree: number, dimension: number): number {
  const { exponent, atOne, atMinusOne } = expansion;
  return (atOne + (degree % 2 === 0 ? 1 : -1) * atMinusOne) * powerEigenvalue(degree, dimension, exponent);
}

function bentExpansion(kind: "nngp" | "ntk", slope: number, layers: readonly KernelLayer[]): EndpointExpansion {
  const bend = (1 - slope) ** 2 / (1 + slope ** 2);
  const inner = slopesFromMinusOne(slope, layers);
  const count = layers.length;
  if (kind === "nngp") {
    const term = bend * arcCosineTerm;
    return Object.freeze({ exponent: 1.5, atOne: (count - 1) * term, atMinusOne: term * inner });
  }
  const term = bend * angleTerm;
  let atOne = (-term * count * (count - 1)) / 2;
  layers.forEach(({ biasTangent }, index) => {
    atOne -= term * biasTangent * (count - 1 - index);
  });
  return Object.freeze({ exponent: 0.5, atOne, atMinusOne: term * inner * (layers[0].biasTangent - 1) });
}

/** The product of E phi' phi' (each layer keeping the variance) at the images of u = -1 in the second and later hidden layers. */
function slopesFromMinusOne(slope: number, layers: readonly KernelLayer[]): number {
  const dual = buildDual({ kind: "leaky-relu", negativeSlope: slope });
  const moment = dual.secondMoment(1);
  const out = new Float64Array(3);
  const values = new Float64Array(2);
  let product = 1;
  for (let hidden = 1; hidden + 1 < layers.length; hidden += 1) {
    const upTo = [...layers.slice(0, hidden), layers[layers.length - 1]];
    propagate(upTo, dual, 1, 1, 1, 0, values);
    dual.pair(1, 1, Math.sqrt((1 - values[0]) / 2), Math.sqrt((1 + values[0]) / 2), out);
    product *= out[2] / moment;
  }
  return product;
}

function jumpExpansion(kind: "step" | "sign", count: number): EndpointExpansion {
  const base = kind === "step" ? angleTerm : 2 * angleTerm;
  const atOne = -(base ** (2 - 2 ** (2 - count)));
  const atMinusOne = kind === "sign" || count === 2 ? -atOne : 0;
  return Object.freeze({ exponent: 2 ** (1 - count), atOne, atMinusOne });
}
