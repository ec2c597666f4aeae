import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  erf,
  halfStepGammaRatio,
  inverseIncompleteBeta,
  logGamma,
  regularizedIncompleteBeta,
  studentQuantile,
} from "../../src/numerics/special-functions.ts";
import reference from "../reference/special-functions.json" with { type: "json" };

describe("special functions against 40-digit values", () => {
  test.each(reference.logGamma)("ln Gamma(%s) is right to 1e-15 of 1 + its size", (x, value) => {
    expect(Math.abs(logGamma(x) - value) / (1 + Math.abs(value))).toBeLessThan(1e-15);
  });

  test.each(reference.halfStepGammaRatio)("Gamma(x + 1/2)/Gamma(x) at %s is right to 2e-15", (x, value) => {
    expect(Math.abs(halfStepGammaRatio(x) / value - 1)).toBeLessThan(5e-15);
  });

  test.each(reference.erf)("erf(%s) is right to 4e-16", (x, value) => {
    expect(Math.abs(erf(x) - value)).toBeLessThan(4e-16);
  });

  test.each(reference.regularizedIncompleteBeta)("I(%s, %s; %s) is right to 4e-13", (a, b, x, value) => {
    expect(Math.abs(regularizedIncompleteBeta(a, b, x) - value)).toBeLessThan(4e-13);
  });

  test.each(reference.studentQuantile)(
    "the Student quantile of %s at %s degrees is right to 1e-9",
    (p, degrees, value) => {
      expect(Math.abs(studentQuantile(p, degrees) / value - 1)).toBeLessThan(1e-9);
      expect(Math.abs(studentQuantile(1 - p, degrees) / value + 1)).toBeLessThan(1e-9);
    },
  );
});

describe("special functions", () => {
  test("erf reaches its limits without cephes' underflow", () => {
    expect(erf(Infinity)).toBe(1);
    expect(erf(-30)).toBe(-1);
    expect(erf(0)).toBe(0);
  });

  test("the incomplete beta function and its inverse undo each other", () => {
    for (const [a, b, x] of [
      [0.5, 0.5, 0.2],
      [4.5, 4.5, 0.45],
      [2, 9, 0.1],
    ]) {
      expect(Math.abs(inverseIncompleteBeta(a, b, regularizedIncompleteBeta(a, b, x)) - x)).toBeLessThan(1e-10);
    }
  });

  test("invalid arguments throw instead of returning NaN", () => {
    expect(() => logGamma(0)).toThrow("x: expected a number in (0, 1e300), got 0");
    expect(() => logGamma(Number.NaN)).toThrow("got NaN");
    expect(() => halfStepGammaRatio(-0.5)).toThrow("x: expected a positive finite number, got -0.5");
    expect(() => erf(Number.NaN)).toThrow("x: expected a number, got NaN");
    expect(() => regularizedIncompleteBeta(0, 1, 0.5)).toThrow("a: expected a positive finite number, got 0");
    expect(() => regularizedIncompleteBeta(1, 1, 1.5)).toThrow("x: expected a number in [0, 1], got 1.5");
    expect(() => inverseIncompleteBeta(1, 1, Number.NaN)).toThrow("probability: expected a number in [0, 1], got NaN");
    expect(() => studentQuantile(1, 3)).toThrow("probability: expected a number in (0, 1), got 1");
    expect(() => studentQuantile(0.9, 1.5)).toThrow("degreesOfFreedom: expected an integer in [1, 2^31), got 1.5");
  });

  test("are synchronous in plain Node, in the main thread and in a worker", () => {
    const compiled = new URL("../../dist/src/numerics/special-functions.js", import.meta.url).href;
    const script = `
      import { Worker, isMainThread } from "node:worker_threads";
      import { logGamma } from ${JSON.stringify(compiled)};
      console.log(logGamma(5.5));
      if (isMainThread) {
        const code = 'import(' + ${JSON.stringify(JSON.stringify(compiled))} + ').then((module) => console.log(module.logGamma(5.5)))';
        new Worker(code, { eval: true });
      }`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
    expect(output.trim().split("\n").map(Number)).toEqual([logGamma(5.5), logGamma(5.5)]);
  });
});
