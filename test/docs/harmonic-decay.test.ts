import { expect, it } from "vitest";
import { buildLaw, heavyTailed } from "../../src/laws/index.ts";
import { harmonicRate } from "../../src/limits/index.ts";
import { expectedRelativeVariance } from "../../src/networks/index.ts";
import { pages } from "./pages.ts";

const text = pages().find(({ path }) => path === "theory/harmonic-decay.md")?.text ?? "";

/** The numbers of the table row that starts with `first`. */
function row(first: string): number[] {
  const line = text.split("\n").find((each) => each.startsWith(`| ${first} |`)) ?? "";
  return line.split("|").slice(2, -1).map(Number);
}

it("prints the rates k_1, k_2, k_4, k_6 in d = 5, 10, 30 to four digits", () => {
  for (const dimension of [5, 10, 30]) {
    const printed = row(String(dimension));
    expect(printed).toHaveLength(4);
    for (const [index, degree] of [1, 2, 4, 6].entries()) {
      expect(Math.abs(printed[index] / harmonicRate(degree, dimension) - 1)).toBeLessThan(5e-4);
    }
  }
});

it("prints the first correction at the optimum, p(1) sigma/(sqrt(2 pi) M_2(1)), to two digits", () => {
  const { radius } = buildLaw(heavyTailed({ dimension: 10, radiusCutoff: 3 }));
  const moments = new Float64Array(3);
  radius?.moments(1, moments, 0);
  const printed = row("this term");
  expect(printed).toHaveLength(5);
  for (const [index, width] of [500, 1000, 2000, 4000, 8000].entries()) {
    const sigma = Math.sqrt(expectedRelativeVariance("sphere", 10) / width);
    const term = ((radius?.pdf(1) ?? 0) * sigma) / (Math.sqrt(2 * Math.PI) * moments[2]);
    expect(Math.abs(printed[index] - term)).toBeLessThan(5.5e-4);
  }
});
