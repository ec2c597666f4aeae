import { invalidValue } from "../../errors.ts";
import { erf, gaussLegendre } from "../../numerics/index.ts";
import { activation, type OwnActivation } from "../infinite-width/kernel-activation.ts";
import type { KernelValues } from "../infinite-width/kernel-evaluator.ts";

/** phi(z) = bend relu(z - kink) + slope z + offset + amplitude cos(frequency z + phase): the seven numbers a ... g of Simon, Anand, DeWeese 2022. */
export interface MimicParameters {
  readonly bend: number;
  readonly kink: number;
  readonly slope: number;
  readonly offset: number;
  readonly amplitude: number;
  readonly frequency: number;
  readonly phase: number;
}

/** The parameters in the order of the paper's letters. */
export const mimicParameterNames = ["bend", "kink", "slope", "offset", "amplitude", "frequency", "phase"] as const;

/**
 * The published parameters whose network with one hidden layer has nearly the tangent kernel of four hidden layers of ReLU (sigma_w^2 = 2, sigma_b = 0.1), from the notebooks
 * of Simon, Anand, DeWeese, "Reverse Engineering the Neural Tangent Kernel", ICML 2022.
 */
export const publishedMimic: MimicParameters = Object.freeze({
  bend: 3.8001579818118927,
  kink: 1.0600013769145225,
  slope: 0.09680930566346302,
  offset: 0.9010060417094072,
  amplitude: -0.07936104642025432,
  frequency: 11.810565331593281,
  phase: 0.9340552512015492,
});

/** Where the published search began. */
export const mimicStart: MimicParameters = Object.freeze({
  bend: 3.5,
  kink: 1,
  slope: 0.05,
  offset: 0.8,
  amplitude: 0.1,
  frequency: 10,
  phase: Math.PI / 4 + 0.1,
});

/**
 * The mimic as an activation, for evaluators of any depth and variance.
 *
 * @throws MeanfieldError `invalid-value` on parameters that are not finite
 */
export function mimicActivation(parameters: MimicParameters): OwnActivation {
  checkMimic(parameters);
  const { bend, kink, slope, offset, amplitude, frequency, phase } = parameters;
  return activation({
    value: (z) => bend * Math.max(0, z - kink) + slope * z + offset + amplitude * Math.cos(frequency * z + phase),
    derivative: (z) => (z > kink ? bend : 0) + slope - amplitude * frequency * Math.sin(frequency * z + phase),
    kinks: [kink],
  });
}

/**
 * Both kernels of the mimic network with one hidden layer (sigma_w^2 = 1, no biases, inputs with |x|^2 = d) as functions of the cosine, exactly: the shifted ReLU's part from bivariate
 * Gaussian tails, everything that the smooth parts add from Hermite coefficients in closed form, whose series end. Error about 1e-13 of the diagonal; microseconds a cosine,
 * which is what a fit needs.
 *
 * @throws MeanfieldError `invalid-value`: parameters that are not finite, |frequency| > 25, |kink| > 8, a cosine outside [-1, 1]
 */
export function mimicKernel(parameters: MimicParameters): (cosine: number) => KernelValues & { readonly ntk: number } {
  checkMimic(parameters);
  const { bend, kink } = parameters;
  const { coefficients, bent } = hermiteSeries(parameters);
  const shifted = shiftedReluMoments(kink);
  const pair = new Float64Array(2);
  return (cosine) => {
    if (!(cosine >= -1 && cosine <= 1)) throw invalidValue("cosine", "a number in [-1, 1]", cosine);
    let value = 0;
    let slope = 0;
    for (let k = coefficients.length - 1; k >= 0; k -= 1) {
      const entry = coefficients[k] ** 2 - bent[k] ** 2;
      value = value * cosine + entry;
      if (k > 0) slope = slope * cosine + k * entry;
    }
    shifted(cosine, pair);
    const nngp = value + bend * bend * pair[0];
    return { nngp, ntk: nngp + cosine * (slope + bend * bend * pair[1]) };
  };
}

/** Coefficients of phi, and those of its bent part alone, up to where the wave has none left. */
function hermiteSeries({ bend, kink, slope, offset, amplitude, frequency, phase }: MimicParameters) {
  // The wave's coefficients f^k/sqrt(k!) are largest at k = f^2 and gone some twelve f beyond.
  const size = Math.ceil(frequency * frequency + 14 * Math.abs(frequency)) + 60;
  const coefficients = new Float64Array(size);
  const bent = new Float64Array(size);
  const density = Math.exp((-kink * kink) / 2) / Math.sqrt(2 * Math.PI);
  let before = 0;
  let here = 1;
  // log |E cos(f z + g) h_k| without its cosine: k log f - f^2/2 - log(k!)/2.
  let log = (-frequency * frequency) / 2;
  for (let k = 0; k < size; k += 1) {
    if (k === 0) bent[k] = bend * (density - kink * upperTail(kink));
    if (k === 1) bent[k] = bend * upperTail(kink);
    // E relu(z - b) h_k = density h_(k-2)(b)/sqrt(k (k-1)).
    if (k + 2 < size) bent[k + 2] = (bend * density * here) / Math.sqrt((k + 2) * (k + 1));
    const next = (kink * here - Math.sqrt(k) * before) / Math.sqrt(k + 1);
    before = here;
    here = next;
    const sign = frequency < 0 && k % 2 === 1 ? -1 : 1;
    coefficients[k] = bent[k] + sign * amplitude * Math.exp(log) * Math.cos(phase + (k % 4) * (Math.PI / 2));
    log += Math.log(Math.abs(frequency)) - Math.log(k + 1) / 2;
    if (frequency === 0) log = -Infinity;
  }
  coefficients[0] += offset;
  coefficients[1] += slope;
  return { coefficients, bent };
}

/**
 * E relu(z1 - b) relu(z2 - b) and P(z1 > b, z2 > b) at correlation c, written to out[0] and out[1]. With T = P(z > b), density g and
 *
 *     P = T^2 + (1/2 pi) integral_theta^(pi/2) exp(-b^2/(1 + cos t)) dt,
 *     E = (b^2 + c) P - 2 b g(b) T(b sqrt((1 - c)/(1 + c))) + sqrt(1 - c^2)/(2 pi) exp(-b^2/(1 + c)).
 */
function shiftedReluMoments(kink: number): (cosine: number, out: Float64Array) => void {
  const { nodes, weights } = gaussLegendre(24);
  const square = kink * kink;
  const tail = upperTail(kink);
  const density = Math.exp(-square / 2) / Math.sqrt(2 * Math.PI);
  const panels = 3;
  return (cosine, out) => {
    const angle = Math.acos(cosine);
    const half = (Math.PI / 2 - angle) / (2 * panels);
    let sum = 0;
    for (let panel = 0; panel < panels; panel += 1) {
      const middle = angle + half * (2 * panel + 1);
      for (let node = 0; node < nodes.length; node += 1) {
        sum += weights[node] * Math.exp(-square / (1 + Math.cos(middle + half * nodes[node])));
      }
    }
    const both = tail * tail + (half * sum) / (2 * Math.PI);
    const ratio = kink * Math.sqrt((1 - cosine) / (1 + cosine));
    const edge =
      cosine === -1 ? 0 : (Math.sqrt(1 - cosine * cosine) / (2 * Math.PI)) * Math.exp(-square / (1 + cosine));
    // b = 0 at c = -1 is 0 times infinity, in front of a factor b.
    out[0] = (square + cosine) * both - (kink === 0 ? 0 : 2 * kink * density * upperTail(ratio)) + edge;
    out[1] = both;
  };
}

/** P(z > b). */
function upperTail(b: number): number {
  return (1 - erf(b / Math.SQRT2)) / 2;
}

function checkMimic(parameters: MimicParameters): void {
  for (const name of mimicParameterNames) {
    const value = parameters[name];
    const largest = name === "frequency" ? 25 : name === "kink" ? 8 : Infinity;
    if (Number.isFinite(value) && Math.abs(value) <= largest) continue;
    throw invalidValue(
      `parameters.${name}`,
      largest === Infinity ? "a finite number" : `a number in [-${largest}, ${largest}]`,
      value,
    );
  }
}
