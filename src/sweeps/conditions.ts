import { invalidValue } from "../errors.ts";
import type { Json } from "../scenario/index.ts";
import { cellOf, requireColumn, type SweepRow } from "./rows.ts";

/** What a row must fulfil to be shown. */
export interface Condition {
  readonly column: string;
  readonly operator: "=" | "!=" | "<" | "<=" | ">" | ">=";
  readonly value: string;
}

const pattern = /^\s*([A-Za-z_][\w.-]*)\s*(<=|>=|!=|==|=|<|>)\s*(.+?)\s*$/;

/** A condition from a command line, such as `firstLayerWidth>256` or `status=diverged`. Throws `invalid-value`. */
export function readCondition(text: string): Condition {
  const match = pattern.exec(text);
  if (match === null) throw invalidValue("condition", 'a comparison such as "firstLayerWidth>256"', text);
  const [, column, operator, value] = match;
  return { column, operator: (operator === "==" ? "=" : operator) as Condition["operator"], value };
}

/** The rows that fulfil all conditions. Throws `invalid-value` for a column that no row has. */
export function selectRows(
  rows: readonly SweepRow[],
  conditions: readonly Condition[],
  columns: readonly string[],
): readonly SweepRow[] {
  for (const { column } of conditions) requireColumn("condition", column, columns);
  return rows.filter((row) => conditions.every((condition) => fulfils(cellOf(row, condition.column), condition)));
}

/** The rows by what stands in a column: numbers by size, texts by letters; rows without it, and points that did not complete, last. */
export function sortRows(rows: readonly SweepRow[], column: string, columns: readonly string[]): readonly SweepRow[] {
  requireColumn("sort", column, columns);
  const rank = (row: SweepRow) => {
    const cell = cellOf(row, column);
    if (cell === undefined || cell === null) return 2;
    return row.status === "completed" || column === "status" || Object.hasOwn(row.values, column) ? 0 : 1;
  };
  return [...rows].sort((left, right) => {
    const byRank = rank(left) - rank(right);
    return byRank !== 0 ? byRank : compare(cellOf(left, column), cellOf(right, column));
  });
}

function compare(left: Json | undefined, right: Json | undefined): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [first, second] = [String(left), String(right)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function fulfils(cell: Json | undefined, { operator, value }: Condition): boolean {
  const shown = cell === null ? "none" : String(cell);
  if (operator === "=" || operator === "!=") {
    const number = Number(value);
    const isEqual = typeof cell === "number" && Number.isFinite(number) ? cell === number : shown === value;
    return cell !== undefined && isEqual === (operator === "=");
  }
  const bound = Number(value);
  if (!Number.isFinite(bound)) throw invalidValue("condition", "a number after < or >", value);
  // A value that is not measured is neither above nor below a bound.
  if (typeof cell !== "number") return false;
  if (operator === "<") return cell < bound;
  if (operator === "<=") return cell <= bound;
  return operator === ">" ? cell > bound : cell >= bound;
}
