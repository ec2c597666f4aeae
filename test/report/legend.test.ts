import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layOutLegend, legendFontSize, textStart } from "../../src/report/legend.ts";
import { textWidth } from "../../src/report/text-width.ts";
import type { Series } from "../../src/scenario/figure.ts";

const named = (name: string, mark: Series["mark"] = "line", group?: string): Series => ({
  name,
  mark,
  x: [],
  y: [],
  ...(group === undefined ? {} : { group }),
});

describe("layOutLegend", () => {
  it("gives a curve and its band of the same name and group one entry", () => {
    const { entries } = layOutLegend([named("f", "band", "a"), named("f", "line", "a"), named("f", "line", "b")], 600);
    expect(entries.map(({ series }) => series)).toEqual([[0, 1], [2]]);
  });

  it("never lets two entries overlap or one leave the drawing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 90 }), { maxLength: 12 }),
        fc.integer({ min: 280, max: 900 }),
        (names, width) => {
          const { entries, height } = layOutLegend(
            names.map((name, index) => named(name, "line", String(index))),
            width,
          );
          const boxes = entries.map(({ left, top, lines }) => ({
            left,
            top,
            right: left + textStart + Math.max(...lines.map((line) => textWidth(line, legendFontSize))),
            bottom: top + lines.length * 15,
          }));
          for (const [index, box] of boxes.entries()) {
            expect(box.right).toBeLessThanOrEqual(width + 1);
            expect(box.bottom).toBeLessThanOrEqual(height);
            for (const other of boxes.slice(index + 1)) {
              const apart =
                box.right <= other.left ||
                other.right <= box.left ||
                box.bottom <= other.top ||
                other.bottom <= box.top;
              expect(apart).toBe(true);
            }
          }
        },
      ),
    );
  });
});
