import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exitCodeOfRun } from "../../src/cli/exit-codes.ts";
import { createProgress } from "../../src/cli/progress.ts";
import { summaryRows } from "../../src/cli/run-text.ts";
import { type Terminal, wrap } from "../../src/cli/terminal.ts";

describe("wrapped text", () => {
  it("keeps every word, and no line of several words is too long", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(words, fc.integer({ min: 5, max: 60 }), fc.constantFrom("", "  ", "    "), (list, width, indent) => {
        const lines = wrap(list.join(" "), width, indent).split("\n");
        expect(lines.flatMap((line) => line.trim().split(" "))).toEqual(list);
        for (const line of lines) {
          expect(line.startsWith(indent)).toBe(true);
          if (line.trim().includes(" ")) expect(line.length).toBeLessThanOrEqual(width);
        }
      }),
    );
  });

  it("stands beside its label", () => {
    expect(wrap("one two three", 12, "  ", "key ")).toBe("  key one\n      two\n      three");
  });
});

describe("a summary", () => {
  it("is shown as its numbers and texts by path, the headline first", () => {
    const summary = { a: 1, b: { c: 0.000012345, d: null }, list: [1, 2], e: "text", f: true };
    expect(summaryRows(summary, "b.c")).toEqual([
      ["b.c", "1.234e-5"],
      ["a", "1"],
      ["b.d", "–"],
      ["e", "text"],
      ["f", "true"],
    ]);
  });
});

describe("progress", () => {
  const shown = (isInteractive: boolean, width: number) => {
    const texts: string[] = [];
    const terminal: Terminal = {
      width,
      isInteractive,
      line: (text = "") => texts.push(text),
      redraw: (text) => texts.push(text),
      style: (_, text) => text,
    };
    const progress = createProgress(terminal);
    progress({ event: "started", scenario: "waves", id: "1234", dir: "runs", members: ["a", "b"] });
    progress({ event: "progress", fraction: 0 });
    progress({ event: "member", member: "a", status: "completed" });
    progress({ event: "progress", fraction: 0.5 });
    return texts;
  };

  it("is one line that fits the window on a terminal", () => {
    for (const width of [40, 80]) {
      const texts = shown(true, width);
      expect(texts.at(-1)).toContain("50%");
      for (const text of texts) expect(text.length).toBeLessThan(width);
    }
  });

  it("elsewhere is plain lines, not more than one every few seconds", () => {
    expect(shown(false, 100)).toEqual(["waves 1234", "  a: completed (1/2)"]);
  });
});

describe("the exit code of a run", () => {
  const claims = (...passes: (boolean | null)[]) => passes.map((pass) => ({ pass }) as never);
  it.each([
    ["completed", claims(true, null), 0],
    ["completed", claims(true, false), 1],
    ["completed", [], 0],
    ["failed", [], 1],
    ["diverged", [], 4],
    ["cancelled", [], 130],
  ] as const)("that is %s, with claims %j, is %i", (status, list, code) => {
    expect(exitCodeOfRun({ status, claims: list })).toBe(code);
  });
});
