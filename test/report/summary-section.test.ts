import { describe, expect, it } from "vitest";
import { headlineSection, jsonValue, summarySection } from "../../src/report/summary-section.ts";

const text = (value: { readonly html: string } | null) =>
  value?.html
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

describe("jsonValue", () => {
  it("shows a value with its error or bounds as one number, also as x beside xError", () => {
    expect(text(jsonValue({ value: 0.5, error: 0.012 }))).toBe("0.500 ± 0.012");
    expect(text(jsonValue({ value: 0.5, low: 0.4, high: 0.6 }))).toBe("0.50 [0.40, 0.60]");
    expect(text(jsonValue({ value: null, error: null }))).toBe("–");
    expect(text(jsonValue({ loss: 0.5, lossError: 0.012, lastError: 3 }))).toBe("loss 0.500 ± 0.012 lastError 3");
  });

  it("turns lists of objects, and objects of like objects, into tables", () => {
    expect(
      text(
        jsonValue([
          { width: 64, loss: 0.5 },
          { width: 256, loss: null },
        ]),
      ),
    ).toBe("width loss 64 0.5 256 –");
    expect(text(jsonValue({ a: { loss: 1 }, b: { loss: 2, name: "x" } }))).toBe("loss name a 1 b 2 x");
  });

  it("shortens long lists and says how long they are", () => {
    expect(text(jsonValue([1, 2]))).toBe("1, 2");
    expect(text(jsonValue(Array.from({ length: 30 }, () => 0)))).toMatch(/, … \(30 values\)$/);
    const many = text(jsonValue(Array.from({ length: 300 }, (_, index) => ({ index }))));
    expect(many).toMatch(/199 The first 200 of 300; the others are in result\.json\.$/);
    expect(text(jsonValue([]))).toBe("empty");
  });

  it("shows lists of unlike things one below the other", () => {
    expect(text(jsonValue([1, { a: { b: [true, "x <= 1"] } }]))).toBe("1 a b yes, x ≤ 1");
  });
});

describe("headlineSection", () => {
  it("lists single numbers by path, shallow ones first", () => {
    expect(text(headlineSection({ deep: { loss: 1 }, top: 2, list: [1], text: "x" }))).toBe("Result top 2 deep.loss 1");
  });

  it("is absent when the summary has no single number", () => {
    expect(headlineSection({ list: [1, 2] })).toBeNull();
  });
});

describe("summarySection", () => {
  it("is absent when the headline has shown everything", () => {
    expect(summarySection({})).toBeNull();
    expect(summarySection({ slope: -1, slopeError: 0.1, ratio: { value: 2, error: 0.2 } })).toBeNull();
    expect(text(summarySection({ slope: -1, kind: "x" }))).toBe("Summary in full slope −1 kind x");
  });
});
