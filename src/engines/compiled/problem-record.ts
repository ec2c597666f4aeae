import { buildActivation } from "../../networks/activation.ts";
import type { VelocityProblem } from "../engine.ts";

/** The fields of `Problem` in kernels/problem.h, in that order. */
export const problemFields = [
  "network",
  "realBytes",
  "batch",
  "dimension",
  "width",
  "secondWidth",
  "isRadial",
  "clip",
  "activation",
  "negativeSlope",
  "speedW",
  "speedC",
  "speedU",
  "speedB",
  "speedA",
  "trainsOuter",
  "parts",
  "velocity",
  "scratch",
  "momentUpper",
  "momentTableCount",
  "momentTables",
  "pieceCount",
  "pieceStarts",
  "pieceSlopes",
  "pieceIntercepts",
] as const;

export type ProblemRecord = Record<(typeof problemFields)[number], number>;

/** The numbers of the order of `Network` in kernels/problem.h. */
const networkNumbers = { "two-layer": 0, bottleneck: 1, dense: 2 } as const;

/** The numbers of the order of `Activation` in kernels/activations.h. */
const activationNumbers = { relu: 0, "leaky-relu": 0, tanh: 1, erf: 2, softplus: 3 } as const;

/** A problem as the kernels read it; the addresses are 0 until the memory is laid out. */
export function problemRecord(problem: VelocityProblem, parts: number): ProblemRecord {
  const { network, expectation, speeds } = problem;
  return {
    network: networkNumbers[network.kind],
    realBytes: problem.precision === "float64" ? 8 : 4,
    batch: problem.batch,
    dimension: network.dimension,
    width: network.kind === "two-layer" ? network.width : network.firstLayerWidth,
    secondWidth: network.kind === "two-layer" ? 0 : network.secondLayerWidth,
    isRadial: expectation.kind === "radial" ? 1 : 0,
    clip: expectation.kind === "sampled" ? (expectation.clip ?? 0) : 0,
    activation: activationNumbers[problem.activation.kind],
    negativeSlope: buildActivation(problem.activation).negativeSlope ?? 0,
    speedW: speeds.w,
    speedC: speeds.c ?? 0,
    speedU: speeds.u ?? speeds.v ?? 0,
    speedB: speeds.b ?? speeds.e ?? 0,
    speedA: speeds.a,
    trainsOuter: network.kind === "bottleneck" && network.trainOuterWeights ? 1 : 0,
    parts,
    velocity: 0,
    scratch: 0,
    momentUpper: 0,
    momentTableCount: 0,
    momentTables: 0,
    pieceCount: 0,
    pieceStarts: 0,
    pieceSlopes: 0,
    pieceIntercepts: 0,
  };
}

/** The record's numbers in the kernels' order. */
export function recordNumbers(record: ProblemRecord): Float64Array {
  return Float64Array.from(problemFields, (name) => record[name]);
}
