import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parameter, valueText } from "../../src/scenario/parameter.ts";
import { readSeed, resolveParameters } from "../../src/scenario/resolve.ts";

const width = parameter.integer({ min: 1, max: 4096, default: 64, help: "width" });
const scale = parameter.number({ min: 0, exclusiveMin: true, max: 10, default: 1, help: "scale" });
const cutoff = parameter.number({ min: 0, nullable: true, default: 3, help: "cutoff" });
const law = parameter.choice({ choices: ["heavy-tailed", "gaussian"], default: "gaussian", help: "law" });
const times = parameter.numbers({ min: 0, ascending: true, default: [1, 5], help: "times" });
const exact = parameter.boolean({ default: false, help: "exact" });
const note = parameter.text({ default: "a", help: "note" });

describe("a parameter's value", () => {
  it.each([
    [width, "16", 16],
    [width, "1e3", 1000],
    [width, 7, 7],
    [scale, " 0.5 ", 0.5],
    [scale, "1e-3", 0.001],
    [scale, ".5", 0.5],
    [cutoff, "none", null],
    [cutoff, null, null],
    [law, "heavy-tailed", "heavy-tailed"],
    [times, "0,2.5,20", [0, 2.5, 20]],
    [times, [1, 2], [1, 2]],
    [exact, "true", true],
    [exact, false, false],
    [note, "b c", "b c"],
  ])("%# is read from a text or taken as it is", (one, given, value) => {
    expect(one.check("key", given)).toEqual(value);
  });

  it.each([
    [width, "0", "key: expected an integer in [1, 4096], got 0"],
    [width, "1.5", "key: expected an integer in [1, 4096], got 1.5"],
    [width, "many", 'key: expected an integer in [1, 4096], got "many"'],
    [width, "0x10", 'key: expected an integer in [1, 4096], got "0x10"'],
    [width, "", 'key: expected an integer in [1, 4096], got ""'],
    [width, "none", 'key: expected an integer in [1, 4096], got "none"'],
    [width, null, "key: expected an integer in [1, 4096], got null"],
    [width, "12345678901234567890", "key: expected an integer in [1, 4096], got 12345678901234567000"],
    [scale, "0", "key: expected a finite number in (0, 10], got 0"],
    [scale, "NaN", 'key: expected a finite number in (0, 10], got "NaN"'],
    [scale, Number.NaN, "key: expected a finite number in (0, 10], got NaN"],
    [cutoff, "Infinity", 'key: expected a finite number >= 0, or none, got "Infinity"'],
    [cutoff, Number.POSITIVE_INFINITY, "key: expected a finite number >= 0, or none, got Infinity"],
    [cutoff, "1e999", "key: expected a finite number >= 0, or none, got Infinity"],
    [law, "gausian", 'key: expected one of heavy-tailed, gaussian, got "gausian"; did you mean gaussian?'],
    [times, "5,1", "key: expected a list of ascending numbers >= 0, such as 1,5,20, got [5,1]"],
    [times, "1,,2", 'key: expected a list of ascending numbers >= 0, such as 1,5,20, got [1,"",2]'],
    [times, [1, Number.NaN], "key: expected a list of ascending numbers >= 0, such as 1,5,20, got [1,null]"],
    [exact, "yes", 'key: expected true or false, got "yes"'],
    [note, "", 'key: expected a text, got ""'],
  ])("%# is refused with what was expected and what came", (one, given, message) => {
    expect(() => one.check("key", given)).toThrow(expect.objectContaining({ code: "invalid-value", message }));
  });

  it("survives the way through a command line", () => {
    const any = parameter.number({ nullable: true, default: null, help: "" });
    const list = parameter.numbers({ default: [1], help: "" });
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, (value) => {
        expect(any.check("key", valueText(value))).toBe(value + 0);
        expect(any.check("key", value)).toBe(value + 0);
      }),
    );
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        expect(list.check("key", valueText(values))).toEqual(values.map((value) => value + 0));
      }),
    );
    expect(any.check("key", valueText(null))).toBeNull();
  });
});

describe("a builder", () => {
  it("refuses a default outside of the range, and a function without its text", () => {
    expect(() => parameter.integer({ min: 1, default: 0, help: "" })).toThrow(
      "default: expected an integer >= 1, got 0",
    );
    expect(() => parameter.number({ default: () => 1, help: "" })).toThrow("defaultText: expected a text");
    expect(() => parameter.numbers({ default: [1], minLength: 2, help: "" })).toThrow("at least 2 numbers");
  });
});

describe("resolveParameters", () => {
  const scenario = {
    name: "demo",
    parameters: {
      dimension: parameter.integer({ min: 2, default: 4, help: "" }),
      scale: parameter.number({
        max: 10,
        default: ({ dimension }) => Math.sqrt(dimension),
        defaultText: "sqrt(dimension)",
        help: "",
      }),
    },
    short: { dimension: 9 },
    validate({ dimension, scale: one }: { dimension: number; scale: number }) {
      if (one > dimension) throw new Error("scale above dimension");
    },
  };

  it("evaluates defaults after the values before them", () => {
    expect(resolveParameters(scenario)).toEqual({ dimension: 4, scale: 2 });
    expect(resolveParameters(scenario, { dimension: "16" })).toEqual({ dimension: 16, scale: 4 });
    expect(resolveParameters(scenario, {}, { short: true })).toEqual({ dimension: 9, scale: 3 });
    expect(resolveParameters(scenario, { dimension: 2, scale: 1 }, { short: true })).toEqual({
      dimension: 2,
      scale: 1,
    });
  });

  it("checks what a default function gives", () => {
    expect(() => resolveParameters(scenario, { dimension: 121 })).toThrow(
      "scale: expected a finite number <= 10, got 11",
    );
  });

  it("refuses an unknown name with the nearest", () => {
    expect(() => resolveParameters(scenario, { dimenson: 3 })).toThrow(
      expect.objectContaining({
        code: "unknown-parameter",
        message: "dimenson: demo has no parameter of that name; did you mean dimension?",
      }),
    );
    expect(() => resolveParameters(scenario, { toString: 3 })).toThrow("the parameters are dimension, scale");
  });

  it("asks the scenario's own check", () => {
    expect(() => resolveParameters(scenario, { dimension: 2, scale: 3 })).toThrow("scale above dimension");
  });
});

describe("a seed", () => {
  it("is the same as an integer and as its text, so that both are one run", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        expect(readSeed(String(seed))).toBe(readSeed(seed));
      }),
    );
    expect(readSeed("alpha")).toBe("alpha");
    expect(readSeed("007")).toBe("007");
    expect(readSeed("12345678901234567890")).toBe("12345678901234567890");
  });

  it.each(["", 1.5, Number.NaN, null, 2 ** 53, "x".repeat(201)])("%s is refused", (given) => {
    expect(() => readSeed(given)).toThrow("seed: expected an integer or a text of 1 to 200 characters");
  });
});
