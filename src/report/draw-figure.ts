import { invalidValue } from "../errors.ts";
import type { Figure } from "../scenario/index.ts";
import { fontStack } from "./drawing-style.ts";
import { checkFigure } from "./figure-check.ts";
import { figureSpec } from "./figure-spec.ts";
import { escapeText } from "./html.ts";
import { plottedSeries } from "./plotted-series.ts";

export interface DrawOptions {
  /** Width of the whole drawing in px, in [320, 4000]. @default 640 */
  readonly width?: number;
  /** Height of the plot alone in px, in [100, 4000]; title, axis labels and legend come on top of it. @default 320 */
  readonly plotHeight?: number;
}

/**
 * The figure as the text of a self-contained SVG file: white background, system fonts, its title and description inside.
 * The same figure gives the same text on every machine, whatever was drawn before. Throws `invalid-value` for a figure that cannot be drawn;
 * values that an axis cannot show are left out (see `figureNotes`).
 */
export async function drawFigure(figure: Figure, options: DrawOptions = {}): Promise<string> {
  checkFigure(figure);
  const width = sizeWithin("width", options.width ?? 640, 320);
  const plotHeight = sizeWithin("plotHeight", options.plotHeight ?? 320, 100);
  // Half a second of loading that most commands do not need.
  const [{ compile }, vega] = await Promise.all([import("vega-lite"), import("vega")]);
  const { spec } = compile(figureSpec(figure, { width, plotHeight }), { logger: silentLogger() });
  const view = new vega.View(vega.parse(spec), { renderer: "none", logLevel: vega.None });
  try {
    return readableSvg(await view.toSVG(), figure);
  } finally {
    view.finalize();
  }
}

/** Sentences that belong under the drawing: what of the figure an axis cannot show. Throws as `drawFigure` does. */
export function figureNotes(figure: Figure): readonly string[] {
  checkFigure(figure);
  return plottedSeries(figure).notes;
}

function sizeWithin(name: string, value: number, least: number): number {
  if (!(value >= least && value <= 4000)) throw invalidValue(name, `a number of pixels in [${least}, 4000]`, value);
  return value;
}

/** Names the drawing for screen readers, and gives each element its own line so that two versions can be compared. */
function readableSvg(svg: string, figure: Figure): string {
  const size = /^<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg);
  const body = svg
    .replace(/^<svg[^>]*>/, "")
    // Small ticks have neither labels nor grid lines, but the library leaves empty ones.
    .replace(/<text [^>]*\/>|<line [^>]* opacity="0"\/>/g, "")
    .replace(/<[^>]*>/g, plainTag)
    .replace(/<g><\/g>|<path class="(?:fore|back)ground"[^>]*\/>/g, "")
    .replace(/></g, ">\n<");
  const [width, height] = size === null ? ["640", "400"] : [size[1], size[2]];
  const title = `${figure.id}-title`;
  const description = `${figure.id}-description`;
  const words = [figure.caption, ...figureNotes(figure), seriesSentence(figure)]
    .filter((part) => part !== "")
    .join(" ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${fontStack}" role="img" aria-labelledby="${title} ${description}">`,
    `<title id="${title}">${escapeText(figure.title)}</title>`,
    `<desc id="${description}">${escapeText(words)}</desc>`,
    `${body}\n`,
  ].join("\n");
}

function seriesSentence({ series, x, y }: Figure): string {
  return `${y.label} against ${x.label}: ${series.map(({ name }) => name).join("; ") || "no series"}.`;
}

/** Without the attributes that stand on the root or that only live pages need, and with positions that do not show the last bits of a logarithm. */
function plainTag(tag: string): string {
  return tag
    .replace(/ (?:role|aria-[a-z]+|pointer-events|font-family)="[^"]*"| opacity="1"/g, "")
    .replace(/(?<= (?:transform|d|x|y|x2|y2|width|height)="[^"]*)-?\d+\.\d{3,}/g, (number) =>
      String(Number(Number(number).toFixed(2))),
    );
}

function silentLogger() {
  const logger = {
    level: () => logger,
    error: () => logger,
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
  };
  return logger as never;
}
