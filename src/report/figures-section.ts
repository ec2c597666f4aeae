import { type Html, html, trusted } from "./html.ts";

/** A figure as the page shows it: drawn, or the reason why it could not be. */
export type PageFigure =
  | { readonly id: string; readonly caption: string; readonly notes: readonly string[]; readonly svg: string }
  | { readonly id: string; readonly caption: string; readonly problem: string };

/** The figures with their captions and links to their SVG files; null when there are none. */
export function figuresSection(figures: readonly PageFigure[]): Html | null {
  if (figures.length === 0) return null;
  return html`<section aria-labelledby="figures"><h2 id="figures">Figures</h2>
${figures.map((figure, index) =>
  "problem" in figure
    ? html`<div class="notice"><p><strong>Figure ${index + 1} (${figure.id}) could not be drawn.</strong> ${figure.problem}</p></div>`
    : html`<figure id="figure-${figure.id}"><div class="plot" tabindex="0" role="group" aria-label="Figure ${index + 1}">${trusted(inlineSvg(figure.svg))}</div>
<figcaption><strong>Figure ${index + 1}.</strong> ${[figure.caption, ...figure.notes].join(" ")} <a href="${figure.id}.svg">SVG file</a></figcaption></figure>`,
)}</section>`;
}

/** Inside a page the namespace is known. */
function inlineSvg(svg: string): string {
  return svg.replace(' xmlns="http://www.w3.org/2000/svg"', "");
}
