import { availableParallelism } from "node:os";
import { invalidValue, MeanfieldError, unknownKind } from "../../errors.ts";
import type { FullyConnectedKernel } from "../infinite-width/fully-connected.ts";
import { kernelEvaluator } from "../infinite-width/kernel-evaluator.ts";
import { buildDotProductKernel, type DotProductKernel, dotProductKinds } from "../spectra/dot-product-kernel.ts";
import type { FillWork, KernelOf } from "./fill-share.ts";
import type { InputScale } from "./input-rows.ts";

/** The parts of a matrix's options that do not depend on the inputs, checked. */
export interface ResolvedKernel extends KernelWork {
  readonly threads: number;
}

interface KernelWork {
  /** How inputs count. */
  readonly scale: InputScale;
  /** What entries are computed by. */
  readonly entries: Pick<FillWork, "kernel" | "of">;
}

/** Which kernel a matrix is of, and who makes it. */
export interface KernelChoice {
  /** Of a network, or any function of the angle: `laplaceKernel`, `gammaExponentialKernel`, `dotProductKernel`, `nngpKernel`, `ntkKernel`. */
  readonly kernel: FullyConnectedKernel | DotProductKernel;
  /** Of a network: the tangent kernel or the covariance of the outputs. @default "ntk" */
  readonly of?: KernelOf;
  /**
   * Of a dot-product kernel: kappa(x.y) of inputs on the unit sphere, or |x| |y| kappa(cos(x, y)) of any but 0, as the kernel of a network without
   * biases. @default "unit-sphere"
   */
  readonly normalization?: "unit-sphere" | "squared-norm";
  /** Threads that make the matrix and later work on it, 1 ... the machine's cores; no bit depends on it. @default 1 */
  readonly threads?: number;
}

/**
 * Checks which kernel a matrix is of, and how its inputs count.
 *
 * @throws MeanfieldError `invalid-value`, `unknown-kind`, `unsupported-combination`
 */
export function resolveKernel(options: KernelChoice): ResolvedKernel {
  const work = kernelWork(options);
  const threads = checkedThreads(options.threads ?? 1);
  const { kernel } = work.entries;
  const isOwn = kernel.kind === "own";
  if (threads > 1 && (isOwn || (kernel.kind === "fully-connected" && kernel.activation.kind === "own"))) {
    throw new MeanfieldError(
      "unsupported-combination",
      `threads: ${isOwn ? "a kernel" : "an activation"} of one's own stays in the thread that made it; use threads: 1`,
      { path: "threads" },
    );
  }
  return { ...work, threads };
}

function kernelWork(options: KernelChoice): KernelWork {
  const { kernel } = options;
  const kinds = ["fully-connected", ...dotProductKinds];
  if (!kinds.includes(kernel?.kind)) throw unknownKind("kernel", kernel?.kind, kinds);
  return kernel.kind === "fully-connected" ? ofNetwork(kernel, options) : ofDotProduct(kernel, options);
}

function ofNetwork(kernel: FullyConnectedKernel, { of = "ntk", normalization }: KernelChoice): KernelWork {
  const evaluator = kernelEvaluator(kernel);
  if (of !== "ntk" && of !== "nngp") throw invalidValue("of", "one of ntk, nngp", of);
  if (normalization !== undefined) {
    const got = `${normalization} beside the kernel of a network`;
    throw invalidValue("normalization", "no value", got, "give it to fullyConnected");
  }
  if (of === "ntk" && !evaluator.hasTangent) {
    throw new MeanfieldError(
      "unsupported-combination",
      `of: the tangent kernel needs the activation's derivative, and ${kernel.activation.kind} has none; ask for of: "nngp"`,
      { path: "of" },
    );
  }
  return { scale: evaluator, entries: { kernel, of } };
}

function ofDotProduct(kernel: DotProductKernel, { of, normalization = "unit-sphere" }: KernelChoice): KernelWork {
  buildDotProductKernel(kernel);
  if (of !== undefined) {
    throw invalidValue("of", "no value", `${of} beside a dot-product kernel`, "choose nngpKernel or ntkKernel");
  }
  if (normalization !== "unit-sphere" && normalization !== "squared-norm") {
    throw invalidValue("normalization", "one of unit-sphere, squared-norm", normalization);
  }
  const isOnSphere = normalization === "unit-sphere";
  const network = kernel.kind === "nngp" || kernel.kind === "ntk" ? kernel : null;
  // On the sphere a network's kernel is made as `fullyConnected`'s is, by the engine, from inputs of its variance.
  const variance = network?.variance ?? 1;
  const scale = {
    kernel: { normalization },
    inputVariance: (squaredNorm: number) => (isOnSphere ? variance : squaredNorm),
  };
  if (network !== null && isOnSphere) return { scale, entries: { kernel: network.network, of: network.kind } };
  return { scale, entries: { kernel, of: "nngp" } };
}

/** The number of threads, checked. */
export function checkedThreads(threads: number): number {
  const most = Math.max(2, availableParallelism());
  if (Number.isInteger(threads) && threads >= 1 && threads <= most) return threads;
  throw invalidValue("threads", `an integer from 1 to ${most}`, threads);
}
