import { invalidValue } from "../errors.ts";

/** The factor on a feature h(x) before the link: a number in (0, 1e9], or null for the one with which h has variance 1. Throws `invalid-value`. */
export function checkedScale(scale: number | null | undefined): number | null {
  if (scale === undefined || scale === null) return null;
  if (scale > 0 && scale <= 1e9) return scale;
  throw invalidValue("scale", "a number in (0, 1e9] or none", scale);
}
