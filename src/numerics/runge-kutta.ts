import { invalidValue } from "../errors.ts";

/** y' = derivative(time, y): writes the derivative to `out`, allocates nothing, and must not keep or change `y`. */
export interface OdeSystem {
  /** Length of y. */
  readonly size: number;
  derivative(time: number, y: Float64Array, out: Float64Array): void;
}

/** An explicit Runge-Kutta scheme as data: stage s is taken at time + nodes[s] h and y + h sum_(j < s) matrix[s][j] k_j. */
export interface Integrator {
  readonly name: string;
  readonly order: number;
  readonly nodes: readonly number[];
  readonly matrix: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

const euler: Integrator = { name: "euler", order: 1, nodes: [0], matrix: [[]], weights: [1] };

/** Heun's method, the explicit trapezoidal rule. */
const heun: Integrator = { name: "heun", order: 2, nodes: [0, 1], matrix: [[], [1]], weights: [1 / 2, 1 / 2] };

/** The classical scheme of Kutta (1901). */
const rungeKutta4: Integrator = {
  name: "rungeKutta4",
  order: 4,
  nodes: [0, 1 / 2, 1 / 2, 1],
  matrix: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
};

/** The fixed-step integrators by name. */
export const integrators = Object.freeze({
  euler: freezeTableau(euler),
  heun: freezeTableau(heun),
  rungeKutta4: freezeTableau(rungeKutta4),
});

/** One step: y(time) -> y(time + stepSize), in place, without allocating. */
export type FixedStep = (time: number, y: Float64Array, stepSize: number) => void;

/**
 * The step function of an explicit Runge-Kutta scheme for one system: y <- y + h sum_s weights[s] k_s.
 * The stages live in a workspace of (stages + 1) x size numbers that belongs to the returned function.
 */
export function createFixedStep(system: OdeSystem, integrator: Integrator): FixedStep {
  const { size } = system;
  const { nodes, matrix, weights } = integrator;
  const stages = nodes.map(() => new Float64Array(size));
  const stageY = new Float64Array(size);
  return (time, y, stepSize) => {
    if (y.length !== size) throw invalidValue("y", `${size} numbers`, y.length);
    for (let stage = 0; stage < stages.length; stage += 1) {
      stageY.set(y);
      addStages(stageY, stages, matrix[stage], stepSize);
      system.derivative(time + nodes[stage] * stepSize, stageY, stages[stage]);
    }
    addStages(y, stages, weights, stepSize);
  };
}

/**
 * Takes `steps` equal steps of the scheme from time `start` to `end`; `y` is changed in place.
 *
 * @throws `invalid-value` if `steps` is no positive integer or y has the wrong length
 */
export function integrateFixed(
  system: OdeSystem,
  integrator: Integrator,
  y: Float64Array,
  start: number,
  end: number,
  steps: number,
): void {
  if (!(Number.isInteger(steps) && steps >= 1)) throw invalidValue("steps", "a positive integer", steps);
  const step = createFixedStep(system, integrator);
  const stepSize = (end - start) / steps;
  for (let index = 0; index < steps; index += 1) step(start + index * stepSize, y, stepSize);
}

function addStages(
  y: Float64Array,
  stages: readonly Float64Array[],
  coefficients: readonly number[],
  stepSize: number,
): void {
  for (let stage = 0; stage < coefficients.length; stage += 1) {
    const factor = stepSize * coefficients[stage];
    if (factor === 0) continue;
    const slope = stages[stage];
    for (let index = 0; index < y.length; index += 1) y[index] += factor * slope[index];
  }
}

function freezeTableau(tableau: Integrator): Integrator {
  for (const row of tableau.matrix) Object.freeze(row);
  Object.freeze(tableau.nodes);
  Object.freeze(tableau.matrix);
  Object.freeze(tableau.weights);
  return Object.freeze(tableau);
}
