import { createRequire } from "node:module";
import { basename } from "node:path";
import type { Document, LineCounter, Node } from "yaml";
import { MeanfieldError, nearestName, showValue } from "../errors.ts";
import { failureOf } from "../runs/index.ts";
import type { SweepRequest } from "./prepare-sweep.ts";

/** What a sweep file asks for. */
export interface SweepFile {
  /** Name or file of the scenario; null where the file names none. */
  readonly scenario: string | null;
  readonly request: Pick<SweepRequest, "parameters" | "zip" | "short">;
  /** Does work on the file's request; an error about a parameter then begins with its place in the file. */
  located<Value>(work: () => Value): Value;
}

const keys = ["scenario", "short", "parameters", "zip"] as const;

/**
 * Reads a sweep file:
 *
 *     scenario: depth-separation
 *     short: true
 *     parameters:
 *       dimension: [4, 8, 16]
 *       firstLayerWidth: 64..4096x4
 *       seed: 0..9
 *     zip: [[dimension, stepSize]]
 *
 * Values of parameters are what `SweepRequest` takes. Throws `file-format` with file:line:column for text that is no YAML and for keys and values
 * that have no place in such a file.
 */
export function readSweepFile(path: string, text: string): SweepFile {
  const { LineCounter, parseDocument, isMap } = loadYaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const name = basename(path);
  const at = (place: readonly string[]) => placeOf(name, document, lines, place);
  const [fault] = document.errors;
  if (fault !== undefined) {
    const { line, col } = lines.linePos(fault.pos[0]);
    throw wrongFormat(`${name}:${line}:${col}`, "", "YAML", fault.message);
  }
  if (!isMap(document.contents)) throw wrongFormat(`${name}:1:1`, "", "keys and values", showValue(document.toJS()));
  const content = document.toJS() as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(content)) {
    if (keys.some((known) => known === key)) continue;
    const near = nearestName(key, keys);
    const suggestion = near === null ? "parameters stand below parameters:" : `did you mean ${near}?`;
    throw wrongFormat(at([key]), "", `one of ${keys.join(", ")}`, key, suggestion);
  }
  const { scenario = null, short = false, parameters = {}, zip = [] } = content;
  if (scenario !== null && typeof scenario !== "string") {
    throw wrongFormat(at(["scenario"]), "scenario", "a name or a file", showValue(scenario));
  }
  if (typeof short !== "boolean") throw wrongFormat(at(["short"]), "short", "true or false", showValue(short));
  if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) {
    throw wrongFormat(at(["parameters"]), "parameters", "names and values", showValue(parameters));
  }
  const isNames = (group: unknown) => Array.isArray(group) && group.every((each) => typeof each === "string");
  if (!(Array.isArray(zip) && zip.every(isNames))) {
    throw wrongFormat(at(["zip"]), "zip", "lists of names, such as [[dimension, stepSize]]", showValue(zip));
  }
  return {
    scenario,
    request: { parameters: parameters as Record<string, unknown>, zip: zip as string[][], short },
    located(work) {
      try {
        return work();
      } catch (error) {
        const { code, message, details } = failureOf(error);
        const place = details.path === undefined ? null : at(["parameters", details.path]);
        if (place === null || !Object.hasOwn(parameters, details.path ?? "")) throw error;
        throw new MeanfieldError(code, `${place} ${message}`, details, { cause: error });
      }
    },
  };
}

/** `sweep.yaml:4:15` of the value at a path of keys, or of the key itself; the file's beginning where there is none. */
function placeOf(name: string, document: Document, lines: LineCounter, path: readonly string[]): string {
  const node = document.getIn(path, true) as Node | undefined;
  const { line, col } = lines.linePos(node?.range?.[0] ?? 0);
  return `${name}:${line}:${col}`;
}

function wrongFormat(place: string, key: string, expected: string, got: string, suggestion?: string): MeanfieldError {
  const subject = key === "" ? place : `${place} ${key}`;
  const tail = suggestion === undefined ? "" : `; ${suggestion}`;
  return new MeanfieldError("file-format", `${subject}: expected ${expected}, got ${got}${tail}`, {
    path: key === "" ? place : key,
    expected,
    got,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}

/** Loaded at the first sweep file: few commands read one. */
function loadYaml(): typeof import("yaml") {
  return createRequire(import.meta.url)("yaml") as typeof import("yaml");
}
