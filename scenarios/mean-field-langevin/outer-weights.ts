import { networks, numerics, type RunContext, trainingSet } from "meanfield";
import { optionsOf, type Values } from "./parameters.ts";

/**
 * The outer weights alone: with w_i, b_i frozen and a training set x_1 ... x_n that stays, the loss is quadratic in a, and the particles are an
 * Ornstein-Uhlenbeck process at any width:
 *
 *     da = (h - A a) dt + sqrt(2 tau) dB,   A = Phi Phi^T / (m n) + lambda,   h = Phi y / n,   Phi_is = relu(w_i.x_s + b_i).
 *
 * Its stationary law is N(A^-1 h, tau A^-1), that of steps of size eta N(A^-1 h, tau (A (1 - eta A/2))^-1). In the eigenvectors of A the
 * deviations, each over its own standard deviation, are independent standard normals.
 */
export async function runOuterWeights(context: RunContext<Values>, temperature: number, firstReplica: number) {
  const { parameters: values, seed } = context;
  const { dimension, samples, replicas, stepSize } = values;
  const normals: number[] = [];
  const variances: number[] = [];
  const expected: number[] = [];
  for (let index = 0; index < replicas; index += 1) {
    const replica = firstReplica + index;
    const options = optionsOf(values, "outer", temperature);
    const start = networks.gaussianStart({ network: options.network, dimension, seed, replica });
    const { simulation } = await context.simulate({ ...options, start, replica }, `replica-${index}`);
    const { a } = simulation.particles().arrays;
    const set = trainingSet({ problem: options.problem, samples, seed, replica });
    const law = stationaryLaw(start, set, dimension, values.weightDecay);
    let squares = 0;
    let predicted = 0;
    for (let q = 0; q < a.length; q += 1) {
      const rate = law.rates[q];
      const variance = temperature / (rate * (1 - (stepSize * rate) / 2));
      let deviation = -law.means[q];
      for (let i = 0; i < a.length; i += 1) deviation += law.vectors[q * a.length + i] * a[i];
      normals.push(deviation / Math.sqrt(variance));
      squares += deviation * deviation;
      predicted += variance;
    }
    variances.push(squares / a.length);
    expected.push(predicted / a.length);
    context.progress((index + 1) / replicas);
  }
  return {
    temperature,
    variance: numerics.mean(variances),
    varianceError: numerics.standardError(variances),
    expectedVariance: numerics.mean(expected),
    normals,
  };
}

/** Eigenvalues of A, its eigenvectors as rows, and the mean in their basis. */
function stationaryLaw(
  { w, b }: Readonly<Record<string, Float64Array>>,
  { points, targets, count }: ReturnType<typeof trainingSet>,
  dimension: number,
  weightDecay: number,
) {
  const width = b.length;
  const features = new Float64Array(width * count);
  const force = new Float64Array(width);
  for (let i = 0; i < width; i += 1) {
    for (let s = 0; s < count; s += 1) {
      let z = b[i];
      for (let k = 0; k < dimension; k += 1) z += w[i * dimension + k] * points[s * dimension + k];
      features[i * count + s] = Math.max(z, 0);
      force[i] += (Math.max(z, 0) * targets[s]) / count;
    }
  }
  const matrix = new Float64Array(width * width);
  for (let i = 0; i < width; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = 0;
      for (let s = 0; s < count; s += 1) sum += features[i * count + s] * features[j * count + s];
      matrix[i * width + j] = sum / (width * count) + (i === j ? weightDecay : 0);
    }
  }
  const { values: rates, vectors } = numerics.symmetricEigen(matrix, width);
  const means = rates.map((rate, q) => {
    let sum = 0;
    for (let i = 0; i < width; i += 1) sum += vectors[q * width + i] * force[i];
    return sum / rate;
  });
  return { rates, vectors, means };
}
