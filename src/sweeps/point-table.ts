import { asType, type Cell, type Table } from "../tables/index.ts";
import { cellOf, columnsOf } from "./rows.ts";
import { parameterCell, plainCell, type SourceRow, type TableSource, typeFinders } from "./table-source.ts";

/**
 * One row a point or run: `scenario`, `sweep` (null for a run by itself), `id`, `status`, `seconds`, the parameters that are swept (of a run by itself
 * all), `seed`, and each number, text and truth value of the summary under its dotted path.
 */
export function pointTable({ rows, types }: TableSource): Table {
  const names = columnsOf(rows.length > 0 ? rows : [nothing]);
  const swept = new Set(rows.flatMap(({ values }) => Object.keys(values)));
  const cell = (row: SourceRow, name: string): Cell => {
    const value = cellOf(row, name);
    const isParameter = swept.has(name) && Object.hasOwn(row.values, name);
    return isParameter ? parameterCell(value, types.get(name)) : plainCell(value);
  };
  const found = typeFinders();
  for (const name of names) {
    const finder = found.of(name);
    for (const row of rows) finder.look(cell(row, name));
  }
  const columns = [...found.types()].map(([name, type]) => ({
    name,
    type: fixed.get(name) ?? (swept.has(name) ? (types.get(name) ?? type) : type),
  }));
  return {
    columns,
    *rows() {
      for (const row of rows) yield columns.map(({ name, type }) => asType(cell(row, name), type));
    },
  };
}

const fixed = new Map([
  ["scenario", "text"],
  ["sweep", "text"],
  ["id", "text"],
  ["status", "text"],
  ["seconds", "number"],
] as const) as ReadonlyMap<string, "text" | "number">;

/** Gives a table without rows its first columns. */
const nothing: SourceRow = {
  id: "",
  dir: "",
  status: "",
  seconds: null,
  seed: 0,
  values: {},
  results: {},
  origin: { scenario: "", sweep: null },
};
