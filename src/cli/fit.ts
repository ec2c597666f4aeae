import type { Command } from "commander";
import type { Estimate } from "../numerics/index.ts";
import { formatInterval, formatNumber, formatTable } from "../report/index.ts";
import { fitScaling, readSweep } from "../sweeps/index.ts";
import { cellText } from "./cell-text.ts";
import { writeDocument } from "./documents.ts";
import { examples } from "./examples.ts";
import { readColumns, readFolder, readLevel } from "./options.ts";
import { createTerminal, wrap } from "./terminal.ts";

interface FitFlags {
  readonly value?: string;
  readonly by?: readonly string[];
  readonly level?: number;
  readonly json?: true;
}

/** `meanfield fit`: the exponent of a result as a power of a swept parameter. */
export function addFitCommand(program: Command): void {
  program
    .command("fit")
    .description("fit a power of a swept parameter to a result, with intervals over the seeds")
    .argument("<folder>", "a sweep folder, sweeps/<scenario>/<sweep-id>", readFolder)
    .argument("<parameter>", "the swept parameter, such as firstLayerWidth")
    .option("--value <column>", "the result, such as bottleneck.discretization (default: the scenario's headline)")
    .option("--by <names>", "a fit for each value of these (default: all other swept parameters)", readColumns)
    .option("--level <level>", "coverage of the intervals, in (0, 1) (default: 0.95)", readLevel)
    .option("--json", "print one JSON document on standard output")
    .addHelpText(
      "after",
      examples("fit sweeps/depth-separation/24805f5f4eab1e86 firstLayerWidth --value bottleneck.discretization"),
    )
    .action(fit);
}

function fit(folder: string, against: string, { json, ...options }: FitFlags): void {
  const sweep = readSweep(folder);
  const fits = fitScaling(sweep, { against, ...options });
  const { scenario, id, headline } = sweep.plan;
  const value = options.value ?? headline;
  if (json === true) {
    writeDocument({ status: "ok", scenario, id, dir: folder, against, value, fits });
    return;
  }
  const terminal = createTerminal();
  const names = Object.keys(fits[0]?.values ?? {});
  const table = {
    header: [...names, "exponent", "factor", "values", "seeds", "deviation"],
    rows: fits.map(({ values, exponent, factor, keys, from, seeds, largestDeviation }) => [
      ...names.map((name) => cellText(name, values[name])),
      estimateText(exponent),
      estimateText(factor),
      String(keys.length),
      from === "seeds" ? String(seeds) : `${seeds} (line)`,
      formatNumber(largestDeviation),
    ]),
  };
  terminal.line(`${value} = factor * ${against}^exponent`);
  terminal.line(formatTable(table, terminal.width));
  const from = new Set(fits.map((each) => each.from));
  const percent = formatNumber(100 * (options.level ?? 0.95));
  const meanings = [
    `${percent} % intervals`,
    ...(from.has("seeds") ? ["over the seeds' own exponents"] : []),
    ...(from.has("line") ? [`${from.has("seeds") ? "or " : ""}from the scatter about one line`] : []),
  ].join(" ");
  terminal.line(wrap(`${meanings}; deviation: the largest factor between a mean and the law.`, terminal.width));
  const without = fits.reduce((sum, each) => sum + each.without, 0);
  if (without > 0) terminal.line(`${without} points were not used.`);
}

/** Rounding alone is no interval: where a law is exact the number stands alone. */
export function estimateText({ value, low, high }: Estimate): string {
  const isExact = high - low <= 1e-12 * Math.max(1, Math.abs(value));
  return isExact ? formatNumber(value) : formatInterval(value, low, high);
}
