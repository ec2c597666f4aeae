import { describe, expect, it } from "vitest";
import { invalidValue } from "../../src/errors.ts";
import { readSweepFile } from "../../src/sweeps/sweep-file.ts";

const text = `# A comment stands anywhere.
scenario: depth-separation
parameters:
  dimension: [4, 8, 16]
  firstLayerWidth: 64..4096x4
  radiusCutoff: none
  seed: 0..9
zip: [[dimension, stepSize]]
`;

describe("a sweep file", () => {
  it("gives scenario, parameters and zips as they are written", () => {
    const { scenario, request } = readSweepFile("some/sweep.yaml", text);
    expect(scenario).toBe("depth-separation");
    expect(request).toEqual({
      parameters: { dimension: [4, 8, 16], firstLayerWidth: "64..4096x4", radiusCutoff: "none", seed: "0..9" },
      zip: [["dimension", "stepSize"]],
      short: false,
    });
    expect(readSweepFile("sweep.yaml", "short: true").scenario).toBeNull();
  });

  it.each([
    ["a: [1,\nb: 2", "sweep.yaml:2:1: expected YAML"],
    ["", "sweep.yaml:1:1: expected keys and values, got null"],
    ["- 1", "sweep.yaml:1:1: expected keys and values, got [1]"],
    ["short: true\nparameter:\n  a: 1", "sweep.yaml:3:3: expected one of scenario, short, parameters, zip"],
    ["short: 1", "sweep.yaml:1:8 short: expected true or false, got 1"],
    ["scenario: [a]", "sweep.yaml:1:11 scenario: expected a name or a file"],
    ["parameters: [a]", "sweep.yaml:1:13 parameters: expected names and values"],
    ["short: true\nzip: [a, b]", "sweep.yaml:2:6 zip: expected lists of names"],
    ["short: true\nshort: false", "sweep.yaml:2:1: expected YAML"],
  ])("refuses %j with its place", (wrong, message) => {
    expect(() => readSweepFile("sweep.yaml", wrong)).toThrow(message);
  });

  it("tells where a value stands that is refused later", () => {
    const { located } = readSweepFile("sweep.yaml", text);
    const refuse = (name: string) => () =>
      located(() => {
        throw invalidValue(name, "something else", 4);
      });
    expect(refuse("dimension")).toThrow("sweep.yaml:4:14 dimension: expected something else, got 4");
    expect(refuse("elsewhere")).toThrow(/^elsewhere: expected something else/);
  });
});
