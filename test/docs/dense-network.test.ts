import { describe, expect, it } from "vitest";
import { buildNetwork, createPieceBuffer, dense, linearPiecesOf, type Network } from "../../src/networks/index.ts";
import { arrangedDirections, deriveKey, mean, standardError } from "../../src/numerics/index.ts";
import { pages } from "./pages.ts";

const note =
  pages()
    .find(({ path }) => path === "theory/dense-network.md")
    ?.text.replaceAll("−", "-") ?? "";

/** Fails with the words that are missing, not with the whole page. */
function expectShown(words: string): void {
  expect(note.includes(words) ? words : "not on the page").toBe(words);
}

const dimension = 10;
const square = (m: number, negativeSlope = 0): Network =>
  buildNetwork(
    dense({ firstLayerWidth: m, secondLayerWidth: m, activation: { kind: "leaky-relu", negativeSlope } }),
    dimension,
  );
const directions = arrangedDirections(4000, "independent", dimension, deriveKey(1, "rotations"));

describe("numbers printed in the note on the dense network", () => {
  it.each([16, 64, 256])("has the spherical mean beside the mean over directions (m=%d)", (m) => {
    const network = square(m);
    const particles = network.start(1);
    const values = new Float64Array(4000);
    network.evaluate(particles, directions, 4000, values);
    const spherical = network.sphericalMean(particles).value(1);
    const error = standardError(values);
    const row = [
      m,
      spherical.toFixed(5),
      (1e5 * (mean(values) - spherical)).toFixed(1),
      (1e5 * error).toFixed(1),
      (error * Math.sqrt(4000)).toFixed(5),
    ];
    expectShown(`| ${row.join(" | ")} |`);
  });

  it("has the spherical mean of leaky ReLU", () => {
    const network = square(64, 0.2);
    const symmetrization = network.sphericalMean(network.start(1));
    expectShown(`| ${[0, 0.5, 1, 2, 4].map((radius) => symmetrization.value(radius).toFixed(5)).join(" | ")} |`);
  });

  it("has the number of pieces of a ray", () => {
    const network = square(64);
    const bundle = network.along(network.start(1), directions.subarray(0, 100 * dimension), 100);
    const pieces = createPieceBuffer(bundle.capacity);
    let count = 0;
    for (let ray = 0; ray < 100; ray += 1) {
      linearPiecesOf(bundle)(ray, pieces);
      count += pieces.count;
    }
    expectShown(`${(count / 100).toFixed(1)} pieces on average (100 rays, seed 1), of ${bundle.capacity} that`);
  });
});
