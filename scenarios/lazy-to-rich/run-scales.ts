import {
  dynamics,
  networks,
  neuralKernels,
  observables,
  problemOf,
  type RunContext,
  testSet,
  trainingSet,
} from "meanfield";
import type { Values } from "./parameters.ts";
import { planOf, type Setting, startOf } from "./settings.ts";

/** What one replica of one setting measured, a number for each scale. */
export interface ScaleCurve {
  readonly scales: readonly number[];
  /** |theta_t - theta_0| / |theta_0| at the end. */
  readonly movement: readonly number[];
  /** |K_t - K_0|_F / |K_0|_F on the training points, at the end. */
  readonly kernelChange: readonly number[];
  /** Root mean square over the test points of gamma f minus kernel descent, over kernel descent's own. */
  readonly distance: readonly number[];
  readonly trainingLoss: readonly number[];
  /** Half the mean squared error on the test points. */
  readonly testLoss: readonly number[];
  readonly kernelTestLoss: number;
  /** The step size times the largest rate of kernel descent: beyond 2 steps would not settle. */
  readonly stability: number;
}

/** Options that all scales share. */
export function optionsOf(setting: Setting, values: Values) {
  const { samples, stepSize, time } = values;
  return {
    problem: problemOf(values),
    network: planOf(setting, values),
    dynamics: dynamics.gradientDescent({
      stepSize,
      steps: Math.max(1, Math.round(time / stepSize)),
      expectation: dynamics.fixedSamples({ samples }),
    }),
    evaluation: { directions: 8, samples: 64 },
    recordTimes: 2,
    precision: values.precision,
  };
}

/** Runs every scale from one start on one training set, beside kernel descent with the tangent kernel of that start, in the same steps. */
export async function runScales(context: RunContext<Values>, setting: Setting, replica: number): Promise<ScaleCurve> {
  const { parameters: values, seed } = context;
  const { scales, stepSize, time, testSamples, samples, dimension } = values;
  const options = optionsOf(setting, values);
  const network = networks.buildNetwork(options.network, dimension);
  const start = startOf(setting, network, seed, replica);
  const { problem } = options;
  const training = trainingSet({ problem, samples, seed, replica });
  const test = testSet({ problem, samples: testSamples, seed });
  const descent = neuralKernels.kernelDescent({
    kernel: networks.tangentKernel(network, start, { points: training.points }),
    targets: training.targets,
    steps: { stepSize },
  });
  const cross = networks.tangentKernel(network, start, { points: test.points, others: training.points });
  const steps = Math.max(1, Math.round(time / stepSize));
  const predicted = descent.valuesAt(cross, steps * stepSize);

  const curve = { movement: [], kernelChange: [], distance: [], trainingLoss: [], testLoss: [] } as Record<
    string,
    number[]
  >;
  const outputs = new Float64Array(testSamples);
  for (const [index, outputScale] of scales.entries()) {
    const { records, simulation } = await context.simulate(
      {
        ...options,
        start: start.arrays,
        outputScale,
        replica,
        observe: {
          movement: observables.movement(),
          kernelChange: observables.kernelChange({ points: training.points }),
          trainingLoss: observables.trainingLoss(),
        },
      },
      `scale-${index}`,
    );
    const last = records[records.length - 1].observables;
    for (const name of ["movement", "kernelChange", "trainingLoss"]) curve[name].push(last[name] ?? Number.NaN);
    network.evaluate(simulation.particles(), test.points, testSamples, outputs);
    const learned = outputs.map((value) => outputScale * value);
    curve.distance.push(rootMeanSquare(learned, predicted) / rootMeanSquare(predicted));
    curve.testLoss.push(rootMeanSquare(learned, test.targets) ** 2 / 2);
    context.progress((index + 1) / scales.length);
  }
  return {
    ...(curve as unknown as ScaleCurve),
    scales,
    kernelTestLoss: rootMeanSquare(predicted, test.targets) ** 2 / 2,
    stability: stepSize * descent.rates[samples - 1],
  };
}

function rootMeanSquare(values: Float64Array, from?: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += (values[index] - (from?.[index] ?? 0)) ** 2;
  return Math.sqrt(sum / values.length);
}
