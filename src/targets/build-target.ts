import { invalidValue, unknownKind } from "../errors.ts";
import { ballIndicator, buildBallIndicator } from "./ball-indicator.ts";
import { buildHinge, hinge } from "./hinge.ts";
import { buildNorm, norm } from "./norm.ts";
import { buildPiecewiseLinear, piecewiseLinear } from "./piecewise-linear.ts";
import { buildGlobalProduct, buildLocalProduct, globalProduct, localProduct } from "./product-features.ts";
import { buildQuadraticFeature, quadraticFeature } from "./quadratic-feature.ts";
import { buildRadialFunction, radialFunction } from "./radial-function.ts";
import { buildScaled, scaled } from "./scaled.ts";
import { buildSingleIndex, singleIndex } from "./single-index.ts";
import type { Target, TargetSpec } from "./target.ts";

interface TargetKind<Spec extends TargetSpec> {
  /** Checks plain data, as it may come from a file or another thread, and freezes it. */
  readonly validate: (spec: Spec) => Spec;
  readonly build: (spec: Spec) => Target;
}

const kinds: { readonly [Kind in TargetSpec["kind"]]: TargetKind<Extract<TargetSpec, { kind: Kind }>> } = {
  hinge: { validate: hinge, build: buildHinge },
  "ball-indicator": { validate: ballIndicator, build: buildBallIndicator },
  "piecewise-linear": { validate: piecewiseLinear, build: buildPiecewiseLinear },
  norm: { validate: norm, build: buildNorm },
  "radial-function": { validate: radialFunction, build: buildRadialFunction },
  "single-index": { validate: singleIndex, build: buildSingleIndex },
  "quadratic-feature": { validate: quadraticFeature, build: buildQuadraticFeature },
  "local-product": { validate: localProduct, build: buildLocalProduct },
  "global-product": { validate: globalProduct, build: buildGlobalProduct },
  scaled: {
    validate: ({ target, factor }) => scaled(target, factor),
    build: (spec) => buildScaled(spec, buildTarget(spec.target)),
  },
};

/**
 * The target that a spec describes.
 *
 * @throws MeanfieldError `unknown-kind`, with the nearest name; `invalid-value` where a field lies outside its range
 */
export function buildTarget(spec: TargetSpec): Target {
  if (typeof spec !== "object" || spec === null) throw invalidValue("target", "a target such as targets.hinge()", spec);
  if (!Object.hasOwn(kinds, spec.kind)) throw unknownKind("target", spec.kind, Object.keys(kinds));
  const kind = kinds[spec.kind] as TargetKind<TargetSpec>;
  return kind.build(kind.validate(spec));
}
