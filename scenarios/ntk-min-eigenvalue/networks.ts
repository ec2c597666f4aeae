import type { RunContext } from "meanfield";
import { compareNetwork, deadShare, type NetworkDraw, networkInputs, rankBound } from "./finite-network.ts";
import type { Values } from "./parameters.ts";

/** Draws of one member. */
export const networksOfMember = 5;

/** All draws of networks with the same widths at inputs of one dimension. */
export interface NetworkCell {
  readonly dimension: number;
  readonly inputs: number;
  readonly widths: readonly number[];
  readonly draws: readonly NetworkDraw[];
  /** Weights in all. */
  readonly rankBound: number;
  /** Expected number of inputs at which a layer is off. */
  readonly expectedDead: number;
}

/** Widths of the two-layer networks: those asked for, the largest n1 with n1 d < N, and the next. */
export function twoLayerWidths({ widths, networkInputs: inputs }: Values, dimension: number): readonly number[] {
  const last = Math.floor((inputs - 1) / dimension);
  const all = new Set([...widths, ...(last >= 1 ? [last, last + 1] : [])]);
  return [...all].sort((a, b) => a - b);
}

/** Two-layer networks at inputs of one dimension, draws [first, first + 5). */
export async function twoLayerDraws(context: RunContext<Values>, dimension: number, first: number) {
  const widths = twoLayerWidths(context.parameters, dimension).map((width) => [width]);
  return networkCells(context, { dimension, first, networks: widths, purpose: `two-layer-d${dimension}` });
}

/** Deep networks: narrow and wide layers in every order. */
export function deepWidths({ narrowWidths, wideWidth: wide }: Values): readonly (readonly number[])[] {
  const narrow = narrowWidths.flatMap((width) => [
    [width, wide],
    [wide, width],
    [width, width],
  ]);
  const deeper = [
    [wide, 20, 20],
    [20, wide, 20],
    [20, 20, wide],
    [20, 20, 20],
  ];
  return [...narrow, [wide / 2, wide / 2], ...deeper];
}

/** Deep networks at inputs of the last dimension, draws [first, first + 5). */
export async function deepDraws(context: RunContext<Values>, first: number) {
  const { networkDimensions } = context.parameters;
  const dimension = networkDimensions[networkDimensions.length - 1];
  return networkCells(context, { dimension, first, networks: deepWidths(context.parameters), purpose: "deep" });
}

interface CellsOptions {
  readonly dimension: number;
  readonly first: number;
  readonly networks: readonly (readonly number[])[];
  readonly purpose: string;
}

async function networkCells(
  context: RunContext<Values>,
  { dimension, first, networks, purpose }: CellsOptions,
): Promise<readonly NetworkCell[]> {
  const { networkDraws, networkInputs: count } = context.parameters;
  const last = Math.min(networkDraws, first + networksOfMember);
  const depths = [...new Set(networks.map((widths) => widths.length + 1))];
  const cells = networks.map((widths) => ({
    dimension,
    inputs: count,
    widths,
    draws: [] as NetworkDraw[],
    rankBound: rankBound(dimension, widths),
    expectedDead: count * deadShare(widths),
  }));
  for (let draw = first; draw < last; draw += 1) {
    const inputs = await networkInputs({ seed: context.seed, purpose, draw, count, dimension }, depths);
    for (const { widths, draws } of cells) {
      draws.push(await compareNetwork(inputs, widths, `${context.seed}-${purpose}`, draw));
      await context.pause();
    }
    context.progress((draw + 1 - first) / (last - first));
  }
  return cells;
}

/** Cells of several members, put together. */
export function joined(members: readonly (readonly NetworkCell[])[]): readonly NetworkCell[] {
  const [first] = members;
  return first.map((cell, index) => ({ ...cell, draws: members.flatMap((member) => member[index].draws) }));
}
