import { join } from "node:path";
import type { Command } from "commander";
import { invalidValue } from "../errors.ts";
import { compareRuns } from "../runs/index.ts";
import { columnsOf, comparePaired, headlineColumn, readAxis, readSweep, sweepRows } from "../sweeps/index.ts";
import { readAssignments } from "./assignments.ts";
import { tellComparison, tellPairs } from "./compare-text.ts";
import { writeDocument } from "./documents.ts";
import { examples } from "./examples.ts";
import { readFolder, readLevel } from "./options.ts";
import { createTerminal } from "./terminal.ts";

interface CompareFlags {
  readonly value?: string;
  readonly ratio?: true;
  readonly level?: number;
  readonly json?: true;
}

/** `meanfield compare`: two runs, or two values of a parameter over the seeds of a sweep. */
export function addCompareCommand(program: Command): void {
  program
    .command("compare")
    .description("compare two runs, or values of a parameter over the equal points of a sweep")
    .argument("<folder>", "a run folder, or a sweep folder", readFolder)
    .argument(
      "<words...>",
      "another run folder; or two ids of the sweep's points; or a parameter's values, such as start=sphere,frames",
    )
    .option("--value <column>", "in a sweep: the result that is compared (default: the scenario's headline)")
    .option("--ratio", "in a sweep: as a factor, by the geometric mean, instead of a difference")
    .option("--level <level>", "in a sweep: coverage of the intervals, in (0, 1) (default: 0.95)", readLevel)
    .option("--json", "print one JSON document on standard output")
    .addHelpText(
      "after",
      examples(
        "compare runs/bottleneck-limit/641108636692d0db runs/bottleneck-limit/8ff17d470caa6d96",
        "compare sweeps/depth-separation/24805f5f4eab1e86 7d1f8879 b6537c7f",
        "compare sweeps/depth-separation/24805f5f4eab1e86 start=sphere,antithetic-frames --ratio",
      ),
    )
    .action(compare);
}

function compare(folder: string, words: readonly string[], flags: CompareFlags): void {
  if (words.some((word) => word.includes("="))) {
    compareValues(folder, words, flags);
    return;
  }
  for (const name of ["value", "ratio", "level"] as const) {
    if (flags[name] === undefined) continue;
    throw invalidValue(name, "values of a parameter, such as start=sphere,frames, to compare", words.join(" "));
  }
  if (words.length > 2) throw invalidValue("words", "two runs to compare", `${words.length + 1}`);
  const [first, second] = words.length === 1 ? [folder, words[0]] : words.map((id) => pointFolder(folder, id));
  const comparison = compareRuns(first, second);
  if (flags.json === true) writeDocument({ status: "ok", ...comparison });
  else tellComparison(createTerminal(), comparison);
}

/** The folder of a sweep's point whose id begins so. */
function pointFolder(dir: string, id: string): string {
  const found = readSweep(dir).points.filter((point) => point.id.startsWith(id));
  if (found.length === 1) return join(dir, "points", found[0].id);
  const got = found.length === 0 ? "which none has" : `which ${found.length} have`;
  throw invalidValue("id", "the beginning of the id of one point", `${id}, ${got}`, `meanfield ls ${dir} shows them`);
}

/** The first value of the parameter against each of the others. */
function compareValues(dir: string, words: readonly string[], flags: CompareFlags): void {
  const [[name, text], ...others] = Object.entries(readAssignments(words));
  if (others.length > 0) throw invalidValue("words", "one parameter with its values", words.join(" "));
  const sweep = readSweep(dir);
  const rows = sweepRows(sweep);
  const values = readAxis(name, text).values.map((value) => typed(String(value)));
  if (values.length < 2) throw invalidValue(name, "at least two values with a comma between them", text);
  const value = flags.value ?? headlineColumn(sweep.plan, columnsOf(rows));
  const as: "ratio" | "difference" = flags.ratio === true ? "ratio" : "difference";
  const [from, ...tos] = values;
  const comparisons = tos.map((to) => ({
    from,
    to,
    ...comparePaired(sweep, {
      name,
      from,
      to,
      value,
      as,
      ...(flags.level === undefined ? {} : { level: flags.level }),
    }),
  }));
  const document = { scenario: sweep.plan.scenario, id: sweep.plan.id, dir, name, value, as, comparisons };
  if (flags.json === true) writeDocument({ status: "ok", ...document });
  else tellPairs(createTerminal(), document, flags.level ?? 0.95);
}

/** As the cells of a sweep's rows have it. */
function typed(text: string): number | string {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}
