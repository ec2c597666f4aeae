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
