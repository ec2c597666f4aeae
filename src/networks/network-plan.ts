import { invalidValue, nearestName, unknownKind } from "../errors.ts";
import { type ActivationSpec, buildActivation } from "./activation.ts";
import { buildBottleneck } from "./bottleneck.ts";
import { buildDense } from "./dense.ts";
import {
  type BottleneckSpec,
  type DenseSpec,
  firstLayerStarts,
  type Network,
  type NetworkSpec,
  type TwoLayerSpec,
} from "./network.ts";
import { buildTwoLayer } from "./two-layer.ts";

/** A network before it meets a problem: its dimension is that of the law. */
export type NetworkPlan =
  | Omit<BottleneckSpec, "dimension">
  | Omit<TwoLayerSpec, "dimension">
  | Omit<DenseSpec, "dimension">;

/** The bottleneck network's defaults; every option of `BottleneckSpec` but the widths has one. */
export const bottleneckDefaults = Object.freeze({
  start: "antithetic-frames",
  initialAlpha: 1,
  secondLayerStart: "uniform",
  initialV: -0.1,
  initialB: 0.1,
  trainOuterWeights: false,
} as const);

type BottleneckChoices = Partial<Omit<BottleneckSpec, "kind" | "dimension" | "firstLayerWidth" | "secondLayerWidth">>;

/** Describes a bottleneck network: f(x) = (1/m2) sum_j a_j relu(v_j F(x) + b_j), F(x) = (1/m1) sum_i |w_i| relu(w_i.x). */
export function bottleneck(
  options: { readonly firstLayerWidth: number; readonly secondLayerWidth: number } & BottleneckChoices,
): Omit<BottleneckSpec, "dimension"> {
  checkStart(options.start ?? bottleneckDefaults.start);
  return Object.freeze({ ...bottleneckDefaults, ...options, kind: "bottleneck" });
}

/**
 * Describes a two-layer network: f(x) = (1/m) sum_i a_i sigma(w_i.x + b_i), width m even.
 *
 * @throws MeanfieldError `invalid-value`, or `unknown-kind` on an activation that does not exist
 */
export function twoLayer(options: {
  readonly width: number;
  /** @default "antithetic-frames" */
  readonly start?: TwoLayerSpec["start"];
  /** sigma; another than ReLU is stepped on samples (`sgd`), and has no limit here. @default activations.relu() */
  readonly activation?: ActivationSpec;
}): Omit<TwoLayerSpec, "dimension"> {
  const start = options.start ?? "antithetic-frames";
  checkStart(start);
  return Object.freeze({ kind: "two-layer", width: options.width, start, activation: checked(options.activation) });
}

/**
 * Describes the dense three-layer network of Nguyen and Pham (2020): y(x) = (1/m2) sum_j a_j sigma((1/m1) sum_i U_ji sigma(w_i.x + c_i) + e_j),
 * one sigma in both layers. Everything starts independent, w, c, U, e, a ~ N(0, 1), so that E y(x)^2 is about 1/(2 m2) for ReLU, or exactly 0 with
 * outputStart "zero". It is stepped on samples (`sgd`), and has no limit here.
 *
 * @throws MeanfieldError `invalid-value`, or `unknown-kind` on an activation that does not exist
 */
export function dense(options: {
  /** m1, an integer >= 1 */
  readonly firstLayerWidth: number;
  /** m2, an integer >= 1 */
  readonly secondLayerWidth: number;
  /** Of the rows w_i. @default "gaussian", N(0, I) */
  readonly start?: DenseSpec["start"];
  /** @default activations.relu() */
  readonly activation?: ActivationSpec;
  /** `zero`: second-layer neurons in pairs with a and -a (m2 even), so that y = 0 at the start. @default "random" */
  readonly outputStart?: DenseSpec["outputStart"];
}): Omit<DenseSpec, "dimension"> {
  const { firstLayerWidth, secondLayerWidth, start = "gaussian", outputStart = "random" } = options;
  checkStart(start);
  const activation = checked(options.activation);
  return Object.freeze({ kind: "dense", firstLayerWidth, secondLayerWidth, start, activation, outputStart });
}

/** Builds the network that `plan` describes in R^dimension. Throws `invalid-value` on a size out of range, `unknown-kind` on a kind that does not exist. */
export function buildNetwork(plan: NetworkPlan | NetworkSpec, dimension: number): Network {
  const spec = { ...plan, dimension } as NetworkSpec;
  switch (spec.kind) {
    case "bottleneck":
      return buildBottleneck(Object.freeze(spec));
    case "two-layer":
      return buildTwoLayer(Object.freeze(spec));
    case "dense":
      return buildDense(Object.freeze(spec));
    default:
      throw unknownKind("network", (spec as { readonly kind?: unknown }).kind, ["bottleneck", "two-layer", "dense"]);
  }
}

function checked(activation: ActivationSpec = { kind: "relu" }): ActivationSpec {
  buildActivation(activation);
  return Object.freeze({ ...activation });
}

function checkStart(start: string): void {
  if (firstLayerStarts.some((name) => name === start)) return;
  const nearest = nearestName(start, firstLayerStarts);
  throw invalidValue(
    "start",
    `one of ${firstLayerStarts.join(", ")}`,
    start,
    nearest === null ? undefined : `did you mean "${nearest}"?`,
  );
}
