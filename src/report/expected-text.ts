import type { Claim } from "../scenario/index.ts";
import { formatMeasured, formatNumber, type NumberStyle } from "./number.ts";
import { typesetText } from "./typeset.ts";

/** What a claim expects, with its tolerance: `0.1122 ± 0.0019`, `<= 1e-12`, `-1 (2 standard errors)`. */
export function expectedText(
  { expected, tolerance }: Pick<Claim, "expected" | "tolerance">,
  style: NumberStyle,
): string {
  const words = (text: string) => (style === "plain" ? text : typesetText(text));
  if (typeof expected === "number" && typeof tolerance === "number") return formatMeasured(expected, tolerance, style);
  const wanted = typeof expected === "string" ? words(expected) : formatNumber(expected, 4, style);
  if (tolerance === null) return wanted;
  return typeof tolerance === "number"
    ? `${wanted} ± ${formatNumber(tolerance, 4, style)}`
    : `${wanted} (${words(tolerance)})`;
}
