import type { BasicType } from "hyparquet-writer";
import type { Cell, Column, ColumnType, Table } from "./table.ts";
import { writeInPieces } from "./write-file.ts";

/** Rows that are held in memory at a time, and stand together in the file. */
const rowsInGroup = 20_000;

const types: Readonly<Record<ColumnType, BasicType>> = {
  boolean: "BOOLEAN",
  integer: "INT64",
  number: "DOUBLE",
  text: "STRING",
};

/**
 * Writes a table as a Parquet file, compressed by Snappy: booleans, 64-bit integers, doubles and UTF-8 texts, each column with nulls. The file is there
 * completely or not at all. Returns the number of rows. Throws `file-failed`.
 */
export async function writeParquet(path: string, { columns, rows }: Table): Promise<number> {
  // Few commands need it.
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import("hyparquet-writer");
  const schema = schemaFromColumnData({ columnData: columns.map((column) => columnData(column, [])) });
  return writeInPieces(path, (write) => {
    const bytes = new ByteWriter();
    const writer = new ParquetWriter({ writer: bytes, schema, createdBy: "meanfield" });
    const flush = () => {
      write(new Uint8Array(bytes.buffer, 0, bytes.index));
      // The writer counts the file's bytes apart from those that it holds.
      bytes.index = 0;
    };
    let count = 0;
    let group = columns.map((): Cell[] => []);
    const writeGroup = () => {
      const rowGroupSize = group[0].length;
      if (rowGroupSize === 0) return;
      void writer.write({ columnData: columns.map((each, place) => columnData(each, group[place])), rowGroupSize });
      group = columns.map(() => []);
      count += rowGroupSize;
      flush();
    };
    for (const row of rows()) {
      for (let place = 0; place < columns.length; place += 1) group[place].push(row[place]);
      if (group[0].length === rowsInGroup) writeGroup();
    }
    writeGroup();
    void writer.finish();
    flush();
    return count;
  });
}

function columnData({ name, type }: Column, cells: readonly Cell[]) {
  const data = type === "integer" ? cells.map((cell) => (cell === null ? null : BigInt(cell))) : [...cells];
  return { name, type: types[type], data, nullable: true };
}
