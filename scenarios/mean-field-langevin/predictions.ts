import type { Values } from "./parameters.ts";

/**
 * E(a^2 - |w|^2 - b^2) after n steps, from its value at the start: a grad_a Psi = w.grad_w Psi + b grad_b Psi for ReLU, so that the loss drops out and
 * noise and decay alone are left, Q <- (1 - eta lambda)^2 Q - 2 eta tau d, but for eta^2 times squared gradients. In continuous time
 * Q' = -2 lambda Q - 2 tau d; the stationary value is -tau d / lambda.
 */
export function balanceAfter(values: Values, start: number, steps: number): number {
  const { stepSize, weightDecay, temperature, dimension } = values;
  const kept = (1 - stepSize * weightDecay) ** 2;
  const stationary = (-2 * stepSize * temperature * dimension) / (1 - kept);
  return stationary + kept ** steps * (start - stationary);
}

/**
 * The entropy of (w, b, a) after n steps of the outer weights alone, in the limit of infinite width: (w, b) stay standard normal in R^(d+1), and a is
 * Gaussian given them, with variance kept^2n + 2 eta tau (1 - kept^2n)/(1 - kept^2), kept = 1 - eta lambda.
 */
export function entropyAfter(values: Values, steps: number): number {
  const { stepSize, weightDecay, temperature, dimension } = values;
  const kept = (1 - stepSize * weightDecay) ** 2;
  const variance = kept ** steps + (2 * stepSize * temperature * (1 - kept ** steps)) / (1 - kept);
  return ((dimension + 2) / 2) * Math.log(2 * Math.PI * Math.E) + 0.5 * Math.log(variance);
}
