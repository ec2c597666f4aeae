import { MeanfieldError, showValue } from "../errors.ts";

/**
 * JSON text in which equal values have equal bytes: keys sorted (whole numbers by size, then the others by code unit), numbers in their shortest round-trip form, -0 as 0,
 * properties that are undefined left out. Ends without a line break; `indent` spaces a level (default 0: one line).
 * Throws `not-finite` for NaN and infinities and `invalid-value` for what JSON cannot hold, both with the path inside `name`.
 */
export function canonicalJson(value: unknown, name = "value", indent = 0): string {
  return JSON.stringify(sorted(value, name), null, indent);
}

function sorted(value: unknown, path: string): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value)) return value;
    throw new MeanfieldError(
      "not-finite",
      `${path}: expected a finite number, got ${value}; return null for "not measured"`,
      {
        path,
        expected: "a finite number",
        got: String(value),
        suggestion: 'return null for "not measured"',
      },
    );
  }
  if (Array.isArray(value)) return value.map((item, index) => sorted(item, `${path}[${index}]`));
  if (isPlainObject(value)) {
    const keys = Object.keys(value).filter((key) => value[key] !== undefined);
    // Not by assignment: a key named __proto__ would set the prototype.
    return Object.fromEntries(keys.sort().map((key) => [key, sorted(value[key], `${path}.${key}`)]));
  }
  const kind = typeof value === "object" ? Object.prototype.toString.call(value).slice(8, -1) : showValue(value);
  const suggestion = ArrayBuffer.isView(value)
    ? "use Array.from"
    : "use plain objects, lists, numbers, texts, booleans and null";
  throw new MeanfieldError(
    "invalid-value",
    `${path}: expected a value that JSON can hold, got ${kind}; ${suggestion}`,
    {
      path,
      expected: "a value that JSON can hold",
      got: kind,
      suggestion,
    },
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  // An object of another thread's or module loader's realm has another Object.prototype, whose own prototype is null as well.
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
