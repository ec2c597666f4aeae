import { invalidValue, nearestName } from "../errors.ts";

/** Distributions of the weights at the start; see `startParameters`. */
export const deepStarts = ["he-normal", "he-uniform", "glorot-normal", "glorot-uniform"] as const;
export type DeepStart = (typeof deepStarts)[number];

/**
 * A standard network: z_1 = W_1 x + b_1, z_(l+1) = W_(l+1) relu(z_l) + b_(l+1), values z_(L+1); L hidden layers, no factors of the widths. This is the
 * network of practice and not a mean-field one: its learning rate moves all parameters alike.
 */
export interface FullyConnectedSpec {
  readonly kind: "fully-connected";
  /** d >= 1 */
  readonly inputs: number;
  /** Neurons of the hidden layers, the first at the inputs; at least one layer. */
  readonly hiddenWidths: readonly number[];
  /** K >= 1 */
  readonly outputs: number;
  readonly start: DeepStart;
  /** Whether there are biases; they start at 0. */
  readonly biases: boolean;
}

export interface FullyConnectedOptions {
  /** d, an integer in [1, 100000]. */
  readonly inputs: number;
  /** Neurons of each hidden layer, integers in [1, 16384]; 1 to 100 layers. */
  readonly hiddenWidths: readonly number[];
  /** K, an integer in [1, 10000]: one a class, or the components of a value. */
  readonly outputs: number;
  /** @default "he-normal" */
  readonly start?: DeepStart;
  /** @default true */
  readonly biases?: boolean;
}

/**
 * A fully connected ReLU network of any depth.
 *
 * @throws MeanfieldError `invalid-value`
 */
export function fullyConnected(options: FullyConnectedOptions): FullyConnectedSpec {
  const { inputs, hiddenWidths, outputs, start = "he-normal", biases = true } = options;
  checkSize("inputs", inputs, 100_000);
  if (!Array.isArray(hiddenWidths) || hiddenWidths.length === 0 || hiddenWidths.length > 100) {
    throw invalidValue("hiddenWidths", "a list of 1 to 100 widths", hiddenWidths);
  }
  for (const [layer, width] of hiddenWidths.entries()) checkSize(`hiddenWidths[${layer}]`, width, 16_384);
  checkSize("outputs", outputs, 10_000);
  if (!deepStarts.includes(start)) {
    const nearest = typeof start === "string" ? nearestName(start, deepStarts) : null;
    const suggestion = nearest === null ? undefined : `did you mean "${nearest}"?`;
    throw invalidValue("start", `one of ${deepStarts.join(", ")}`, start, suggestion);
  }
  if (typeof biases !== "boolean") throw invalidValue("biases", "true or false", biases);
  return Object.freeze({
    kind: "fully-connected",
    inputs,
    hiddenWidths: Object.freeze([...hiddenWidths]),
    outputs,
    start,
    biases,
  });
}

function checkSize(path: string, value: number, most: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= most)) {
    throw invalidValue(path, `an integer in [1, ${most}]`, value);
  }
}

/** Neurons of all layers: inputs, hidden layers, outputs. */
export function layerSizes({ inputs, hiddenWidths, outputs }: FullyConnectedSpec): readonly number[] {
  return [inputs, ...hiddenWidths, outputs];
}
