import { join } from "node:path";
import type { Command } from "commander";
import { invalidValue } from "../errors.ts";
import { drawFigure, figureNotes, sweepFigure } from "../report/index.ts";
import { publishFile } from "../runs/index.ts";
import { readSweep } from "../sweeps/index.ts";
import { writeDocument } from "./documents.ts";
import { examples } from "./examples.ts";
import { readColumns, readFolder, readLevel } from "./options.ts";
import { createTerminal, wrap } from "./terminal.ts";

interface PlotFlags {
  readonly x?: string;
  readonly y?: readonly string[];
  readonly series?: readonly string[];
  readonly log?: true;
  readonly logX?: true;
  readonly logY?: true;
  readonly linear?: true;
  readonly fit?: true;
  readonly level?: number;
  readonly out?: string;
  readonly json?: true;
}

/** `meanfield plot`: a result of a sweep against one of its parameters. */
export function addPlotCommand(program: Command): void {
  program
    .command("plot")
    .description("draw a result of a sweep against a swept parameter, with intervals over the seeds")
    .argument("<folder>", "a sweep folder, sweeps/<scenario>/<sweep-id>", readFolder)
    .option("--x <parameter>", "the horizontal axis (default: the parameter with the most numbers)")
    .option("--y <columns>", "the results, such as bottleneck.loss (default: the scenario's headline)", readColumns)
    .option("--series <names>", "a series for each combination of these (default: all other parameters)", readColumns)
    .option("--log", "both axes logarithmic (default: an axis whose positive values spread far)")
    .option("--log-x", "only the horizontal axis logarithmic")
    .option("--log-y", "only the vertical axis logarithmic")
    .option("--linear", "no axis logarithmic")
    .option("--fit", "fit a power law to each series, and show its exponent")
    .option("--level <level>", "coverage of the intervals, in (0, 1) (default: 0.95)", readLevel)
    .option("--out <file>", "SVG file to write (default: one in the sweep's folder, named after both axes)", readFolder)
    .option("--json", "print one JSON document on standard output, with the figure as data")
    .addHelpText(
      "after",
      examples("plot sweeps/depth-separation/24805f5f4eab1e86 --x firstLayerWidth --y bottleneck.discretization --fit"),
    )
    .action(plot);
}

async function plot(folder: string, flags: PlotFlags): Promise<void> {
  const { log, logX, logY, linear, fit, out, json, ...rest } = flags;
  if (out !== undefined && !out.endsWith(".svg")) {
    throw invalidValue("out", "a file that ends with .svg", out, "a browser or Inkscape makes other formats of it");
  }
  const isChosen = [log, logX, logY, linear].includes(true);
  if (linear === true && [log, logX, logY].includes(true)) {
    throw invalidValue("linear", "one of --linear and --log", "both");
  }
  const chosen = [...(log === true || logX === true ? ["x"] : []), ...(log === true || logY === true ? ["y"] : [])];
  const axes = chosen as ("x" | "y")[];
  const figure = sweepFigure(readSweep(folder), { ...rest, fit: fit === true, ...(isChosen ? { log: axes } : {}) });
  const path = out ?? join(folder, `${figure.id}.svg`);
  publishFile(path, await drawFigure(figure));
  const terminal = createTerminal();
  terminal.line(path);
  for (const note of [figure.caption, ...figureNotes(figure)]) terminal.line(wrap(note, terminal.width));
  if (json === true) writeDocument({ status: "ok", dir: folder, file: path, figure });
}
