import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textWidth, wrapText } from "../../src/report/text-width.ts";

describe("wrapText", () => {
  it("breaks at spaces and cuts what is left with an ellipsis", () => {
    expect(wrapText("one two three", 10, 1000, 2)).toEqual(["one two three"]);
    expect(wrapText("one two three", 10, textWidth("one two", 10), 2)).toEqual(["one two", "three"]);
    const cut = wrapText("one two three four", 10, textWidth("one two", 10), 2);
    expect(cut).toHaveLength(2);
    expect(cut[1]).toMatch(/…$/);
  });

  it("cuts a word that is longer than the line and keeps an empty text", () => {
    expect(wrapText("abcdefghij", 10, 30, 2)).toEqual(["abc…"]);
    expect(wrapText("", 10, 30, 2)).toEqual([""]);
  });

  it("never exceeds the width or the number of lines", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 120 }),
        fc.integer({ min: 40, max: 400 }),
        fc.integer({ min: 1, max: 3 }),
        (text, width, most) => {
          const lines = wrapText(text, 12, width, most);
          expect(lines.length).toBeLessThanOrEqual(most);
          for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
