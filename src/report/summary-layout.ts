import type { Json, JsonObject } from "../scenario/index.ts";
import { cellText, entriesOf, isList, type SummaryCell, type SummaryEntry } from "./summary-cell.ts";
import { pathWords } from "./words.ts";

/** A name for readers, and the dotted path in the summary that it stands for. */
export interface SummaryTitle {
  readonly text: string;
  readonly path: string;
}

/** A part of a summary as a table; one column without a title is a list of names with their values. */
export interface SummaryTable {
  /** Null where the columns' titles say it all. */
  readonly title: SummaryTitle | null;
  readonly columns: readonly SummaryTitle[];
  readonly rows: readonly SummaryRow[];
}

export interface SummaryRow {
  /** Null in the table of a list, whose rows have no names. */
  readonly title: SummaryTitle | null;
  /** As many as columns; null where the row has no such entry. */
  readonly cells: readonly (SummaryCell | null)[];
  readonly isHeadline: boolean;
}

/** Most rows of one list that are laid out as objects of their own, where they fit into no table. */
const mostUnlike = 50;
const noTitle: SummaryTitle = { text: "", path: "" };

/**
 * A summary as tables, for the page and the terminal alike: first the headline and the single values; then objects that share most of their keys, side by
 * side; then the other objects; then the lists of objects. In the order of the summary's keys.
 */
export function summaryLayout(summary: JsonObject, headline: string): readonly SummaryTable[] {
  const parts: Part[] = [];
  const lists: SummaryTable[] = [];
  collect(summary, "", parts, lists);
  const [root, ...nested] = parts;
  const main = cellAt(summary, headline);
  const rows = root.entries.filter(({ key }) => key !== headline).map((entry) => valueRow(entry, root.path));
  const headlineRow: SummaryRow[] =
    main === null ? [] : [{ title: titleOf(headline), cells: [main], isHeadline: true }];
  const first = [...headlineRow, ...rows];
  const groups = likeParts(nested);
  return [
    ...(first.length === 0 ? [] : [{ title: null, columns: [noTitle], rows: first }]),
    ...groups.filter((group) => group.length > 1).map(comparison),
    ...groups.filter((group) => group.length === 1).map(([part]) => single(part)),
    ...lists,
  ];
}

interface Part {
  readonly path: string;
  /** What takes one cell each. */
  readonly entries: readonly SummaryEntry[];
}

/** The object's own single values as a part, then the objects inside it; lists of objects become tables of their own. */
function collect(object: JsonObject, path: string, parts: Part[], lists: SummaryTable[]): void {
  const entries = entriesOf(object);
  const own = entries.filter((entry) => cellText(entry, "plain") !== null);
  if (own.length > 0 || path === "") parts.push({ path, entries: own });
  for (const { key, value } of entries.filter((entry) => !own.includes(entry))) {
    const inner = joined(path, key);
    if (!isList(value)) collect(value as JsonObject, inner, parts, lists);
    else if (value.every(isObject)) lists.push(listTable(value, inner));
    else {
      const named = value.slice(0, mostUnlike).map((element, index) => [`[${index}]`, element] as const);
      collect(Object.fromEntries(named), inner, parts, lists);
    }
  }
}

/** The parts in groups of alike ones, each at the place of its first. */
function likeParts(parts: readonly Part[]): readonly (readonly Part[])[] {
  const groups: Part[][] = [];
  for (const part of parts) {
    const known = groups.find(([first]) => areAlike(first, part));
    if (known === undefined) groups.push([part]);
    else known.push(part);
  }
  return groups;
}

/** Whether at least two keys, and more than half of the smaller object's, are in both. */
function areAlike(left: Part, right: Part): boolean {
  const shared = left.entries.filter(({ key }) => right.entries.some((other) => other.key === key)).length;
  return shared >= 2 && shared > Math.min(left.entries.length, right.entries.length) / 2;
}

/** Keys as rows and objects as columns, or the other way round where there are more objects than keys. */
function comparison(parts: readonly Part[]): SummaryTable {
  const keys = [...new Set(parts.flatMap(({ entries }) => entries.map(({ key }) => key)))];
  const cell = (part: Part, key: string) => part.entries.find((entry) => entry.key === key) ?? null;
  if (parts.length > keys.length) {
    const rows = parts.map((part) =>
      row(
        titleOf(part.path),
        keys.map((key) => cell(part, key)),
      ),
    );
    return { title: null, columns: keys.map(titleOf), rows };
  }
  const rows = keys.map((key) =>
    row(
      titleOf(key),
      parts.map((part) => cell(part, key)),
    ),
  );
  return { title: null, columns: parts.map(({ path }) => titleOf(path)), rows };
}

function single({ path, entries }: Part): SummaryTable {
  return { title: titleOf(path), columns: [noTitle], rows: entries.map((entry) => valueRow(entry, path)) };
}

/** A list of objects: their keys as columns, objects inside them by their paths. */
function listTable(elements: readonly JsonObject[], path: string): SummaryTable {
  const found = elements.map((element) => flatEntries(element, ""));
  const keys = [...new Set(found.flatMap((entries) => entries.map(({ key }) => key)))];
  const rows = found.map((entries) =>
    row(
      null,
      keys.map((key) => entries.find((entry) => entry.key === key) ?? null),
    ),
  );
  return { title: titleOf(path), columns: keys.map(titleOf), rows };
}

function flatEntries(object: JsonObject, path: string): SummaryEntry[] {
  return entriesOf(object).flatMap((entry): SummaryEntry[] => {
    const key = joined(path, entry.key);
    if (cellText(entry, "plain") !== null) return [{ ...entry, key }];
    if (isObject(entry.value)) return flatEntries(entry.value, key);
    return [{ key, value: `${(entry.value as readonly Json[]).length} entries`, error: null }];
  });
}

function cellAt(summary: JsonObject, path: string): SummaryCell | null {
  let object: Json = summary;
  const keys = path.split(".");
  const last = keys.pop();
  for (const key of keys) {
    if (!isObject(object) || !Object.hasOwn(object, key)) return null;
    object = object[key];
  }
  if (!isObject(object)) return null;
  const entry = entriesOf(object).find(({ key }) => key === last);
  return entry === undefined || cellText(entry, "plain") === null ? null : entry;
}

function valueRow(entry: SummaryEntry, path: string): SummaryRow {
  return row({ text: pathWords(entry.key), path: joined(path, entry.key) }, [entry]);
}

function row(title: SummaryTitle | null, cells: readonly (SummaryCell | null)[]): SummaryRow {
  return { title, cells, isHeadline: false };
}

function titleOf(path: string): SummaryTitle {
  return { text: pathWords(path), path };
}

function joined(path: string, key: string): string {
  return path === "" ? key : key.startsWith("[") ? path + key : `${path}.${key}`;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !isList(value);
}
