import { afterEach, describe, expect, it, vi } from "vitest";
import { createSweepProgress } from "../../src/cli/sweep-progress.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import type { SweepEvent } from "../../src/sweeps/index.ts";

afterEach(() => vi.restoreAllMocks());

/** What a sweep's events show on a terminal or elsewhere; each stands at a time in seconds. */
function shown(isInteractive: boolean, width: number, events: readonly (readonly [number, SweepEvent])[]) {
  const lines: string[] = [];
  const redrawn: string[] = [];
  const terminal: Terminal = {
    width,
    isInteractive,
    line: (text = "") => lines.push(...text.split("\n")),
    redraw: (text) => redrawn.push(text),
    style: (_, text) => text,
  };
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now * 1000);
  const show = createSweepProgress(terminal);
  for (const [at, event] of events) {
    now = at;
    show(event);
  }
  return { lines, redrawn };
}

const started: SweepEvent = {
  event: "started",
  scenario: "depth-separation",
  id: "7bc2c350816f1720",
  dir: "sweeps/x",
  points: 48,
  ended: 0,
  executor: "pool",
  jobs: 2,
};
const progress = (ended: number, notCompleted: number, running = 2): SweepEvent => ({
  event: "progress",
  points: 48,
  ended,
  notCompleted,
  running,
  pending: null,
  fraction: ended / 48,
});
const ended = (status: "completed" | "failed" | "diverged", seed = 1): SweepEvent => ({
  event: "point",
  place: 0,
  point: { id: "1", values: { width: "8" }, seed, cost: 1, members: 1 },
  end: {
    id: "1",
    status,
    error: status === "completed" ? null : { code: "worker-failed", message: "it broke", member: null, step: null },
    seconds: 1,
    summary: {},
  },
});

describe("the progress of a sweep", () => {
  it("is a bar with what is done, failed and running and the time left, in any window", () => {
    const events = [
      [0, started],
      [0, progress(0, 0)],
      [5, ended("failed")],
      [6, ended("diverged")],
      [10, progress(12, 2)],
    ] as const;
    const wide = shown(true, 100, events);
    expect(wide.redrawn.at(-1)).toBe("█████░░░░░░░░░░░░░░░ 12/48 points, 1 failed, 1 diverged, 2 running  30 s left");
    expect(wide.lines).toContain("  failed at width=8 seed=1: it broke");
    const narrow = shown(true, 40, events);
    expect(narrow.redrawn.at(-1)).toMatch(/12\/48, 1 failed, 1 diverged {2}30 s left$/);
    for (let width = 40; width <= 120; width += 1) {
      const { redrawn, lines } = shown(true, width, events);
      for (const text of redrawn) {
        expect(text.length).toBeLessThan(width);
        expect(text).toMatch(/\/48.*\d s/);
      }
      for (const line of lines) expect(line.length).toBeLessThan(width);
    }
  });

  it("elsewhere is a plain line every few seconds", () => {
    const events = Array.from({ length: 48 }, (_, second) => [second, progress(second, 0)] as const);
    const { lines, redrawn } = shown(false, 80, [[0, started], ...events]);
    expect(redrawn).toEqual([]);
    expect(lines.slice(0, 3)).toEqual([
      "depth-separation 7bc2c350816f1720: 48 points, on 2 threads",
      "5/48 points, 2 running  43 s left",
      "10/48 points, 2 running  38 s left",
    ]);
    expect(lines.length).toBe(10);
  });

  it("tells points that failed one by one, but not without end, and counts those of an earlier start", () => {
    const failures = Array.from({ length: 50 }, (_, seed) => [1, ended("failed", seed)] as const);
    const { lines } = shown(false, 200, [[0, started], ...failures, [9, progress(60, 53)]]);
    expect(lines.filter((line) => line.includes("failed at"))).toHaveLength(20);
    expect(lines.filter((line) => line.includes("meanfield ls sweeps/x 'status!=completed'"))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/^60\/48 points, 50 failed, 3 not completed before, 2 running/);
  });
});
