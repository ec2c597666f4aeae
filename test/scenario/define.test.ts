import { describe, expect, expectTypeOf, it } from "vitest";
import { defineScenario, membersOf } from "../../src/scenario/define.ts";
import { parameter } from "../../src/scenario/parameter.ts";
import { resolveParameters } from "../../src/scenario/resolve.ts";

const walk = defineScenario({
  name: "walk",
  version: 1,
  title: "A walk",
  sources: [{ key: "own", text: "our derivation" }],
  parameters: {
    dimension: parameter.integer({ min: 2, max: 64, default: 4, help: "dimension" }),
    scale: parameter.number({
      min: 0,
      exclusiveMin: true,
      default: ({ dimension }) => Math.sqrt(dimension),
      defaultText: "sqrt(dimension)",
      help: "scale",
    }),
    width: parameter.integer({
      min: 1,
      default: ({ dimension }) => dimension * 2,
      defaultText: "2 dimension",
      help: "width",
    }),
    cutoff: parameter.number({ nullable: true, min: 0, default: null, help: "cutoff" }),
    law: parameter.choice({ choices: ["heavy-tailed", "gaussian"], default: "gaussian", help: "law" }),
    times: parameter.numbers({ min: 0, default: [1, 5], help: "times" }),
    note: parameter.text({ nullable: true, default: null, help: "note" }),
    exact: parameter.boolean({ default: true, help: "exact" }),
  },
  short: { dimension: 2 },
  headline: "loss",
  members: ({ dimension }) => Array.from({ length: dimension }, (_, index) => ({ name: `part-${index}` })),
  async run({ parameters }) {
    expectTypeOf(parameters.dimension).toEqualTypeOf<number>();
    expectTypeOf(parameters.scale).toEqualTypeOf<number>();
    expectTypeOf(parameters.cutoff).toEqualTypeOf<number | null>();
    expectTypeOf(parameters.law).toEqualTypeOf<"heavy-tailed" | "gaussian">();
    expectTypeOf(parameters.times).toEqualTypeOf<readonly number[]>();
    expectTypeOf(parameters.note).toEqualTypeOf<string | null>();
    expectTypeOf(parameters.exact).toEqualTypeOf<boolean>();
    return { loss: 1 };
  },
  summarise: () => ({ loss: 1 }),
  claims: () => [],
});

describe("defineScenario", () => {
  it("gives the author typed parameters and evaluates defaults in order", () => {
    const values = resolveParameters(walk, { dimension: "9", cutoff: "3" });
    expect(values).toEqual({
      dimension: 9,
      scale: 3,
      width: 18,
      cutoff: 3,
      law: "gaussian",
      times: [1, 5],
      note: null,
      exact: true,
    });
    expect(membersOf(walk, values)).toHaveLength(9);
  });
});

describe("a definition", () => {
  const valid = {
    name: "walk",
    version: 1,
    title: "A walk",
    sources: [],
    parameters: { width: parameter.integer({ min: 1, default: 1, help: "" }) },
    short: {},
    headline: "loss",
    run: async () => ({}),
    summarise: () => ({}),
    claims: () => [],
  };

  it.each([
    [{ name: "Walk" }, "name: expected lower case letters, digits and single hyphens"],
    [{ name: "../walk" }, "name: expected lower case letters, digits and single hyphens"],
    [{ version: 0 }, "version: expected an integer >= 1, got 0"],
    [{ version: 1.5 }, "version: expected an integer >= 1, got 1.5"],
    [{ title: "" }, "title: expected a text"],
    [{ headline: undefined }, "headline: expected a text"],
    [{ run: 3 }, "run: expected a function, got 3"],
    [{ members: [] }, "members: expected a function or nothing"],
    [{ sources: {} }, "sources: expected a list of sources"],
    [{ sources: [{ key: "a" }] }, "sources[0].text: expected a text"],
    [{ parameters: { seed: valid.parameters.width } }, "parameters.seed: expected a name in camelCase other than seed"],
    [{ parameters: { "a-b": valid.parameters.width } }, "parameters.a-b: expected a name in camelCase"],
    [{ parameters: { width: 3 } }, "parameters.width: expected what a builder of `parameter` returns"],
    [{ short: { height: 3 } }, "short.height: expected the name of a parameter"],
    [{ short: { width: 0 } }, "short.width: expected an integer >= 1, got 0"],
  ])("%# with a fault is refused with its place", (change, message) => {
    expect(() => defineScenario({ ...valid, ...change } as typeof valid)).toThrow(message);
  });

  it("is frozen", () => {
    expect(Object.isFrozen(defineScenario(valid))).toBe(true);
  });

  it("without members is one named main, and refuses members that folders cannot hold apart", () => {
    expect(membersOf({}, {})).toEqual([{ name: "main" }]);
    const members = (...list: { name: string; cost?: number }[]) => membersOf({ members: () => list }, {});
    expect(() => members()).toThrow("members: expected at least one member");
    expect(() => members({ name: "a" }, { name: "a" })).toThrow("members[1].name: expected a name used once");
    expect(() => members({ name: ".." })).toThrow("members[0].name: expected lower case");
    expect(() => members({ name: "a", cost: 0 })).toThrow("members[0].cost: expected a finite number > 0");
    expect(() => members({ name: "a", cost: Number.NaN })).toThrow("members[0].cost");
  });
});
