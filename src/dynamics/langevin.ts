import { invalidValue } from "../errors.ts";
import { type DynamicsSpec, type GradientDescentOptions, resolveDynamics } from "./dynamics.ts";

export type LangevinOptions = GradientDescentOptions & {
  /** tau in [0, 1e6]; 0 is gradient descent with weight decay. */
  readonly temperature: number;
};

/**
 * Mean-field Langevin dynamics by the Euler-Maruyama scheme, in any expectation mode:
 *
 *     theta <- theta - eta s (grad Psi(theta) + lambda theta) + sqrt(2 eta s tau) xi,   xi ~ N(0, I) fresh for every particle and step,
 *
 * Psi the first variation of the loss (grad Psi = m dL/dtheta), lambda `weightDecay`, tau `temperature`, s the layer's speed. The noise carries
 * no 1/m. Along the flow the free energy L + (lambda/2) E|theta|^2 + tau integral rho log rho falls; its minimiser is the stationary law,
 * rho ~ exp(-(Psi + (lambda/2) |theta|^2)/tau), which no speed changes, since it scales drift and noise alike; a frozen layer stays where it is.
 * Decay is taken by Euler's scheme as the gradient is, so that the whole has weak order 1, and tau = 0 is gradient descent on
 * L + (lambda/2) E|theta|^2 to the bit.
 *
 * Source: Mei, Montanari, Nguyen, PNAS 2018; Hu, Ren, Siska, Szpruch, Ann. Inst. H. Poincare Probab. Statist. 2021. See docs/theory/langevin.md.
 *
 * @throws MeanfieldError `invalid-value`, `unsupported-combination` as `gradientDescent`
 */
export function langevin(options: LangevinOptions): DynamicsSpec {
  const { temperature, ...rest } = options;
  if (temperature === undefined) throw invalidValue("temperature", "a number in [0, 1e6]", temperature);
  return resolveDynamics({ ...rest, integrator: "euler" }, { kind: "langevin", temperature });
}
