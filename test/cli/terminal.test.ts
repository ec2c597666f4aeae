import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exitCodeOfRun } from "../../src/cli/exit-codes.ts";
import { createProgress } from "../../src/cli/progress.ts";
import { tellRun } from "../../src/cli/run-text.ts";
import { type Terminal, wrap } from "../../src/cli/terminal.ts";
import type { RunOutcome } from "../../src/runs/index.ts";
import type { Claim } from "../../src/scenario/index.ts";

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
    expect(told(100, { summary })).toEqual([
      "b c   1.234e-5",
      "a     1",
      "list  1, 2",
      "e     text",
      "f     yes",
      "",
      "b",
      "c  1.234e-5",
      "d  –",
    ]);
  });

  it("shows the first twenty rows of a list and says how many more there are", () => {
    const lines = told(100, { summary: { points: Array.from({ length: 23 }, (_, width) => ({ width })) } });
    expect(lines).toHaveLength(1 + 2 + 20 + 1);
    expect(lines.at(-1)).toBe("... 3 more rows in the report");
  });

  it("fits windows of 40 to 200 columns together with its claims", () => {
    const network = { loss: 4.912e-6, lossError: 1.2e-7, largestVarianceRise: 0.00012345, isLearned: true };
    const summary = { bottleneck: network, twoLayer: { ...network, loss: 0.0061 }, ratio: 1180 };
    for (let width = 40; width <= 200; width += 1) {
      const lines = told(width, { summary, claims: [claim("holds"), claim("fails"), claim("inconclusive")] });
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});

describe("claims", () => {
  it("stand with verdict, numbers and statement, those that do not hold with their source, and are counted", () => {
    expect(told(100, { claims: [claim("holds"), claim("fails")] })).toEqual([
      "holds         learns: (4.91 [4.67, 5.15])e-6, expected <= 1e-5",
      "              the network reaches a small loss",
      "fails         learns: (4.91 [4.67, 5.15])e-6, expected <= 1e-5",
      "              the network reaches a small loss [a theorem]",
      "1 of 2 claims holds, 1 fails.",
    ]);
  });
});

function claim(verdict: Claim["verdict"]): RunOutcome["claims"][number] {
  const [measured, low, high] = [4.91e-6, 4.67e-6, 5.15e-6];
  const words = { id: "learns", statement: "the network reaches a small loss", source: "a theorem" };
  return { ...words, measured, low, high, expected: "<= 1e-5", tolerance: null, verdict, pass: verdict === "holds" };
}

/** The lines that tell of a run's end, without empty ones at the end. */
function told(width: number, outcome: Partial<RunOutcome>): readonly string[] {
  const lines: string[] = [];
  const terminal: Terminal = {
    width,
    isInteractive: false,
    line: (text = "") => lines.push(...text.split("\n")),
    redraw: () => {},
    style: (_, text) => text,
  };
  const rest = {
    status: "completed",
    scenario: "x",
    id: "1",
    dir: "runs",
    parameters: {},
    seed: 1,
    engines: [],
    error: null,
  } as const;
  tellRun(terminal, { ...rest, summary: {}, claims: [], stack: null, isStored: false, ...outcome }, "b.c");
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

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
    const engine = {
      name: "native",
      instructions: "AVX-512",
      arithmetic: "fused",
      numerics: "fused",
      precision: "float64",
    } as const;
    const progress = createProgress(terminal);
    progress({ event: "started", scenario: "waves", id: "1234", dir: "runs", members: ["a", "b"], engine });
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
    expect(shown(false, 100)).toEqual(["waves 1234 on native (AVX-512), fused multiply-add", "  a: completed (1/2)"]);
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
