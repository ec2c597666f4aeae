import type { Json, JsonObject } from "../scenario/index.ts";

/** Dotted paths of all keys of an object in its own order, which canonical JSON does not keep; the elements of a list share the paths of their keys. */
export function keyOrder(object: JsonObject): readonly string[] {
  const paths = new Set<string>();
  const visit = (value: Json, prefix: string): void => {
    if (isList(value)) for (const element of value) visit(element, prefix);
    else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
      for (const [key, inner] of Object.entries(value)) {
        paths.add(prefix + key);
        visit(inner, `${prefix}${key}.`);
      }
    }
  };
  visit(object, "");
  return [...paths];
}

/** The object with its keys in the order of `order`; keys that it does not name come last, as they are. */
export function inKeyOrder(object: JsonObject, order: readonly string[]): JsonObject {
  const places = new Map(order.map((path, place) => [path, place]));
  const placeOf = (path: string) => places.get(path) ?? places.size;
  const arrange = (value: Json, prefix: string): Json => {
    if (isList(value)) return value.map((element) => arrange(element, prefix));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).sort(([left], [right]) => placeOf(prefix + left) - placeOf(prefix + right));
    return Object.fromEntries(entries.map(([key, inner]) => [key, arrange(inner, `${prefix}${key}.`)]));
  };
  return arrange(object, "") as JsonObject;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
