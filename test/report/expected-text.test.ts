import { expect, it } from "vitest";
import { expectedText } from "../../src/report/expected-text.ts";

it.each([
  [0.1122, 0.001881, "0.1122 ± 0.0019", "0.1122 ± 0.0019"],
  ["<= 1e-12", null, "<= 1e-12", "≤ 10⁻¹²"],
  [-1, "2 standard errors", "-1 (2 standard errors)", "−1 (2 standard errors)"],
  ["about -1", 0.25, "about -1 ± 0.25", "about −1 ± 0.25"],
  [null, null, "–", "–"],
])("%j with tolerance %j is shown as %s", (expected, tolerance, plain, typeset) => {
  expect(expectedText({ expected, tolerance }, "plain")).toBe(plain);
  expect(expectedText({ expected, tolerance }, "typeset")).toBe(typeset);
});
