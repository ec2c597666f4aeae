import { withoutControls } from "./html.ts";

// Widths are estimated, not measured: the same figure must come out the same on every machine, with or without fonts or a canvas.
// The classes follow DejaVu Sans, the widest of the usual sans-serif fonts, so that text laid out here fits everywhere.
const narrow = /[iljtfrI.,:;|!'()[\] ·ˈ⁻⁰¹²³⁴⁵⁶⁷⁸⁹]/u;
const wide = /[mwMW@%—…±×→∞∫∑]/u;
const upper = /[A-Z+=<>~≤≥−#]/u;

/** Estimated width in px of a text in a sans-serif font of the given size. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const character of text) {
    if (narrow.test(character)) em += 0.38;
    else if (wide.test(character)) em += 0.95;
    else if (upper.test(character)) em += 0.73;
    else em += (character.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : 0.61;
  }
  return em * fontSize;
}

/** The text in at most `maxLines` lines of at most `maxWidth` px, broken at spaces; what does not fit is cut with an ellipsis. */
export function wrapText(text: string, fontSize: number, maxWidth: number, maxLines: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of withoutControls(text)
    .split(/\s+/)
    .filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || textWidth(longer, fontSize) <= maxWidth) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  const kept = lines.slice(0, maxLines);
  if (lines.length > maxLines) kept[maxLines - 1] += "…";
  return kept.map((each) => cutText(each, fontSize, maxWidth));
}

function cutText(text: string, fontSize: number, maxWidth: number): string {
  if (textWidth(text, fontSize) <= maxWidth) return text;
  const characters = Array.from(text.replace(/…$/, ""));
  while (characters.length > 1 && textWidth(`${characters.join("")}…`, fontSize) > maxWidth) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}
