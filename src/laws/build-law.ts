import { invalidValue, unknownKind } from "../errors.ts";
import { ball, buildBall } from "./ball.ts";
import { buildGaussian, gaussian } from "./gaussian.ts";
import { buildHeavyTailed, heavyTailed } from "./heavy-tailed.ts";
import { buildHypercube, hypercube } from "./hypercube.ts";
import type { Law, LawSpec } from "./law.ts";
import { buildMixture, mixture } from "./mixture.ts";
import { buildRadialDensity, checkedRadialDensity } from "./radial-density.ts";
import { buildSphere, sphere } from "./sphere.ts";

interface LawKind<Spec extends LawSpec> {
  /** Checks plain data, as it may come from a file or another thread, and freezes it. */
  readonly validate: (spec: Spec) => Spec;
  readonly build: (spec: Spec) => Law;
}

const kinds: { readonly [Kind in LawSpec["kind"]]: LawKind<Extract<LawSpec, { kind: Kind }>> } = {
  "heavy-tailed": { validate: heavyTailed, build: buildHeavyTailed },
  gaussian: { validate: gaussian, build: buildGaussian },
  sphere: { validate: sphere, build: buildSphere },
  ball: { validate: ball, build: buildBall },
  hypercube: { validate: hypercube, build: buildHypercube },
  mixture: { validate: mixture, build: buildMixture },
  "radial-density": { validate: checkedRadialDensity, build: buildRadialDensity },
};

/** Laws hold tables of up to tens of megabytes that take up to a second to make; a run uses one or two. */
const cacheSize = 16;
const cache = new Map<string, Law>();

/**
 * The law that a spec describes. Equal specs share one law (the last 16 are kept), so that asking again is cheap.
 *
 * @throws MeanfieldError `unknown-kind`, with the nearest name; `invalid-value` where a field lies outside its range
 */
export function buildLaw(spec: LawSpec): Law {
  if (typeof spec !== "object" || spec === null)
    throw invalidValue("law", "a law such as laws.gaussian({ dimension: 10 })", spec);
  if (!Object.hasOwn(kinds, spec.kind)) throw unknownKind("law", spec.kind, Object.keys(kinds));
  const kind = kinds[spec.kind] as LawKind<LawSpec>;
  const checked = kind.validate(spec);
  const key = JSON.stringify(checked);
  const law = cache.get(key) ?? kind.build(checked);
  // Deleting first makes the map's order the order of use.
  cache.delete(key);
  cache.set(key, law);
  if (cache.size > cacheSize) cache.delete(cache.keys().next().value as string);
  return law;
}
