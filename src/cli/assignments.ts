import { invalidValue } from "../errors.ts";

/**
 * Parameters from a command line: `["dimension=16", "seed=3"]` as `{ dimension: "16", seed: "3" }`.
 * Throws `invalid-value` for a word without `=`, an empty name or value, and a name given twice.
 */
export function readAssignments(words: readonly string[]): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf("=");
    if (at <= 0)
      throw invalidValue(word === "" ? "parameters" : word, "key=value", word, "write parameters as dimension=16");
    const name = word.slice(0, at);
    const value = word.slice(at + 1);
    if (value.trim() === "") {
      throw invalidValue(
        name,
        "a value after =",
        word,
        `leave ${name} out for its default; no value is written as none`,
      );
    }
    const before = values.get(name);
    if (before !== undefined) {
      throw invalidValue(name, "a parameter given once", `${name}=${before} ${word}`, "leave one of them out");
    }
    values.set(name, value);
  }
  // From entries, since assigning to the name __proto__ would lose it.
  return Object.fromEntries(values);
}
