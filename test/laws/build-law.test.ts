import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ball,
  buildLaw,
  gaussian,
  heavyTailed,
  hypercube,
  type LawSpec,
  mixture,
  sphere,
} from "../../src/laws/index.ts";
import type { RadialDistribution } from "../../src/laws/law.ts";
import { deriveKey } from "../../src/numerics/random/index.ts";
import reference from "../reference/law-draws.json" with { type: "json" };

const streams = { directions: deriveKey(1, "directions"), radii: deriveKey(1, "radii") };

const specs: Record<string, LawSpec> = {
  heavyTailed: heavyTailed({ dimension: 5 }),
  heavyTailedHighDimension: heavyTailed({ dimension: 60 }),
  heavyTailedCutoff: heavyTailed({ dimension: 10, scale: 2, radiusCutoff: 3 }),
  gaussian: gaussian({ dimension: 4 }),
  gaussianCutoff: gaussian({ dimension: 3, radiusCutoff: 1.1 }),
  sphere: sphere({ dimension: 3, sphereRadius: 2 }),
  ball: ball({ dimension: 7 }),
  hypercube: hypercube({ dimension: 6 }),
  mixture: mixture({ dimension: 5 }),
  mixtureCutoff: mixture({ dimension: 6, radiusCutoff: 2 }),
};

describe.each(Object.entries(specs))("every law, here %s,", (name, spec) => {
  const law = buildLaw(spec);
  const { dimension } = law;

  it("gives the same bits however a batch is split", () => {
    const whole = new Float64Array(90 * dimension);
    law.sample(whole, { first: 5, count: 90, step: 7, replica: 1 }, streams);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 0, max: 90 }), (one, other) => {
        const [start, end] = [Math.min(one, other), Math.max(one, other)];
        const part = new Float64Array((end - start) * dimension);
        law.sample(part, { first: 5 + start, count: end - start, step: 7, replica: 1 }, streams);
        expect(part).toEqual(whole.slice(start * dimension, end * dimension));
      }),
      { seed: 3, numRuns: 30 },
    );
  });

  it("gives other samples at another step and in another replica", () => {
    const [a, b, c] = [0, 1, 2].map(() => new Float64Array(20 * dimension));
    law.sample(a, { first: 0, count: 20, step: 0, replica: 0 }, streams);
    law.sample(b, { first: 0, count: 20, step: 1, replica: 0 }, streams);
    law.sample(c, { first: 0, count: 20, step: 0, replica: 1 }, streams);
    expect(b).not.toEqual(a);
    expect(c).not.toEqual(a);
    expect(c).not.toEqual(b);
  });

  it("draws what it drew when the reference file was written", () => {
    const points = new Float64Array(3 * dimension);
    law.sample(points, { first: 1000, count: 3, step: 2, replica: 0 }, streams);
    const expected = (reference.draws as Record<string, number[]>)[name];
    expect(expected.length).toBe(points.length);
    // Math.exp, Math.sin and Math.cos may differ in the last bit between versions of Node.
    for (const [k, value] of expected.entries())
      expect(Math.abs(points[k] - value)).toBeLessThanOrEqual(1e-11 * Math.abs(value));
  });
});

const radialSpecs = Object.entries(specs).filter(([, spec]) => spec.kind !== "hypercube");
const continuousSpecs = radialSpecs.filter(([, spec]) => spec.kind !== "sphere");

function radiusOf(spec: LawSpec): RadialDistribution {
  const { radius } = buildLaw(spec);
  if (radius === null) throw new Error("the law is radial");
  return radius;
}

describe.each(radialSpecs)("every radial law, here %s,", (_, spec) => {
  const radius = radiusOf(spec);

  it("has moments that start at 0 and never fall", () => {
    let before = new Float64Array(3);
    for (let r = 0; r <= 4; r += 0.01) {
      const here = new Float64Array(3);
      radius.moments(r, here, 0);
      if (r === 0) expect([...here]).toEqual([0, 0, 0]);
      for (let k = 0; k < 3; k += 1) expect(here[k]).toBeGreaterThanOrEqual(before[k] - 1e-14);
      before = here;
    }
  });

  it("writes moments at the offset alone", () => {
    const out = new Float64Array(6).fill(9);
    radius.moments(0.9, out, 2);
    expect([out[0], out[1], out[5]]).toEqual([9, 9, 9]);
    expect(out[2]).toBe(radius.cdf(0.9));
  });

  it("has the moments of the whole law at Infinity", () => {
    const out = new Float64Array(3);
    radius.moments(Infinity, out, 0);
    expect([...out]).toEqual([1, radius.mean, radius.secondMoment]);
  });
});

describe.each(continuousSpecs)("every law with a density, here %s,", (_, spec) => {
  const radius = radiusOf(spec);

  it("has a quantile function that inverts its distribution function", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (probability) => {
        const r = radius.quantile(probability);
        if (r === Infinity) expect(probability).toBe(1);
        else expect(Math.abs(radius.cdf(r) - probability)).toBeLessThanOrEqual(1e-12);
      }),
      { seed: 4, numRuns: 300, examples: [[0], [1], [0.5], [1 - 2 ** -53], [2 ** -52]] },
    );
  });

  it("has a density that is the slope of its distribution function", () => {
    // Central difference: error h^2 p''/6 with |p''| below 1e5 here, and 1e-13/h from the table.
    const h = 1e-5;
    for (let r = 0.1; r < 0.98; r += 0.0837) {
      expect(Math.abs((radius.cdf(r + h) - radius.cdf(r - h)) / (2 * h) - radius.pdf(r))).toBeLessThanOrEqual(2e-6);
    }
  });
});

describe("buildLaw", () => {
  it("gives equal specs the same law, and specs that survived JSON too", () => {
    const spec = heavyTailed({ dimension: 11, radiusCutoff: 3 });
    const law = buildLaw(spec);
    expect(buildLaw(heavyTailed({ dimension: 11, radiusCutoff: 3 }))).toBe(law);
    expect(buildLaw(JSON.parse(JSON.stringify(spec)))).toBe(law);
    expect(buildLaw(heavyTailed({ dimension: 11 }))).not.toBe(law);
    expect(law.spec).toEqual(spec);
  });

  it("names the nearest kind for one that does not exist", () => {
    const build = (spec: object) => () => buildLaw(spec as LawSpec);
    expect(build({ kind: "heavy-tail", dimension: 3 })).toThrow(
      'law.kind: expected the kind of a law, got "heavy-tail"; did you mean "heavy-tailed"?',
    );
    expect(build({ kind: "heavy-tail" })).toThrow(expect.objectContaining({ code: "unknown-kind" }));
    expect(build({ kind: "toString" })).toThrow(
      "choose one of heavy-tailed, gaussian, sphere, ball, hypercube, mixture",
    );
    expect(build({})).toThrow("law.kind: expected the kind of a law, got undefined");
    expect(() => buildLaw("gaussian" as unknown as LawSpec)).toThrow("law: expected a law such as");
    expect(build({ kind: "gaussian", dimension: "3" })).toThrow("dimension: expected an integer");
  });
});
