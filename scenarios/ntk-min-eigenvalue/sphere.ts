import type { RunContext } from "meanfield";
import { coefficientsOf, sharpConstant, sphereEdge } from "./edge.ts";
import { gaussianInputs, sphereInputs } from "./inputs.ts";
import type { Values } from "./parameters.ts";
import { infiniteWidth } from "./smallest.ts";

export type InputLaw = "sphere" | "gaussian";

/** Smallest eigenvalues over the dimension for one law, number of inputs and depth. */
export interface Cell {
  readonly law: InputLaw;
  readonly dimension: number;
  readonly inputs: number;
  readonly weightLayers: number;
  /** lambda_min/d, one for each draw. */
  readonly values: readonly number[];
  /** The left edge at this size (spheres only). */
  readonly edge: number | null;
  /** Largest width of the enclosures over the kernel's diagonal L d, 1 where there was none. */
  readonly width: number;
}

interface CellOptions {
  readonly law: InputLaw;
  readonly purpose: string;
  readonly dimension: number;
  readonly inputs: number;
}

/** All depths, for the same draws of inputs. */
export async function cellsOf(context: RunContext<Values>, options: CellOptions): Promise<readonly Cell[]> {
  const { law, purpose, dimension, inputs } = options;
  const { draws, weightLayers } = context.parameters;
  const found = weightLayers.map(() => ({ values: [] as number[], width: 0 }));
  for (let draw = 0; draw < draws; draw += 1) {
    const set = { seed: context.seed, purpose, draw, count: inputs, dimension };
    const points = law === "sphere" ? sphereInputs(set, Math.sqrt(dimension)) : gaussianInputs(set);
    for (const [index, layers] of weightLayers.entries()) {
      const { value, width } = await infiniteWidth(layers, points, dimension);
      // A matrix that is not positive definite beyond rounding has value 0, and shows in every claim about it.
      found[index].values.push(value / dimension);
      const relative = width === null ? 1 : width / (layers * dimension);
      found[index].width = Math.max(found[index].width, relative);
    }
    await context.pause();
  }
  return weightLayers.map((layers, index) => ({
    law,
    dimension,
    inputs,
    weightLayers: layers,
    ...found[index],
    edge: law === "sphere" ? sphereEdge(layers, dimension, inputs) : null,
  }));
}

/** Inputs in proportion to the dimension, on the sphere of radius sqrt(d). */
export async function proportional(context: RunContext<Values>, dimension: number): Promise<readonly Cell[]> {
  const { inputRatios } = context.parameters;
  const cells: Cell[] = [];
  for (const [index, ratio] of inputRatios.entries()) {
    const inputs = Math.round(ratio * dimension);
    cells.push(...(await cellsOf(context, { law: "sphere", purpose: `sphere-d${dimension}`, dimension, inputs })));
    context.progress((index + 1) / inputRatios.length);
  }
  return cells;
}

/** Gaussian inputs and inputs on the sphere, in numbers that the dimension decides. */
export async function bothLaws(
  context: RunContext<Values>,
  purpose: string,
  dimension: number,
  inputs: number,
): Promise<readonly Cell[]> {
  return [
    ...(await cellsOf(context, { law: "gaussian", purpose, dimension, inputs })),
    ...(await cellsOf(context, { law: "sphere", purpose, dimension, inputs })),
  ];
}

/** What the formulas say for one depth: a_1, a_2, sum_{k >= 2} a_k, and the sharp constants at the ratios. */
export function formulas(weightLayers: readonly number[], ratios: readonly number[]) {
  return weightLayers.map((layers) => ({
    weightLayers: layers,
    ...coefficientsOf(layers),
    sharp: ratios.map((ratio) => sharpConstant(layers, ratio)),
  }));
}
