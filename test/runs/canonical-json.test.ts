import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../src/runs/canonical-json.ts";
import { runId } from "../../src/runs/run-id.ts";

const json = fc.jsonValue({ maxDepth: 3 });

describe("canonicalJson", () => {
  it("gives JSON of the same value", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("keeps a key named like the prototype", () => {
    expect(canonicalJson(JSON.parse('{"__proto__":{"b":1},"a":2}'))).toBe('{"__proto__":{"b":1},"a":2}');
  });

  it("gives the same bytes for any order of keys", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
      }),
    );
  });

  it("reads every double back as itself, and -0 as 0", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(JSON.parse(canonicalJson(value))).toBe(value + 0);
      }),
    );
  });

  it.each([
    [Number.NaN, "not-finite", "result.a[1].b: expected a finite number, got NaN"],
    [Number.NEGATIVE_INFINITY, "not-finite", "result.a[1].b: expected a finite number, got -Infinity"],
    [undefined, null, null],
    [
      new Float64Array(2),
      "invalid-value",
      "result.a[1].b: expected a value that JSON can hold, got Float64Array; use Array.from",
    ],
    [new Map(), "invalid-value", "got Map; use plain objects"],
    [10n, "invalid-value", "got 10"],
    [() => 1, "invalid-value", "got a function"],
  ])("tells where %s is that JSON cannot hold", (value, code, message) => {
    const make = () => canonicalJson({ a: [0, { b: value }] }, "result");
    if (code === null) expect(make()).toBe('{"a":[0,{}]}');
    else expect(make).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });
});

describe("a run's id", () => {
  const identity = {
    scenario: "waves",
    scenarioVersion: 1,
    codeHash: "c0de",
    parameters: { parts: 3, scale: 1.5 },
    seed: 7,
    schemaVersion: 1,
  };

  it("is the SHA-256 of the canonical JSON, cut to 16 digits", () => {
    // printf '%s' '{"codeHash":"c0de","parameters":{"parts":3,"scale":1.5},"scenario":"waves","scenarioVersion":1,"schemaVersion":1,"seed":"7"}' | sha256sum
    expect(runId(identity)).toBe("8c58895ad4602846");
  });

  it("does not depend on the order of parameters or on the seed's type, and does on everything else", () => {
    expect(runId({ ...identity, parameters: { scale: 1.5, parts: 3 } })).toBe(runId(identity));
    expect(runId({ ...identity, seed: "7" })).toBe(runId(identity));
    const changes = [
      { scenario: "wave" },
      { scenarioVersion: 2 },
      { codeHash: "c0df" },
      { parameters: { parts: 4, scale: 1.5 } },
      { seed: 8 },
      { schemaVersion: 2 },
    ];
    const ids = changes.map((change) => runId({ ...identity, ...change }));
    expect(new Set([runId(identity), ...ids]).size).toBe(changes.length + 1);
  });
});
