/** What a cell holds; null where there is no value. Numbers need not be finite. */
export type Cell = number | string | boolean | null;

/** `integer`: whole numbers that a double holds exactly. */
export type ColumnType = "boolean" | "integer" | "number" | "text";

/** A column of one type, in which any cell may be null. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** A table that need not fit into memory. */
export interface Table {
  readonly columns: readonly Column[];
  /** The rows from the first on, each time it is called: one cell a column, of the column's type. */
  rows(): Iterable<readonly Cell[]>;
}

/** The narrowest type of cells that are looked at one by one. */
export interface TypeFinder {
  look(cell: Cell): void;
  /** `number` where no cell held anything: a quantity that was not measured. */
  type(): ColumnType;
}

/** A finder that has seen nothing yet. */
export function findType(): TypeFinder {
  let isBoolean = true;
  let isInteger = true;
  let isNumber = true;
  let isEmpty = true;
  return {
    look(cell) {
      if (cell === null) return;
      isEmpty = false;
      isBoolean &&= typeof cell === "boolean";
      isNumber &&= typeof cell === "number";
      isInteger &&= Number.isSafeInteger(cell);
    },
    type: () => (isEmpty ? "number" : isBoolean ? "boolean" : isInteger ? "integer" : isNumber ? "number" : "text"),
  };
}

/** A cell as its column holds it: in one of numbers the text `none` is no value, and in one of texts all is text. */
export function asType(cell: Cell, type: ColumnType): Cell {
  if (cell === null) return null;
  if (type === "text") return String(cell);
  if (type === "boolean")
    return typeof cell === "boolean" ? cell : cell === "true" ? true : cell === "false" ? false : null;
  return typeof cell === "number" ? cell : null;
}
