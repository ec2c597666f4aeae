import { invalidValue } from "../errors.ts";

/** d: an integer in [2, most]. */
export function checkedDimension(dimension: number, most: number): number {
  if (!(Number.isInteger(dimension) && dimension >= 2 && dimension <= most)) {
    throw invalidValue("dimension", `an integer in [2, ${most}]`, dimension);
  }
  return dimension;
}

/** A radius or scale in (0, 1e6]. */
export function checkedPositive(path: string, value: number): number {
  if (!(value > 0 && value <= 1e6)) throw invalidValue(path, "a number in (0, 1000000]", value);
  return value;
}

/** Rc: a radius in (0, 1e6], or null (also when left out) for no cutoff. */
export function checkedCutoff(radiusCutoff: number | null | undefined): number | null {
  if (radiusCutoff === null || radiusCutoff === undefined) return null;
  if (!(radiusCutoff > 0 && radiusCutoff <= 1e6)) {
    throw invalidValue("radiusCutoff", "a number in (0, 1000000] or null", radiusCutoff);
  }
  return radiusCutoff;
}
