import { describe, expect, it } from "vitest";
import { buildLaw, heavyTailed, heavyTailedFrequency } from "../../src/laws/index.ts";
import { bottleneckState, createBottleneckLimit, solveLimit } from "../../src/limits/index.ts";
import { expectedRelativeVariance, firstLayerStarts, meanReluOfCoordinate } from "../../src/networks/index.ts";
import { gaussLegendre } from "../../src/numerics/index.ts";
import { buildTarget, hinge } from "../../src/targets/index.ts";
import { pages } from "./pages.ts";

/** The text of a theory note with the typeset minus sign as the ASCII one. */
function note(name: string): string {
  const found = pages().find(({ path }) => path === `theory/${name}.md`);
  if (found === undefined) throw new Error(`docs/theory/${name}.md does not exist`);
  return found.text.replaceAll("−", "-");
}

/** Fails with the words that are missing, not with the whole page. */
function expectShown(text: string, words: string): void {
  expect(text.includes(words) ? words : "not on the page").toBe(words);
}

const law = buildLaw(heavyTailed({ dimension: 10 }));
const { radius } = law;
if (radius === null) throw new Error("the heavy-tailed law is radial");
const moments = new Float64Array(3);
const limit = createBottleneckLimit({ law, target: buildTarget(hinge()), secondLayerWidth: 1 });
const start = bottleneckState({ alpha: 1, v: [-0.1], b: [0.1] });

/** R^2 p(R) (1 - R)_+ and M_2(R): the two parts of A and of the cross term at v = -1, alpha = 1. */
function kinkParts(place: number): { readonly jump: number; readonly second: number } {
  radius?.moments(place, moments, 0);
  return { jump: place * place * (radius?.pdf(place) ?? 0) * Math.max(0, 1 - place), second: moments[2] };
}

describe("numbers printed in the theory notes", () => {
  it("has the heavy-tailed law's moments, means and medians", () => {
    for (const dimension of [5, 10, 50]) {
      const each = buildLaw(heavyTailed({ dimension })).radius;
      each?.moments(1, moments, 0);
      const [mass, first, second] = moments;
      const row = [mass, first, second, mass - first, mass - 2 * first + second].map((value) => value.toFixed(4));
      const median = (each?.quantile(0.5) ?? 0).toFixed(4);
      expectShown(note("heavy-tailed-law"), `| ${[dimension, ...row, median].join(" | ")} |`);
    }
  });

  it("has the mass that a cutoff of 3 keeps, and the mass inside the void", () => {
    const kept = [2, 10, 200].map((dimension) => buildLaw(heavyTailed({ dimension })).radius?.cdf(3).toFixed(3));
    const surrogate = (2 / Math.PI) * Math.acos(Math.sqrt(Math.E / (2 * Math.PI)) / 6);
    expectShown(note("heavy-tailed-law"), `| ${[...kept, surrogate.toFixed(3)].join(" | ")} |`);
    const inside = [10, 50, 200].map((dimension) => {
      const edge = dimension / 2 / heavyTailedFrequency(dimension, Math.sqrt(dimension));
      return buildLaw(heavyTailed({ dimension })).radius?.cdf(edge).toFixed(3);
    });
    expectShown(note("heavy-tailed-law").replace(/\s/g, ""), `P(r<c)=${inside.join(",")}`);
  });

  it("has the limit's trajectory", () => {
    const times = [1, 5, 20, 60];
    for (const [index, y] of solveLimit(limit, start, times).entries()) {
      const row = [times[index], y[0].toFixed(4), y[1].toFixed(4), y[2].toFixed(4)];
      expectShown(note("bottleneck-limit"), `| ${row.join(" | ")} |`);
    }
  });

  it("has the drift of the conserved quantity under gradient descent, which the squares of the steps explain", () => {
    const meanRelu = meanReluOfCoordinate(10);
    const velocity = new Float64Array(4);
    const drifts = [0.5, 0.25, 0.125].map((stepSize) => {
      const y = start.slice();
      const conserved = () => y[0] / meanRelu - 2 * y[1] ** 2;
      const before = conserved();
      let predicted = 0;
      for (let step = 0; step < 20 / stepSize; step += 1) {
        limit.system.derivative(0, y, velocity);
        const shrinking = velocity[0] / (2 * y[0]);
        predicted += stepSize ** 2 * ((shrinking ** 2 * y[0]) / meanRelu - 2 * velocity[1] ** 2);
        limit.eulerStep(y, stepSize);
      }
      // Rounding of up to 160 steps on a quantity of size 8.
      expect(Math.abs(conserved() - before - predicted)).toBeLessThan(160 * 8 * 2 ** -52);
      return (conserved() - before).toFixed(4);
    });
    expectShown(note("bottleneck-limit").replace(/\s/g, ""), `$${drifts.join(",")}$`);
  });

  it("has the final alpha and the rate of the approach", () => {
    const alpha = 1.1844;
    const meanRelu = meanReluOfCoordinate(10);
    // The printed alpha, rounded to 5e-5, meets the invariant alpha - 2 C_d/alpha^2 = 1 - 2 C_d 0.01^2, whose slope is below 1.4.
    expect(Math.abs(alpha - (2 * meanRelu) / alpha ** 2 - 1 + 2e-4 * meanRelu)).toBeLessThan(1.4 * 5e-5);
    const [early, late] = solveLimit(limit, bottleneckState({ alpha: 1, v: [-0.01], b: [0.1] }), [250, 300]);
    expect(late[0].toFixed(4)).toBe("1.1844");
    const rates = [
      Math.log(Math.abs((early[2] - 1) / (late[2] - 1))) / 50,
      Math.log(limit.loss(early) / limit.loss(late)) / 50,
    ];
    const text = note("bottleneck-limit");
    expectShown(text, `decays at $${rates[0].toFixed(5)}$ and the loss at $${rates[1].toFixed(5)}$`);
  });

  it("has the second-order ratio of cross term and discretisation part, and A", () => {
    const ratios = [0.9, 0.7].map((place) => {
      const { jump, second } = kinkParts(place);
      return (-jump / second).toFixed(3);
    });
    const large = [0.4, 0.3].map((place) => kinkParts(place).jump / kinkParts(place).second);
    const row = [0, ...ratios, `-${large[0].toFixed(2)}`, `-${large[1].toFixed(1)}`].join(" | ");
    expectShown(note("error-budget"), `| second order (formulas above) | ${row} |`);
    const excess = [1, 0.9, 0.7, 0.4, 0.3].map((place) => {
      const { jump, second } = kinkParts(place);
      return (second - jump).toFixed(3);
    });
    expectShown(note("discretisation-error").replace(/\s/g, ""), `$A=${excess.join(",")}$`);
  });

  it("has the expected relative variances", () => {
    const starts = firstLayerStarts.filter((name) => name !== "gaussian");
    for (const dimension of [4, 10, 32]) {
      const row = starts.map((name) => expectedRelativeVariance(name, dimension).toFixed(3));
      expectShown(note("discretisation-error"), `| ${[dimension, ...row].join(" | ")} |`);
    }
  });

  it("has the kernel's eigenvalues on harmonics", () => {
    const scaled = [3, 6, 10, 32].map((dimension) => {
      expect(eigenvalue(0, dimension)).toBeCloseTo(4 * meanReluOfCoordinate(dimension) ** 2, 12);
      expect(eigenvalue(1, dimension)).toBeCloseTo((1 + 3 / dimension) / (4 * dimension), 12);
      expect(eigenvalue(3, dimension)).toBeCloseTo(0, 12);
      return (eigenvalue(2, dimension) * Math.PI * dimension ** 2).toFixed(3);
    });
    expectShown(note("discretisation-error").replace(/\s/g, ""), `$k_2\\pid^2=${scaled.join(",")}$`);
  });
});

/** k_l = E_t[k(t) P_l(t)] by Gauss-Legendre in the angle, in which everything is analytic. */
function eigenvalue(degree: number, dimension: number): number {
  const { nodes, weights } = gaussLegendre(80);
  let sum = 0;
  let mass = 0;
  for (let node = 0; node < nodes.length; node += 1) {
    const angle = (Math.PI / 2) * (1 + nodes[node]);
    const t = Math.cos(angle);
    const weight = weights[node] * Math.sin(angle) ** (dimension - 2);
    const away = Math.PI - angle;
    const kernel = (3 * (Math.sin(angle) + away * t)) / (2 * Math.PI * dimension) + (t * away) / (2 * Math.PI);
    mass += weight;
    sum += weight * kernel * harmonic(degree, dimension, t);
  }
  return sum / mass;
}

/** Gegenbauer polynomial of the sphere in R^dimension with value 1 at t = 1. */
function harmonic(degree: number, dimension: number, t: number): number {
  let before = 1;
  let value = degree === 0 ? 1 : t;
  for (let n = 1; n < degree; n += 1) {
    [before, value] = [value, ((2 * n + dimension - 2) * t * value - n * before) / (n + dimension - 2)];
  }
  return value;
}
