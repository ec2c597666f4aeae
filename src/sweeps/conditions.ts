import { invalidValue } from "../errors.ts";
import type { Json } from "../scenario/index.ts";
import { requireColumn, type SweepRow } from "./rows.ts";

/** What a row must fulfil to be shown. */
export interface Condition {
  readonly column: string;
  /** `~`: the cell's text matches a regular expression, letters of either case alike. */
  readonly operator: "=" | "!=" | "<" | "<=" | ">" | ">=" | "~";
  readonly value: string;
}

/** By what rows are sorted. */
export interface Order {
  readonly column: string;
  readonly isDescending: boolean;
}

/** How the cells of rows are had that are not points of a sweep. */
export type Cells<Row> = (row: Row, column: string) => Json | undefined;

const pattern = /^\s*([A-Za-z_][\w.-]*)\s*(<=|>=|!=|==|=|<|>|~)\s*(.+?)\s*$/;

/** A condition from a command line, such as `firstLayerWidth>256`, `status=diverged` or `start~frames`. Throws `invalid-value`. */
export function readCondition(text: string): Condition {
  const match = pattern.exec(text);
  if (match === null) {
    // A shell that was given no quotes has taken > and what follows for a file.
    const suggestion = "put it between quotes, since a shell reads > and < itself";
    throw invalidValue("condition", 'a comparison such as "firstLayerWidth>256"', text, suggestion);
  }
  const [, column, operator, value] = match;
  if (operator === "~") expressionOf(value);
  if (/^[<>]/.test(operator) && !Number.isFinite(Number(value))) {
    throw invalidValue("condition", "a number after < or >", value);
  }
  return { column, operator: (operator === "==" ? "=" : operator) as Condition["operator"], value };
}

/** An order from a command line: a column, after a minus sign for the largest first. */
export function readOrder(text: string): Order {
  const isDescending = text.startsWith("-");
  return { column: isDescending ? text.slice(1) : text, isDescending };
}

/** The rows that fulfil all conditions. Throws `invalid-value` for a column that no row has. */
export function selectRows<Row>(
  rows: readonly Row[],
  conditions: readonly Condition[],
  columns: readonly string[],
  cell: Cells<Row>,
): readonly Row[] {
  for (const { column } of conditions) requireColumn("condition", column, columns);
  return rows.filter((row) => conditions.every((condition) => fulfils(cell(row, condition.column), condition)));
}

/**
 * The rows by what stands in a column: numbers by size, texts by letters; last, in either direction, rows that `isLast` and rows without it.
 * Throws `invalid-value` for a column that no row has.
 */
export function sortRows<Row>(
  rows: readonly Row[],
  { column, isDescending }: Order,
  columns: readonly string[],
  cell: Cells<Row>,
  isLast: (row: Row) => boolean = () => false,
): readonly Row[] {
  requireColumn("sort", column, columns);
  const sign = isDescending ? -1 : 1;
  const rank = (row: Row) => ((cell(row, column) ?? null) === null ? 2 : isLast(row) ? 1 : 0);
  return [...rows].sort((left, right) => {
    const byRank = rank(left) - rank(right);
    return byRank !== 0 ? byRank : sign * compare(cell(left, column), cell(right, column));
  });
}

/** Whether a point stands last where rows are sorted by a column: one that did not complete does, unless it is by status or a parameter. */
export function isAside(row: SweepRow, column: string): boolean {
  return row.status !== "completed" && column !== "status" && !Object.hasOwn(row.values, column);
}

function compare(left: Json | undefined, right: Json | undefined): number {
  if (typeof left === "number" && typeof right === "number") return left - right;
  const [first, second] = [String(left), String(right)];
  return first < second ? -1 : first > second ? 1 : 0;
}

function fulfils(cell: Json | undefined, { operator, value }: Condition): boolean {
  const shown = cell === null ? "none" : String(cell);
  if (operator === "~") return cell !== undefined && expressionOf(value).test(shown);
  if (operator === "=" || operator === "!=") {
    const number = Number(value);
    const isEqual = typeof cell === "number" && Number.isFinite(number) ? cell === number : shown === value;
    return cell !== undefined && isEqual === (operator === "=");
  }
  const bound = Number(value);
  // A value that is not measured is neither above nor below a bound.
  if (typeof cell !== "number") return false;
  if (operator === "<") return cell < bound;
  if (operator === "<=") return cell <= bound;
  return operator === ">" ? cell > bound : cell >= bound;
}

function expressionOf(text: string): RegExp {
  try {
    return new RegExp(text, "i");
  } catch {
    throw invalidValue("condition", "a regular expression after ~", text);
  }
}
