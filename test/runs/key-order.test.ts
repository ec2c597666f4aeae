import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/runs/canonical-json.ts";
import { inKeyOrder, keyOrder } from "../../src/runs/key-order.ts";
import type { JsonObject } from "../../src/scenario/index.ts";

describe("the order of keys", () => {
  it("is that of the object, with the keys of a list's elements under the list", () => {
    expect(keyOrder({ z: 1, a: { y: 2, b: 3 }, list: [{ q: 1 }, { p: 2, q: 3 }] })).toEqual([
      "z",
      "a",
      "a.y",
      "a.b",
      "list",
      "list.q",
      "list.p",
    ]);
  });

  it("comes back after canonical JSON has sorted the keys", () => {
    // Whole numbers as keys have an order of their own in every object.
    const key = fc.stringMatching(/^[A-Za-z_]{1,4}$/);
    const value = fc.oneof(fc.integer(), fc.dictionary(key, fc.oneof(fc.boolean(), fc.dictionary(key, fc.integer()))));
    fc.assert(
      fc.property(fc.dictionary(key, value), (object) => {
        const stored = JSON.parse(canonicalJson(object)) as JsonObject;
        expect(JSON.stringify(inKeyOrder(stored, keyOrder(object as JsonObject)))).toBe(JSON.stringify(object));
      }),
    );
  });

  it("leaves keys that it does not name at the end", () => {
    expect(Object.keys(inKeyOrder({ a: 1, b: 2, c: 3 }, ["c"]))).toEqual(["c", "a", "b"]);
  });
});
