export { csvLine, csvPieces, writeCsv } from "./csv.ts";
export { type QueryResult, queryTables } from "./database.ts";
export { writeParquet } from "./parquet.ts";
export { asType, type Cell, type Column, type ColumnType, findType, type Table, type TypeFinder } from "./table.ts";
