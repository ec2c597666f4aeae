import { describe, expect, test } from "vitest";
import { buildLaw, gaussian } from "../../src/laws/index.ts";
import { bottleneckState, createBottleneckLimit, createLimitFlow, solveLimit } from "../../src/limits/index.ts";
import { buildTarget, hinge } from "../../src/targets/index.ts";

const limit = createBottleneckLimit({
  law: buildLaw(gaussian({ dimension: 6 })),
  target: buildTarget(hinge()),
  secondLayerWidth: 3,
});
const start = bottleneckState({ alpha: 1, v: [-0.3, -0.1, -0.5], b: [0.5, 0.2, 0.8] });

describe("solveLimit", () => {
  test("gives one state per time, the start at time 0, and leaves the start alone", () => {
    const copy = start.slice();
    const states = solveLimit(limit, start, [0, 0, 1, 4]);
    expect(states.length).toBe(4);
    expect(states[0]).toEqual(start);
    expect(states[1]).toEqual(start);
    expect(states[3]).not.toEqual(states[2]);
    expect(start).toEqual(copy);
  });

  test("tolerances of 1e-10 and 1e-13 agree to 1e-8", () => {
    const [loose] = solveLimit(limit, start, [20]);
    const [tight] = solveLimit(limit, start, [20], { relative: 1e-13, absolute: 1e-13 });
    loose.forEach((value, index) => {
      expect(Math.abs(value - tight[index])).toBeLessThan(1e-8);
    });
  });

  test("reports times that go back and starts of the wrong length", () => {
    expect(() => solveLimit(limit, start, [2, 1])).toThrow(
      "time: expected a finite number >= the state's time 2, got 1",
    );
    expect(() => solveLimit(limit, start.slice(1), [1])).toThrow("initial: expected 10 numbers, got 9");
  });
});

describe("createLimitFlow", () => {
  test("goes on from a structured clone with the same bits", () => {
    const flow = createLimitFlow(limit);
    const whole = flow.start(start);
    for (const time of [0.7, 2, 9]) flow.advanceTo(whole, time);
    const parted = flow.start(start);
    flow.advanceTo(parted, 0.7);
    const copy = structuredClone(parted);
    const other = createLimitFlow(limit);
    for (const time of [2, 9]) other.advanceTo(copy, time);
    expect(copy).toEqual(whole);
    expect(solveLimit(limit, start, [0.7, 2, 9])[2]).toEqual(whole.y);
  });
});
