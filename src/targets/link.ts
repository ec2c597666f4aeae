import { invalidValue, unknownKind } from "../errors.ts";

/** A link function g by name, as plain data that any thread can build. */
export type LinkSpec =
  | { readonly kind: "relu" | "absolute" | "tanh" }
  | { readonly kind: "hermite"; readonly degree: number }
  | { readonly kind: "polynomial"; readonly coefficients: readonly number[] };

export const linkKinds = ["relu", "absolute", "tanh", "hermite", "polynomial"] as const;

/** Beyond this degree Hermite values of ordinary samples lose all digits to each other. */
const largestDegree = 24;

/**
 * Checks a link and freezes it: `relu` max(z, 0); `absolute` |z|; `tanh`; `hermite` He_degree(z)/sqrt(degree!), orthonormal under N(0, 1), degree in
 * [0, 24]; `polynomial` sum_k coefficients[k] z^k.
 *
 * @throws MeanfieldError `unknown-kind`, `invalid-value`
 */
export function checkedLink(link: LinkSpec): LinkSpec {
  if (typeof link !== "object" || link === null) throw invalidValue("link", 'a link such as { kind: "relu" }', link);
  switch (link.kind) {
    case "relu":
    case "absolute":
    case "tanh":
      return Object.freeze({ kind: link.kind });
    case "hermite":
      if (Number.isInteger(link.degree) && link.degree >= 0 && link.degree <= largestDegree) {
        return Object.freeze({ kind: link.kind, degree: link.degree });
      }
      throw invalidValue("link.degree", `an integer in [0, ${largestDegree}]`, link.degree);
    case "polynomial": {
      const { coefficients } = link;
      if (Array.isArray(coefficients) && coefficients.length > 0 && coefficients.every(Number.isFinite)) {
        return Object.freeze({ kind: link.kind, coefficients: Object.freeze([...coefficients]) });
      }
      throw invalidValue("link.coefficients", "finite numbers, that of z^0 first", coefficients);
    }
    default:
      throw unknownKind("link", (link as { readonly kind?: unknown }).kind, linkKinds);
  }
}

/** g as a function. */
export function buildLink(link: LinkSpec): (z: number) => number {
  switch (link.kind) {
    case "relu":
      return (z) => Math.max(z, 0);
    case "absolute":
      return Math.abs;
    case "tanh":
      return Math.tanh;
    case "hermite":
      return hermite(link.degree);
    case "polynomial":
      return (z) => link.coefficients.reduceRight((sum, coefficient) => sum * z + coefficient, 0);
  }
}

/** He_k/sqrt(k!) by sqrt(k + 1) h_(k+1) = z h_k - sqrt(k) h_(k-1). */
function hermite(degree: number): (z: number) => number {
  return (z) => {
    let before = 0;
    let here = 1;
    for (let k = 0; k < degree; k += 1) {
      [before, here] = [here, (z * here - Math.sqrt(k) * before) / Math.sqrt(k + 1)];
    }
    return here;
  };
}
