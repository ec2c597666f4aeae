import { powerOfTen } from "./number.ts";

/** The typewriter's signs as print has them: `<= 1e-5 +- 0.1, slope -1` becomes `≤ 10⁻⁵ ± 0.1, slope −1`. */
export function typesetText(text: string): string {
  return text
    .replace(/\+-|\+\/-/g, "±")
    .replace(/<=/g, "≤")
    .replace(/>=/g, "≥")
    .replace(/(?<![\w.])(\d+(?:\.\d+)?)e([+-]?\d{1,3})(?![\w.]\w)/g, (_, factor: string, exponent: string) => {
      return factor === "1" ? powerOfTen(Number(exponent)) : `${factor}×${powerOfTen(Number(exponent))}`;
    })
    .replace(/(?<=^|[\s([=<>≤≥±])-(?=\d)/g, "−");
}
