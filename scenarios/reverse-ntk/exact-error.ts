import { neuralKernels } from "meanfield";

/** Midpoints of cells of this side, up to 7 standard deviations: a relative error below 1e-3, from the kink that crosses cells. */
const side = 0.025;
const reach = 7;

/**
 * sqrt(width) times the root mean square of the mimic's relative L2 error at finite width, over equal angles. With one hidden layer the empirical NTK is a mean over the neurons of
 *
 *     phi(z1) phi(z2) + v^2 c phi'(z1) phi'(z2),   v ~ N(0, 1), (z1, z2) normal with correlation c,
 *
 * so that it is sqrt(sum over the angles of the term's variance / sum of the kernel squared), whatever the width.
 */
export function exactErrorConstant(angles: number): number {
  const activation = neuralKernels.mimicActivation(neuralKernels.publishedMimic);
  const { value } = activation;
  const derivative = activation.derivative ?? (() => Number.NaN);
  const count = Math.round((2 * reach) / side);
  const grid = Float64Array.from({ length: count }, (_, index) => -reach + (index + 0.5) * side);
  const weights = grid.map((z) => (side * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI));
  const values = grid.map((z) => value(z));
  const slopes = grid.map((z) => derivative(z));
  let variances = 0;
  let squares = 0;
  for (let angle = 0; angle < angles; angle += 1) {
    const theta = (Math.PI * angle) / (angles - 1);
    const [cosine, sine] = [Math.cos(theta), Math.sin(theta)];
    let mean = 0;
    let square = 0;
    for (let first = 0; first < count; first += 1) {
      for (let other = 0; other < count; other += 1) {
        const second = cosine * grid[first] + sine * grid[other];
        const weight = weights[first] * weights[other];
        const features = values[first] * value(second);
        const tangents = cosine * slopes[first] * derivative(second);
        mean += weight * (features + tangents);
        // E v^2 = 1, E v^4 = 3.
        square += weight * (features * features + 2 * features * tangents + 3 * tangents * tangents);
      }
    }
    variances += square - mean * mean;
    squares += mean * mean;
  }
  return Math.sqrt(variances / squares);
}
