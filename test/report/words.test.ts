import { expect, it } from "vitest";
import { pathWords } from "../../src/report/words.ts";

it.each([
  ["limitLoss", "limit loss"],
  ["bottleneck.loss", "bottleneck loss"],
  ["v", "v"],
  ["limitV", "limit v"],
  ["smallestNTKEigenvalue", "smallest NTK eigenvalue"],
  ["discretization", "discretisation"],
  ["two-layer", "two-layer"],
  ["list[1].wide_name", "list[1] wide name"],
])("%s reads as %s", (path, words) => {
  expect(pathWords(path)).toBe(words);
});
