import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { MeanfieldError } from "../errors.ts";
import { publishFile, readRun } from "../runs/index.ts";
import type { Figure } from "../scenario/index.ts";
import { drawFigure, figureNotes } from "./draw-figure.ts";
import type { PageFigure } from "./figures-section.ts";
import { reportPage } from "./page.ts";
import { recordFigure } from "./record-figure.ts";
import type { ReportedRun } from "./reported-run.ts";

/** The files of a report. */
export interface WrittenReport {
  readonly html: string;
  readonly svgs: readonly string[];
}

/**
 * Draws the run folder `dir`: `report.html`, which needs no other file, and one SVG file a figure, all inside `dir`. From the folder's files
 * only, so that it can be repeated at any time; the same folder gives the same bytes. A run that diverged, failed or has not finished gets a page
 * that says so. Throws `file-failed` if `dir` is not a run folder or cannot be written, `run-damaged` if a file of it is.
 */
export async function writeReport(dir: string): Promise<WrittenReport> {
  return writeRunReport(dir, readRun(dir));
}

/**
 * Writes `report.html` and one SVG file a figure into `dir`, from what was read of the run; drawings of an earlier report that are not drawn again
 * are removed. A figure that cannot be drawn is named in the page with the reason; a run that has no figures, or did not complete, gets one of its
 * recorded losses. Throws `file-failed`.
 */
export async function writeRunReport(dir: string, run: ReportedRun): Promise<WrittenReport> {
  const html = join(dir, "report.html");
  const before = drawingsOf(html);
  const figures: PageFigure[] = [];
  const svgs: string[] = [];
  for (const figure of shownFigures(run)) {
    const page = await drawForPage(figure, figures);
    figures.push(page);
    if ("problem" in page) continue;
    const path = join(dir, `${page.id}.svg`);
    publishFile(path, page.svg);
    svgs.push(path);
  }
  publishFile(html, reportPage(run, figures));
  for (const path of before.filter((path) => !svgs.includes(path))) rmSync(path, { force: true });
  return { html, svgs };
}

/** The drawings that a page written earlier links to: those beside it which are ours. */
function drawingsOf(html: string): readonly string[] {
  if (!existsSync(html)) return [];
  const links = readFileSync(html, "utf8").matchAll(/<a href="([a-z0-9-]+\.svg)">SVG file<\/a>/g);
  return Array.from(links, ([, name]) => join(dirname(html), name));
}

function shownFigures({ figures, metrics, result }: ReportedRun): readonly Figure[] {
  if (figures.length > 0 && result?.status === "completed") return figures;
  const recorded = recordFigure(metrics);
  return recorded === null ? figures : [...figures, recorded];
}

async function drawForPage(figure: Figure, before: readonly PageFigure[]): Promise<PageFigure> {
  const { id, caption } = figure;
  if (before.some((other) => other.id === id)) {
    return { id, caption, problem: "Another figure of this run has the same id; give each its own." };
  }
  try {
    return { id, caption, notes: figureNotes(figure), svg: await drawFigure(figure) };
  } catch (error) {
    if (error instanceof MeanfieldError) return { id, caption, problem: error.message };
    throw error;
  }
}
