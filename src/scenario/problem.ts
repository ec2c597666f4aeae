import { ball, gaussian, heavyTailed, hypercube, type LawSpec, mixture, sphere } from "../laws/index.ts";
import { ballIndicator, hinge, norm, quadraticFeature, singleIndex, type TargetSpec } from "../targets/index.ts";
import { parameter } from "./parameter.ts";

/** Names of the laws and targets that a scenario's parameters can choose. */
export const lawNames = ["heavy-tailed", "gaussian", "sphere", "ball", "hypercube", "mixture"] as const;
export const targetNames = ["hinge", "ball-indicator", "norm", "single-index", "quadratic-feature"] as const;
/** Links g of the last two. */
export const linkNames = ["relu", "absolute", "tanh", "hermite"] as const;

/**
 * The parameters by which scenarios let their user choose law and target; spread them into a scenario's own, and turn the values into a problem with
 * `problemOf`.
 *
 * @param defaults of the dimension and of the cutoff (null: none), and where they are given of law, target and link
 */
export function problemParameters(defaults: {
  readonly dimension: number;
  readonly radiusCutoff: number | null;
  /** @default "heavy-tailed" */
  readonly law?: (typeof lawNames)[number];
  /** @default "hinge" */
  readonly target?: (typeof targetNames)[number];
  /** @default "hermite" */
  readonly link?: (typeof linkNames)[number];
}) {
  return {
    dimension: parameter.integer({
      default: defaults.dimension,
      min: 2,
      max: 2000,
      help: "d, the dimension of the inputs",
    }),
    law: parameter.choice({
      choices: lawNames,
      default: defaults.law ?? "heavy-tailed",
      help: "distribution of the inputs (heavy-tailed: Eldan and Shamir's)",
    }),
    scale: parameter.number({
      default: ({ dimension }) => Math.sqrt(dimension),
      defaultText: "sqrt(dimension)",
      min: 0,
      exclusiveMin: true,
      max: 1e4,
      help: "beta of the heavy-tailed law and of the mixture",
    }),
    radiusCutoff: parameter.number({
      default: defaults.radiusCutoff,
      nullable: true,
      min: 0,
      exclusiveMin: true,
      max: 1e6,
      help: "the law is conditioned on |x| <= radiusCutoff; none for no cutoff",
    }),
    lawRadius: parameter.number({
      default: 1,
      min: 0,
      exclusiveMin: true,
      max: 1e6,
      help: "radius of the sphere or ball, where that is the law",
    }),
    target: parameter.choice({
      choices: targetNames,
      default: defaults.target ?? "hinge",
      help: "function to learn: hinge ReLU(1-|x|), ball-indicator 1(|x| <= targetRadius), norm |x|, single-index g(sqrt(d) x_1), quadratic-feature g(d x^T A x)",
    }),
    targetRadius: parameter.number({
      default: 1,
      min: 0,
      exclusiveMin: true,
      max: 1e6,
      help: "radius of the ball-indicator",
    }),
    link: parameter.choice({
      choices: linkNames,
      default: defaults.link ?? "hermite",
      help: "g of single-index and quadratic-feature",
    }),
    linkDegree: parameter.integer({
      default: 2,
      min: 1,
      max: 24,
      help: "degree of the hermite link",
    }),
  };
}

/** Values of `problemParameters`. */
export interface ProblemValues {
  readonly dimension: number;
  readonly law: (typeof lawNames)[number];
  readonly scale: number;
  readonly radiusCutoff: number | null;
  readonly lawRadius: number;
  readonly target: (typeof targetNames)[number];
  readonly targetRadius: number;
  /** @default "hermite" */
  readonly link?: (typeof linkNames)[number];
  /** @default 2 */
  readonly linkDegree?: number;
}

/** The law and target that the values choose. Throws `invalid-value` if they do not fit together. */
export function problemOf(values: ProblemValues): { readonly law: LawSpec; readonly target: TargetSpec } {
  return { law: lawOf(values), target: targetOf(values) };
}

function lawOf({ law, dimension, scale, radiusCutoff, lawRadius }: ProblemValues): LawSpec {
  switch (law) {
    case "heavy-tailed":
      return heavyTailed({ dimension, scale, radiusCutoff });
    case "gaussian":
      return gaussian({ dimension, radiusCutoff });
    case "mixture":
      return mixture({ dimension, scale, radiusCutoff });
    case "sphere":
      return sphere({ dimension, sphereRadius: lawRadius });
    case "ball":
      return ball({ dimension, ballRadius: lawRadius });
    case "hypercube":
      return hypercube({ dimension });
  }
}

function targetOf({ target, targetRadius, link: kind = "hermite", linkDegree = 2 }: ProblemValues): TargetSpec {
  const link = kind === "hermite" ? { kind, degree: linkDegree } : { kind };
  switch (target) {
    case "hinge":
      return hinge();
    case "ball-indicator":
      return ballIndicator({ radius: targetRadius });
    case "norm":
      return norm();
    case "single-index":
      return singleIndex({ link });
    case "quadratic-feature":
      return quadraticFeature({ link });
  }
}
