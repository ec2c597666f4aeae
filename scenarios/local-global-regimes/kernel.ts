import { networks, neuralKernels, type Problem, type RunContext } from "meanfield";
import { examplesOf, functionsOf, problemOf, variantCount } from "./functions.ts";
import { type Family, planOf, recordTimes } from "./networks.ts";
import type { Values } from "./parameters.ts";

/** Kernel descent of several functions with one kernel, and what it needs to predict at the test inputs. */
export interface Kernel {
  readonly descent: neuralKernels.KernelDescent;
  /** K(test, training). */
  readonly cross: Float64Array;
  /** f* of each function at the test inputs. */
  readonly testTargets: readonly Float64Array[];
}

/** One function learned by kernel descent. */
export interface KernelCurve {
  readonly times: readonly number[];
  /** E(f - f*)^2 on the test examples, mean over the function's variants. */
  readonly test: readonly number[];
}
export type KernelMember = Readonly<Record<string, KernelCurve>>;

/** The tangent kernel of a family's start on the repetition's examples: what the lazy network of that start follows, in the same steps. */
export async function kernelOf(
  context: RunContext<Values>,
  family: Family,
  repeat: number,
  count: number,
  problems: readonly Problem[],
): Promise<Kernel> {
  const { parameters: values, seed } = context;
  const network = networks.buildNetwork(planOf(family, values), values.dimension);
  const start = network.start(seed, repeat);
  const sets = problems.map((problem) => examplesOf(problem, count, repeat, seed, values));
  const [{ training, test }] = sets;
  const outputs = problems.length;
  const targets = new Float64Array(count * outputs);
  for (const [output, set] of sets.entries()) {
    for (let s = 0; s < count; s += 1) targets[s * outputs + output] = set.training.targets[s];
  }
  const kernel = networks.tangentKernel(network, start, { points: training.points });
  await context.pause();
  const cross = networks.tangentKernel(network, start, { points: test.points, others: training.points });
  await context.pause();
  const descent = neuralKernels.kernelDescent({ kernel, targets, outputs, steps: { stepSize: values.stepSize } });
  await context.pause();
  return { descent, cross, testTargets: sets.map((set) => set.test.targets) };
}

/** What kernel descent has learned of one function at a time, at the test inputs. */
export function predictionAt({ descent, cross, testTargets }: Kernel, time: number, output: number): Float64Array {
  const all = descent.valuesAt(cross, time);
  return testTargets[output].map((_, s) => all[s * testTargets.length + output]);
}

/** Times at which kernels are looked at: those of the networks, and on to a thousand times as long, a factor of 4 each. */
export function kernelTimes(values: Values): readonly number[] {
  const times = recordTimes(values);
  const last = times[times.length - 1];
  return [...times, ...Array.from({ length: 5 }, (_, index) => last * 4 ** (index + 1))];
}

/** Kernel descent of every variant of every function. */
export async function learnByKernel(
  context: RunContext<Values>,
  family: Family,
  repeat: number,
  count: number,
): Promise<KernelMember> {
  const { parameters: values } = context;
  const functions = functionsOf(values);
  const variants = functions.flatMap((learned) =>
    Array.from({ length: variantCount(learned, values) }, (_, variant) => ({
      name: learned.name,
      problem: problemOf(learned, values, variant),
    })),
  );
  const kernel = await kernelOf(
    context,
    family,
    repeat,
    count,
    variants.map(({ problem }) => problem),
  );
  const times = kernelTimes(values);
  const sums: Record<string, number[]> = Object.fromEntries(functions.map(({ name }) => [name, times.map(() => 0)]));
  for (const [at, time] of times.entries()) {
    const all = kernel.descent.valuesAt(kernel.cross, time);
    for (const [output, { name }] of variants.entries()) {
      const targets = kernel.testTargets[output];
      let error = 0;
      for (let s = 0; s < targets.length; s += 1) error += (all[s * variants.length + output] - targets[s]) ** 2;
      sums[name][at] += error / targets.length;
    }
    context.progress((at + 1) / times.length);
    await context.pause();
  }
  return Object.fromEntries(
    functions.map((learned) => {
      const test = sums[learned.name].map((sum) => sum / variantCount(learned, values));
      return [learned.name, { times, test }];
    }),
  );
}
