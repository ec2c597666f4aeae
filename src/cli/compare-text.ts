import { formatNumber, formatTable } from "../report/index.ts";
import type { RunComparison } from "../runs/index.ts";
import type { Json } from "../scenario/index.ts";
import type { Comparison } from "../sweeps/index.ts";
import { estimateText } from "./fit.ts";
import { type Terminal, wrap } from "./terminal.ts";

/** Tells how two runs differ: what they were made from, their numbers side by side, their claims, their records. */
export function tellComparison(terminal: Terminal, comparison: RunComparison): void {
  const { first, second, origin, parameters, numbers, texts, claims } = comparison;
  const table = (title: string, header: readonly string[], rows: readonly (readonly string[])[]) => {
    if (rows.length === 0) return;
    terminal.line();
    terminal.line(terminal.style("bold", title));
    terminal.line(formatTable({ header, rows }, terminal.width));
  };
  for (const [name, side] of [
    ["first ", first],
    ["second", second],
  ] as const) {
    const { scenario, id, status, dir } = side;
    terminal.line(wrap(`${scenario} ${id}, ${status}: ${dir}`, terminal.width, "", `${name}  `));
  }
  const sides = ["", "first", "second"];
  const made = [...origin, ...parameters];
  table(
    "made from",
    sides,
    made.map((pair) => [pair.name, shown(pair.name, pair.first), shown(pair.name, pair.second)]),
  );
  if (made.length === 0) terminal.line("Made from the same: scenario, code, parameters, seed, engine.");
  const same = numbers.filter(({ difference }) => difference === 0);
  table(
    "results",
    [...sides, "difference", "ratio"],
    numbers
      .filter(({ difference }, place) => difference !== 0 || place === 0)
      .map((each) => [
        each.name,
        ...[each.first, each.second, each.difference, each.ratio].map((value) => formatNumber(value)),
      ]),
  );
  if (same.length > 0) terminal.line(`${same.length} of ${numbers.length} numbers are equal.`);
  table(
    "texts",
    sides,
    texts.map((pair) => [pair.name, shown(pair.name, pair.first), shown(pair.name, pair.second)]),
  );
  const verdict = (side: (typeof claims)[number]["first"]) =>
    side === null ? "–" : `${side.verdict} (${formatNumber(side.measured)})`;
  table(
    "claims",
    sides,
    claims.map((claim) => [claim.name, verdict(claim.first), verdict(claim.second)]),
  );
  terminal.line();
  tellRecords(terminal, comparison.records);
}

function tellRecords(terminal: Terminal, { first, second, same, difference }: RunComparison["records"]): void {
  if (first + second === 0) {
    terminal.line("Records: none in either.");
    return;
  }
  if (same) {
    terminal.line(`Records: the same ${first}, to the last bit.`);
    return;
  }
  const place = difference?.first ?? difference?.second ?? null;
  if (difference === null || place === null) return;
  const { line, paths } = difference;
  const who = place.simulation === null ? place.member : `${place.member}, ${place.simulation}`;
  const where = `record ${line} (${who}, step ${place.step})`;
  const most = 6;
  const rest = paths.length > most ? ` and ${paths.length - most} more` : "";
  const what =
    difference.first === null || difference.second === null
      ? `${where} is in the ${difference.first === null ? "second" : "first"} run only`
      : `the first difference is ${where}: ${paths.slice(0, most).join(", ")}${rest}`;
  terminal.line(wrap(`Records: ${first} and ${second}; ${what}.`, terminal.width));
}

function shown(name: string, value: Json): string {
  if (value === null) return "none";
  if (name === "code" || name === "commit") return String(value).slice(0, 8);
  return typeof value === "object" ? (Array.isArray(value) ? value.join(",") : JSON.stringify(value)) : String(value);
}

/** Values of one parameter compared over pairs of points. */
export interface PairedValues {
  readonly name: string;
  readonly value: string;
  readonly as: "difference" | "ratio";
  readonly comparisons: readonly (Comparison & { readonly from: Json; readonly to: Json })[];
}

/** Tells what another value of a parameter is worth. */
export function tellPairs(terminal: Terminal, { name, value, as, comparisons }: PairedValues, level: number): void {
  terminal.line(`${value}, ${as === "ratio" ? "ratio" : "difference"} at equal points`);
  const rows = comparisons.map(({ from, to, pairs, estimate }) => [
    `${name}: ${to} ${as === "ratio" ? "/" : "-"} ${from}`,
    estimateText(estimate),
    String(pairs),
  ]);
  terminal.line(formatTable({ header: ["", as, "pairs"], rows }, terminal.width));
  const mean = as === "ratio" ? "Geometric means" : "Means";
  terminal.line(
    wrap(
      `${mean} over pairs of points that agree in all else, with ${formatNumber(100 * level)} % intervals.`,
      terminal.width,
    ),
  );
}
