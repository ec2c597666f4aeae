/** A piece of HTML that is safe to put into a page: made by `html` or `trusted` only. */
export interface Html {
  readonly html: string;
}

type Part = Html | string | number | null | readonly Part[];

/** A template whose texts are escaped and whose HTML parts are not; lists are joined, null is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0];
  for (const [index, part] of parts.entries()) text += render(part) + strings[index + 1];
  return { html: text };
}

/** Marks text as HTML: only for what this toolkit itself has drawn. */
export function trusted(text: string): Html {
  return { html: text };
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for between tags and inside quoted attributes of HTML and SVG; control characters, which neither allows, become spaces. */
export function escapeText(text: string): string {
  return withoutControls(text).replace(/[&<>"']/g, (character) => entities[character]);
}

/** The text with control characters, except tabs and line ends, replaced by spaces. */
export function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]/gu, " ");
}

function render(part: Part): string {
  if (part === null) return "";
  if (typeof part === "string") return escapeText(part);
  if (typeof part === "number") return String(part);
  if ("html" in part) return part.html;
  return part.map(render).join("");
}
