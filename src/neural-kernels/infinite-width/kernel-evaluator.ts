import { invalidValue, MeanfieldError } from "../../errors.ts";
import { type AngleTable, buildAngleTable } from "./angle-table.ts";
import { buildDual } from "./build-dual.ts";
import type { DualActivation } from "./dual-activation.ts";
import { checkFullyConnected, type FullyConnectedKernel } from "./fully-connected.ts";
import { buildKernelActivation } from "./kernel-activation.ts";
import { propagate } from "./layer-recursion.ts";

/** Both kernels of one pair of inputs. */
export interface KernelValues {
  readonly nngp: number;
  /** Null where the activation has no derivative: it jumps, or none was given. */
  readonly ntk: number | null;
}

/** A kernel ready to compute. Inputs are known by their variance (`inputVariance`) and the angle between them. */
export interface KernelEvaluator {
  readonly kernel: FullyConnectedKernel;
  /** Whether there is a tangent kernel. */
  readonly hasTangent: boolean;
  /** What `pair` and `fill` take for an input: |x|^2/d with normalization `ntk`, 1 with `unit-sphere`, |x|^2 with `squared-norm`. */
  inputVariance(squaredNorm: number, dimension: number): number;
  /**
   * Both kernels at two inputs of these variances (@default 1) and this cosine.
   *
   * @throws MeanfieldError `invalid-value` on a cosine outside [-1, 1] by more than 1e-12, or NaN; on variances that are not positive and finite
   */
  pair(cosine: number, firstVariance?: number, secondVariance?: number): KernelValues;
  /** As `pair`, at an angle in [0, pi]: keeps its digits where the cosine has none left. */
  pairAtAngle(angle: number, firstVariance?: number, secondVariance?: number): KernelValues;
  /**
   * One row of kernel matrices: the first input against many. Allocates nothing after the first call.
   *
   * Where the kernel depends on the pair by the angle only (bias-free ReLU, leaky ReLU and step; any activation for inputs of one variance, within 4e-15)
   * entries come from a table whose error is below 1e-14 of the diagonal plus the dual's own (4e-15 in closed form, 4e-15 (1 + w^2) for a sine of frequency w, 1e-13
   * by quadrature), at tens of nanoseconds an entry; otherwise the layers are gone through for each.
   *
   * @param secondVariances, cosines as many numbers as there are entries
   * @param nngp, ntk as long, or null where not wanted; may be the array of cosines
   * @throws MeanfieldError `invalid-value` as `pair`, with the position; `unsupported-combination` on an NTK where there is none
   */
  fill(
    firstVariance: number,
    secondVariances: Float64Array,
    cosines: Float64Array,
    nngp: Float64Array | null,
    ntk: Float64Array | null,
  ): void;
}

const cosineSlack = 1e-12;
const tableTolerance = 1e-14;
const varianceSlack = 4e-15;

/**
 * Prepares a kernel for computing.
 *
 * @throws MeanfieldError as `fullyConnected`; `no-convergence` where the quadrature of an own activation finds no end
 */
export function kernelEvaluator(kernel: FullyConnectedKernel): KernelEvaluator {
  checkFullyConnected(kernel);
  const dual = buildDual(kernel.activation);
  const { layers } = kernel;
  const out = new Float64Array(2);
  const hasTangent = dual.derivativeMoment !== null;
  const dependence = dependenceOf(kernel);
  /** Tables by the variance they were made for: a data set on a sphere needs one. */
  const tables = new Map<number, AngleTable | null>();
  let factors = new Float64Array(0);

  const tableFor = (variance: number): AngleTable | null => {
    const known = tables.get(variance);
    if (known !== undefined) return known;
    if (tables.size >= 8) tables.clear();
    const made = buildAngleTable(
      (halfSine, halfCosine, values) => propagate(layers, dual, variance, variance, halfSine, halfCosine, values),
      tableTolerance + dual.error,
    );
    tables.set(variance, made);
    return made;
  };
  const valuesNow = (): KernelValues => Object.freeze({ nngp: out[0], ntk: hasTangent ? out[1] : null });

  return Object.freeze({
    kernel,
    hasTangent,
    inputVariance(squaredNorm: number, dimension: number) {
      if (!(squaredNorm >= 0 && squaredNorm < Infinity)) {
        throw invalidValue("squaredNorm", "a finite number >= 0", squaredNorm);
      }
      if (!(dimension >= 1 && dimension < Infinity)) throw invalidValue("dimension", "a positive integer", dimension);
      if (kernel.normalization === "unit-sphere") return 1;
      return kernel.normalization === "ntk" ? squaredNorm / dimension : squaredNorm;
    },
    pair(cosine: number, firstVariance = 1, secondVariance = 1) {
      const c = checkedCosine(cosine, "cosine");
      checkVariance(firstVariance, "firstVariance");
      checkVariance(secondVariance, "secondVariance");
      propagate(layers, dual, firstVariance, secondVariance, Math.sqrt((1 - c) / 2), Math.sqrt((1 + c) / 2), out);
      return valuesNow();
    },
    pairAtAngle(angle: number, firstVariance = 1, secondVariance = 1) {
      if (!(angle >= 0 && angle <= Math.PI)) throw invalidValue("angle", "a number in [0, pi]", angle);
      checkVariance(firstVariance, "firstVariance");
      checkVariance(secondVariance, "secondVariance");
      const halfCosine = angle === Math.PI ? 0 : Math.cos(angle / 2);
      propagate(layers, dual, firstVariance, secondVariance, Math.sin(angle / 2), halfCosine, out);
      return valuesNow();
    },
    fill(
      firstVariance: number,
      secondVariances: Float64Array,
      cosines: Float64Array,
      nngp: Float64Array | null,
      ntk: Float64Array | null,
    ) {
      const count = cosines.length;
      checkLengths(count, { secondVariances, nngp, ntk });
      if (ntk !== null && !hasTangent) throw noTangent(kernel);
      checkVariance(firstVariance, "firstVariance");
      const isOneVariance = checkRow(firstVariance, secondVariances, cosines);
      const table =
        dependence === "angle" || dependence === "angle-and-norms"
          ? tableFor(1)
          : isOneVariance
            ? tableFor(firstVariance)
            : null;
      if (table === null) {
        fillDirectly(layers, dual, firstVariance, secondVariances, cosines, nngp, ntk, out);
        return;
      }
      if (dependence !== "angle-and-norms") {
        table.fill(cosines, null, nngp, ntk);
        return;
      }
      if (factors.length < count) factors = new Float64Array(count);
      for (let index = 0; index < count; index += 1) {
        factors[index] = Math.sqrt(firstVariance * secondVariances[index]);
      }
      table.fill(cosines, factors, nngp, ntk);
    },
  });
}

function fillDirectly(
  layers: FullyConnectedKernel["layers"],
  dual: DualActivation,
  firstVariance: number,
  secondVariances: Float64Array,
  cosines: Float64Array,
  nngp: Float64Array | null,
  ntk: Float64Array | null,
  out: Float64Array,
): void {
  for (let index = 0; index < cosines.length; index += 1) {
    const c = Math.min(1, Math.max(-1, cosines[index]));
    const second = secondVariances[index];
    propagate(layers, dual, firstVariance, second, Math.sqrt((1 - c) / 2), Math.sqrt((1 + c) / 2), out);
    if (nngp !== null) nngp[index] = out[0];
    if (ntk !== null) ntk[index] = out[1];
  }
}

/** Whether entries are a function of the angle, that times both norms, or of three numbers. */
function dependenceOf({ activation, layers }: FullyConnectedKernel): "angle" | "angle-and-norms" | "three" {
  const { homogeneity } = buildKernelActivation(activation);
  if (homogeneity === 0 && layers[0].biasVariance === 0) return "angle";
  const hasBias = layers.some(({ biasVariance, biasTangent }) => biasVariance > 0 || biasTangent > 0);
  return homogeneity === 1 && !hasBias ? "angle-and-norms" : "three";
}

/** Checks a row and clips what rounding left outside; whether all its variances are that of the first input. */
function checkRow(firstVariance: number, secondVariances: Float64Array, cosines: Float64Array): boolean {
  let isOneVariance = true;
  for (let index = 0; index < cosines.length; index += 1) {
    const variance = secondVariances[index];
    if (!(variance > 0 && variance < Infinity)) checkVariance(variance, `secondVariances[${index}]`);
    if (Math.abs(variance - firstVariance) > varianceSlack * firstVariance) isOneVariance = false;
    const c = cosines[index];
    if (!(c >= -1 && c <= 1)) cosines[index] = checkedCosine(c, `cosines[${index}]`);
  }
  return isOneVariance;
}

function checkedCosine(cosine: number, path: string): number {
  if (cosine >= -1 - cosineSlack && cosine <= 1 + cosineSlack) return Math.min(1, Math.max(-1, cosine));
  throw invalidValue(path, "a number in [-1, 1], but for rounding", cosine);
}

function checkVariance(variance: number, path: string): void {
  if (variance > 0 && variance < Infinity) return;
  throw invalidValue(path, "a positive finite number (inputs other than 0)", variance);
}

function checkLengths(count: number, arrays: Readonly<Record<string, Float64Array | null>>): void {
  for (const [path, array] of Object.entries(arrays)) {
    if (array !== null && array.length !== count)
      throw invalidValue(path, `${count} numbers`, `${array.length} numbers`);
  }
}

function noTangent({ activation }: FullyConnectedKernel): MeanfieldError {
  return new MeanfieldError(
    "unsupported-combination",
    `ntk: a tangent kernel needs the derivative of the activation, and ${activation.kind} has none; ask for the NNGP kernel, or give an own activation its derivative`,
    { path: "ntk" },
  );
}
