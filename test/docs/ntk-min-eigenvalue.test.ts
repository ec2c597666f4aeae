import { describe, expect, it } from "vitest";
import { coefficientsOf, sharpConstant, sphereEdge } from "../../scenarios/ntk-min-eigenvalue/edge.ts";
import { pages } from "./pages.ts";

const table = (pages().find(({ path }) => path === "ntk-min-eigenvalue.md")?.text ?? "").split("\n");
const shown = (value: number): string => value.toFixed(4).replace(/^0/, "");

describe("the page on the smallest eigenvalue", () => {
  it("shows the coefficients and limits of the series", () => {
    for (const layers of [2, 3, 4, 5]) {
      const { linear, square, tail } = coefficientsOf(layers);
      const limits = [0.25, 0.5].map((ratio) => sharpConstant(layers, ratio));
      expect(table).toContain(`| ${layers} | ${[linear, square, tail, ...limits].map(shown).join(" | ")} |`);
    }
  });

  it("shows the edges at d = 640 beside what was measured", () => {
    for (const ratio of [0.5, 1, 2]) {
      const edges = [2, 3, 4].map((layers) => shown(sphereEdge(layers, 640, ratio * 640)));
      const rows = table.filter((line) => edges.every((edge) => line.includes(`| ${edge} |`)));
      expect(rows.length).toBe(1);
      expect(rows[0]).toContain("| 640 |");
    }
  });
});
