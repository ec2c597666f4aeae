import { invalidValue } from "../errors.ts";

/**
 * Parameters from a command line: `["dimension=16", "seed=3"]` as `{ dimension: "16", seed: "3" }`.
 * Throws `invalid-value` for a word without `=`, an empty name or value, and a name given twice.
 */
export function readAssignments(words: readonly string[]): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    if (at <= 0) throw invalidValue(word, "key=value", word, "write parameters as dimension=16");
    const name = word.slice(0, at);
    const value = word.slice(at + 1);
    if (value === "") throw invalidValue(name, "a value after =", word, `write ${name}=none for no value`);
    if (Object.hasOwn(values, name)) throw invalidValue(name, "a parameter given once", word);
    values[name] = value;
  }
  return values;
}
