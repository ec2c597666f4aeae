import { describe, expect, it } from "vitest";
import { resultSection, summarySection } from "../../src/report/summary-section.ts";

const text = (value: { readonly html: string } | null) =>
  value?.html
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

describe("resultSection", () => {
  it("shows the headline first, then the single values, and leaves objects to the tables", () => {
    const summary = { ratio: 2, bottleneck: { loss: 0.5, lossError: 0.012 }, tuned: true };
    const section = resultSection(summary, "bottleneck.loss");
    expect(text(section)).toBe("Result bottleneck loss 0.500 ± 0.012 ratio 2 tuned yes");
    expect(section?.html).toContain('<tr class="headline"><th scope="row" title="bottleneck.loss">');
  });

  it("is absent when the summary has neither", () => {
    expect(resultSection({ list: [{ a: 1 }] }, "list")).toBeNull();
  });
});

describe("summarySection", () => {
  it("is absent when there are single values only", () => {
    expect(summarySection({ slope: -1, slopeError: 0.1, ratio: { value: 2, error: 0.2 } }, "slope")).toBeNull();
  });

  it("shows like objects side by side under their names in words, with the paths as hints", () => {
    const section = summarySection({ a: { limitLoss: 1, loss: 3 }, twoLayer: { limitLoss: 2, loss: 4 } }, "a.loss");
    expect(text(section)).toBe("Measured values a two layer limit loss 1 2 loss 3 4");
    expect(section?.html).toContain('title="twoLayer">two layer</th>');
  });

  it("shows a list of objects as a table of at most 200 rows and says how many there are", () => {
    const many = Array.from({ length: 300 }, (_, index) => ({ index }));
    expect(text(summarySection({ many }, "x"))).toMatch(/ 199 The first 200 of 300; the others are in result\.json\.$/);
  });

  it("escapes names", () => {
    expect(summarySection({ "<b>": { "x<y": 1 } }, "x")?.html).not.toContain("<b>");
  });
});
