import { expect, it } from "vitest";
import { decaysOn } from "../../scenarios/deep-equals-shallow/spectra.ts";
import { pages } from "./pages.ts";

const text = (pages().find(({ path }) => path === "deep-equals-shallow.md")?.text ?? "").replaceAll("−", "-");

it("the page on deep equals shallow shows the exponents that its scenario finds", () => {
  const spheres = [
    [3, 200],
    [4, 120],
    [5, 80],
  ].map(([dimension, degree]) =>
    decaysOn({ dimension, degree, firstDegree: 20, weightLayers: [2, 5, 10], stepLayers: [3, 4] }),
  );
  const shown = (kernel: string, weightLayers: number | null, which: "even" | "odd" | "pairs") =>
    spheres.map((decays) =>
      decays.find((each) => each.kernel === kernel && each.weightLayers === weightLayers)?.[which]?.toFixed(4),
    );
  const rows: readonly (readonly [string, readonly (string | undefined)[], readonly (string | number)[]])[] = [
    ["NNGP, $L=2$", shown("nngp", 2, "even"), [-5, -6, -7]],
    ["5", shown("nngp", 5, "even"), ["", "", ""]],
    ["10", shown("nngp", 10, "even"), ["", "", ""]],
    ["NTK, $L=2$", shown("ntk", 2, "even"), [-3, -4, -5]],
    ["5", shown("ntk", 5, "even"), ["", "", ""]],
    ["10", shown("ntk", 10, "even"), ["", "", ""]],
    ["NTK with bias, $L=2$, odd", shown("ntk-bias", 2, "odd"), [-3, -4, -5]],
    ["Laplace", shown("laplace", null, "even"), [-3, -4, -5]],
    ["step, $L=3$", shown("step", 3, "pairs"), [-2.5, -3.5, -4.5]],
    ["4", shown("step", 4, "pairs"), [-2.25, -3.25, -4.25]],
  ];
  const table = text.split("\n").map((line) => line.replaceAll(/\s+/g, ""));
  for (const [name, found, theory] of rows) {
    const row = `|${name.replaceAll(/\s+/g, "")}|${found.map((value, at) => `${value}|${theory[at]}|`).join("")}`;
    expect(table).toContain(row);
  }
});
