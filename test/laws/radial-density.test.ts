import { describe, expect, it } from "vitest";
import { law as checkLaw } from "../../src/checks/index.ts";
import { gradientDescent, radialExact, sgd } from "../../src/dynamics/index.ts";
import { ball, buildLaw, radialDensity } from "../../src/laws/index.ts";
import { twoLayer } from "../../src/networks/index.ts";
import { simulate } from "../../src/simulation/index.ts";
import { hinge } from "../../src/targets/index.ts";

const laws = {
  "a triangle": radialDensity({ dimension: 3, knots: [0, 1, 2], density: [0, 1, 0] }),
  "two rings with a void between": radialDensity({
    dimension: 5,
    knots: [0, 0.5, 1, 1.5, 2, 2.5],
    density: [0, 2, 0, 0, 3, 1],
  }),
  "a function": radialDensity({ dimension: 4, knots: 4, density: (r) => r ** 3 * Math.exp(-r * r) }),
};

describe.each(Object.entries(laws))("a law of one's own, %s,", (name, spec) => {
  it("has the properties of every law", () => {
    const broken = checkLaw(spec).filter(({ holds }) => !holds);
    expect(broken).toEqual([]);
  });

  it("survives JSON, frozen", () => {
    expect(Object.isFrozen(spec) && Object.isFrozen(spec.knots)).toBe(true);
    expect(buildLaw(JSON.parse(JSON.stringify(spec))).spec).toEqual(spec);
  });

  it("is learned from on two threads with the bits of one, by samples and with the radius exact", async () => {
    const run = async (threads: number, expectation: ReturnType<typeof sgd>) => {
      const simulation = simulate({
        problem: { law: spec, target: hinge() },
        network: twoLayer({ width: 8 }),
        dynamics: gradientDescent({ stepSize: 0.05, steps: 6, expectation }),
        evaluation: { directions: 8 },
        recordTimes: [],
        seed: 1,
        threads,
      });
      const outcome = await simulation.outcome;
      expect(outcome.status).toBe("completed");
      return { outcome, particles: simulation.particles().buffer };
    };
    expect(await run(2, sgd({ batch: 20 }))).toEqual(await run(1, sgd({ batch: 20 })));
    if (name === "a triangle") {
      const exact = radialExact({ directions: 12 });
      expect(await run(2, exact)).toEqual(await run(1, exact));
    }
  });
});

it("with the density of the ball is the ball, up to the interpolation of one step", () => {
  const own = buildLaw(radialDensity({ dimension: 2, knots: [0, 2], density: [0, 1] })).radius;
  const known = buildLaw(ball({ dimension: 2, ballRadius: 2 })).radius;
  const [found, expected] = [new Float64Array(3), new Float64Array(3)];
  for (const r of [0.1, 0.7, 1.9, 2, 5, Infinity]) {
    own?.moments(r, found, 0);
    known?.moments(r, expected, 0);
    for (const k of [0, 1, 2]) expect(found[k]).toBeCloseTo(expected[k], 13);
  }
  for (const p of [0, 0.2, 0.99, 1]) expect(own?.quantile(p)).toBeCloseTo(known?.quantile(p) ?? Number.NaN, 13);
});

it.each<[string, () => unknown, string]>([
  ["one knot", () => radialDensity({ dimension: 2, knots: [0], density: [1] }), "knots: expected 2 to 20001 radii"],
  [
    "knots that descend",
    () => radialDensity({ dimension: 2, knots: [0, 2, 1], density: [1, 1, 1] }),
    "knots[2]: expected a radius in (2, 1e6], got 1",
  ],
  [
    "a density below 0",
    () => radialDensity({ dimension: 2, knots: [0, 1], density: [1, -1] }),
    "density[1]: expected a finite number >= 0, got -1",
  ],
  [
    "a function that is NaN",
    () => radialDensity({ dimension: 2, knots: 1, density: () => Number.NaN }),
    "density[0]: expected a finite",
  ],
  [
    "no mass",
    () => radialDensity({ dimension: 2, knots: [0, 1], density: [0, 0] }),
    "density: expected a number above 0",
  ],
  [
    "too few densities",
    () => radialDensity({ dimension: 2, knots: [0, 1], density: [1] }),
    "density: expected 2 numbers, one for each knot",
  ],
  [
    "half a piece",
    () => radialDensity({ dimension: 2, knots: 1, pieces: 0.5, density: () => 1 }),
    "pieces: expected an integer in [1, 20000], got 0.5",
  ],
])("refuses %s", (_name, make, message) => {
  expect(make).toThrow(message);
});
