import { describe, expect, it } from "vitest";
import { buildLaw, type LawSpec } from "../../src/laws/index.ts";
import { lawNames, problemOf, problemParameters, resolveParameters, targetNames } from "../../src/scenario/index.ts";
import { buildTarget, type TargetSpec } from "../../src/targets/index.ts";

const scenario = { name: "any", parameters: problemParameters({ dimension: 6, radiusCutoff: 3 }) };
type Problem = Parameters<typeof problemOf>[0];
const problem = (given: Record<string, unknown> = {}) =>
  problemOf(
    resolveParameters(scenario as unknown as Parameters<typeof resolveParameters>[0], given) as unknown as Problem,
  );

describe("a problem chosen by parameters", () => {
  it("is by default the heavy-tailed law with scale sqrt(d) and the given cutoff, and the hinge", () => {
    expect(problem()).toEqual({
      law: { kind: "heavy-tailed", dimension: 6, scale: Math.sqrt(6), radiusCutoff: 3 },
      target: { kind: "hinge" },
    });
    expect(problem({ dimension: 16 }).law).toMatchObject({ dimension: 16, scale: 4 });
  });

  it.each<[(typeof lawNames)[number], LawSpec]>([
    ["heavy-tailed", { kind: "heavy-tailed", dimension: 6, scale: 2, radiusCutoff: null }],
    ["gaussian", { kind: "gaussian", dimension: 6, radiusCutoff: null }],
    ["sphere", { kind: "sphere", dimension: 6, sphereRadius: 0.5 }],
    ["ball", { kind: "ball", dimension: 6, ballRadius: 0.5 }],
    ["hypercube", { kind: "hypercube", dimension: 6 }],
    ["mixture", { kind: "mixture", dimension: 6, scale: 2, radiusCutoff: null }],
  ])("can have the law %s, which can be built", (law, expected) => {
    const found = problem({ law, scale: 2, radiusCutoff: null, lawRadius: 0.5 }).law;
    expect(found).toEqual(expected);
    expect(buildLaw(found).dimension).toBe(6);
  });

  it.each<[(typeof targetNames)[number], TargetSpec]>([
    ["hinge", { kind: "hinge" }],
    ["ball-indicator", { kind: "ball-indicator", radius: 0.7 }],
    ["norm", { kind: "norm" }],
  ])("can have the target %s, which can be built", (target, expected) => {
    const found = problem({ target, targetRadius: 0.7 }).target;
    expect(found).toEqual(expected);
    expect(buildTarget(found).radial).not.toBeNull();
  });

  it("offers every law and target that parameters can describe", () => {
    expect(scenario.parameters.law.choices).toEqual(lawNames);
    expect(scenario.parameters.target.choices).toEqual(targetNames);
    for (const law of lawNames) for (const target of targetNames) expect(problem({ law, target })).toBeDefined();
  });

  it.each([
    [{ dimension: 1 }, /^dimension: expected an integer in \[2, 2000\], got 1/],
    [{ law: "gausian" }, /^law: .*did you mean gaussian/],
    [{ scale: 0 }, /^scale: expected a finite number in \(0, 10000\], got 0/],
    [{ radiusCutoff: 0 }, /^radiusCutoff: .* got 0/],
    [{ lawRadius: -1 }, /^lawRadius: .* got -1/],
    [{ targetRadius: 0 }, /^targetRadius: .* got 0/],
    [{ law: "gaussian", dimension: 400, radiusCutoff: 0.1 }, /^radiusCutoff: /],
  ])("is refused where a value makes no sense (%o)", (given, message) => {
    expect(() => buildLaw(problem(given).law)).toThrow(message);
  });
});
