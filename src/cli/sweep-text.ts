import { formatDuration, formatInterval, formatNumber, formatTable } from "../report/index.ts";
import {
  aggregate,
  columnsOf,
  headlineColumn,
  type PreparedSweep,
  type StoredSweep,
  type SweepOptions,
  type SweepOutcome,
  sweepRows,
  variedNames,
} from "../sweeps/index.ts";
import { goesOnText } from "./slurm-text.ts";
import { type Terminal, wrap } from "./terminal.ts";

/** Most rows of the table that ends a sweep; `meanfield ls` shows all. */
const mostRows = 40;

/** Tells what a sweep has found: its headline by swept values, with intervals over the seeds, and what did not complete. */
export function tellSweep(
  terminal: Terminal,
  sweep: StoredSweep,
  status: SweepOutcome["status"],
  executor: SweepOptions["executor"] = "pool",
): void {
  const counts = countsOf(sweep);
  const hasResults = counts.completed > 0;
  if (hasResults) {
    const names = variedNames(sweep);
    const rows = aggregate(sweep);
    const title = headlineColumn(sweep.plan, columnsOf(sweepRows(sweep)));
    const table = {
      header: [...names, title, "points"],
      rows: rows
        .slice(0, mostRows)
        .map(({ values, estimate, mean, count }) => [
          ...names.map((name) => shownValue(values[name])),
          estimate === null ? formatNumber(mean) : formatInterval(estimate.value, estimate.low, estimate.high),
          String(count),
        ]),
    };
    terminal.line(formatTable(table, terminal.width));
    if (rows.length > mostRows) terminal.line(`... ${rows.length - mostRows} more rows: meanfield ls ${sweep.dir}`);
    if (rows.some(({ estimate }) => estimate !== null))
      terminal.line(wrap("Means over points that differ in the rest, with 95 % intervals.", terminal.width));
    terminal.line();
  }
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  terminal.line(wrap(`${sweep.points.length} points: ${parts.join(", ")}.`, terminal.width));
  if (status !== "completed") terminal.line(goesOnText(sweep.dir, executor, status));
  terminal.line(`Sweep: ${sweep.dir}`);
}

/** The document of a sweep, as `--json` prints it. */
export function sweepDocument(sweep: StoredSweep, status: SweepOutcome["status"]) {
  const { plan, dir } = sweep;
  const points = sweep.points.map(({ id, values, seed, end }) => ({
    id,
    values,
    seed,
    status: end?.status ?? "missing",
    seconds: end?.seconds ?? null,
    error: end?.error ?? null,
    summary: end?.summary ?? {},
  }));
  return { status, scenario: plan.scenario, id: plan.id, dir, counts: countsOf(sweep), points };
}

/** Tells what a sweep would do, and returns the same as a document. */
export function planSweepText(terminal: Terminal, { plan, dir, loaded }: PreparedSweep) {
  const { scenario, id, points, axes } = plan;
  const hasEstimate = loaded.scenario.estimate !== undefined;
  const seconds = hasEstimate ? points.reduce((sum, { cost }) => sum + cost, 0) : null;
  terminal.line(`${scenario} ${id}`);
  for (const { name, values } of axes) {
    terminal.line(wrap(values.map(shownValue).join(", "), terminal.width, "  ", `${name}  `));
  }
  terminal.line(`  points  ${points.length}`);
  terminal.line(`  folder  ${dir}`);
  terminal.line(
    `  time    ${seconds === null ? "not known" : `roughly ${formatDuration(Number(seconds.toPrecision(2)))} on one thread`}`,
  );
  return { status: "planned", scenario, id, dir, points, seconds };
}

function countsOf({ points }: Pick<StoredSweep, "points">) {
  const counts = { completed: 0, diverged: 0, failed: 0, "timed-out": 0, missing: 0 };
  for (const { end } of points) counts[end?.status ?? "missing"] += 1;
  return counts;
}

function shownValue(value: unknown): string {
  if (value === null || value === undefined) return "none";
  return typeof value === "number" ? formatNumber(value, 15) : Array.isArray(value) ? value.join(",") : String(value);
}
