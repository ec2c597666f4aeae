import { precisions } from "../engines/index.ts";
import { parameter } from "./parameter.ts";

/**
 * The parameters by which scenarios let their user choose how simulations are computed; spread them into a scenario's own, and pass `precision` on to
 * `simulate` and `checkSimulation`. A run looks at a parameter of this name to tell which engine it will take. Engine and arithmetic are no parameters
 * but options of the command.
 */
export function simulationParameters() {
  return {
    precision: parameter.choice({
      choices: precisions,
      default: "float64",
      help: "of particles and velocities; limits, draws and the split of the loss stay in float64",
    }),
  };
}
