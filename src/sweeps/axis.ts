import { invalidValue, type MeanfieldError } from "../errors.ts";
import type { Json } from "../scenario/index.ts";

/** One parameter of a sweep and the values that it takes. */
export interface Axis {
  readonly name: string;
  /** At least one: typed values, or texts of a command line; each is read by the parameter itself. */
  readonly values: readonly Json[];
}

/** Points of one range beyond which it is taken for a slip of the keyboard. */
const mostValues = 1_000_000;

const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const rangePattern = new RegExp(`^(${number})\\.\\.(${number})(?:([x+])(${number}))?$`, "i");

/**
 * The values of one parameter, from a text of a command line: items with commas between them, each a value or a range.
 *
 * - `4,8,16`: these values;
 * - `0..9`: whole numbers one apart, both ends included;
 * - `1..3+0.5`: a, a + s, a + 2 s, ... up to b;
 * - `64..4096x4`: a, a q, a q^2, ... up to b, with a > 0 and q > 1.
 *
 * A parameter that is itself a list takes `isList`: one value is then a whole list, and lists are parted by semicolons: `1,5,20;2,10`.
 * Throws `invalid-value` for a range that cannot be read, is empty, or holds more than a million values, and for a value given twice.
 */
export function readAxis(name: string, text: string, isList = false): Axis {
  if (/^\s*\[.*\]\s*$/.test(text)) {
    throw refused(name, "values without brackets", text, `write ${name}=${text.replace(/[[\]\s"']/g, "")}`);
  }
  const items = text.split(isList ? ";" : ",").map((item) => item.trim());
  const values = isList ? items : items.flatMap((item) => itemValues(name, item));
  const seen = new Set<string>();
  for (const value of values) {
    if (value === "")
      throw refused(name, "values with commas between them", text, "leave no place between commas empty");
    if (seen.has(value)) throw refused(name, "each value once", text, `${value} stands there twice`);
    seen.add(value);
  }
  return { name, values };
}

function itemValues(name: string, item: string): readonly string[] {
  if (!item.includes("..")) return [item];
  const match = rangePattern.exec(item);
  if (match === null) {
    const suggestion = "a step is written with +, a factor with x";
    throw refused(name, "a range such as 0..9, 1..3+0.5 or 64..4096x4", item, suggestion);
  }
  const [, first, last, kind = "+", step = "1"] = match;
  const [from, to, by] = [first, last, step].map(Number);
  if (match[3] === undefined && !(Number.isSafeInteger(from) && Number.isSafeInteger(to))) {
    throw refused(name, "whole numbers at the ends of a range without a step", item, "write the step, as in 1..3+0.5");
  }
  if (to < from) {
    const turned = `${last}..${first}${kind === "x" || by !== 1 ? `${kind}${turnedStep(kind, by)}` : ""}`;
    throw refused(name, "a range from its smaller end to its larger one", item, `write ${turned}`);
  }
  if (kind === "+") {
    if (!(by > 0)) throw refused(name, "a range with a step above 0", item);
    const decimals = Math.max(decimalsOf(first), decimalsOf(step));
    // As many decimals as were typed: 0.1 + 2 * 0.1 is meant to be 0.3, and -0.3 + 3 * 0.1 to be 0.
    const value = (index: number) => Number((from + index * by).toFixed(decimals));
    return rangeOf(name, item, Math.floor((to - from) / by + tolerance) + 1, value);
  }
  if (!(from > 0 && by > 1)) throw refused(name, "a geometric range from a number above 0, by a factor above 1", item);
  const count = Math.floor(Math.log(to / from) / Math.log(by) + tolerance) + 1;
  return rangeOf(name, item, count, (index) => Number((from * by ** index).toPrecision(15)));
}

/** The step of the same range from its other end. */
function turnedStep(kind: string, by: number): number {
  return kind === "x" && by > 0 && by < 1 ? Number((1 / by).toPrecision(12)) : Math.abs(by);
}

/** Of one step: an end that rounding alone keeps from being reached belongs to the range. */
const tolerance = 1e-9;

function rangeOf(name: string, item: string, count: number, value: (index: number) => number): readonly string[] {
  if (!(count <= mostValues)) throw refused(name, `a range of at most ${mostValues} values, not ${count}`, item);
  return Array.from({ length: count }, (_, index) => String(value(index)));
}

/** Decimals after the point of a number as typed, at most the 100 that a number is printed with. */
function decimalsOf(text: string): number {
  const [mantissa, exponent = "0"] = text.toLowerCase().split("e");
  const decimals = (mantissa.split(".")[1] ?? "").length - Number(exponent);
  return Math.min(100, Math.max(0, decimals));
}

function refused(name: string, expected: string, got: string, suggestion?: string): MeanfieldError {
  return invalidValue(name, expected, got, suggestion);
}
