import { MeanfieldError } from "../../errors.ts";
import type { Law, RadialDistribution } from "../../laws/law.ts";

/** The law's radius; throws `unsupported-combination` for a law that is not radial. */
export function radialPart(law: Law): RadialDistribution {
  if (law.radius !== null) return law.radius;
  throw new MeanfieldError(
    "unsupported-combination",
    `expectation: the radius of the law ${law.spec.kind} cannot be integrated, since it is not radial; use expectation=sgd`,
    { path: "expectation", expected: "sgd", got: "a radial mode" },
  );
}
