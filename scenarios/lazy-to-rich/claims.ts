import { claim } from "meanfield";
import { labels, orders, type Setting, settings } from "./settings.ts";
import { type Quantity, quantities, type Summary } from "./slopes.ts";

const words: Readonly<Record<Quantity, string>> = {
  movement: "movement of the particles",
  kernelChange: "change of the tangent kernel",
  distance: "distance to kernel descent on test points",
};
const ids: Readonly<Record<Quantity, string>> = {
  movement: "movement",
  kernelChange: "kernel-change",
  distance: "distance",
};
const theorem =
  "Chizat, Oyallon, Bach, NeurIPS 2019: movement and distance are O(1/gamma) for a smooth model with f_0 = 0";

const unproved = "observation: as for a smooth model, which ReLU is not";

/** The expected slope and where it comes from; null where nothing is expected. */
function expectedSlope(setting: Setting, quantity: Quantity): { slope: number; source: string } | null {
  const order = orders[setting];
  if (quantity === "movement") return { slope: -1, source: order === null ? unproved : theorem };
  if (order === null) return null;
  if (order === 1)
    return { slope: -1, source: quantity === "distance" ? theorem : "our derivation: docs/lazy-to-rich.md" };
  return {
    slope: -2,
    source: "our derivation: the symmetry of pairs leaves even orders of 1/gamma only (docs/lazy-to-rich.md)",
  };
}

/** Slopes within a tenth of what is expected, and the regimes' test losses. */
export function claimsOf({ slopes, testLossRatio }: Summary) {
  const fitted = settings.flatMap((setting) =>
    quantities.flatMap((quantity) => {
      const expected = expectedSlope(setting, quantity);
      if (expected === null) return [];
      const { value, low, high } = slopes[setting][quantity];
      return [
        claim.within({
          id: `${setting}-${ids[quantity]}`,
          statement: `${labels[setting]}: log-log slope against gamma of the ${words[quantity]}`,
          source: expected.source,
          measured: value,
          low,
          high,
          expected: expected.slope,
          tolerance: 0.1,
        }),
      ];
    }),
  );
  const regimes = (["pairs", "dense"] as const).map((setting) => {
    const { value, low, high } = testLossRatio[setting];
    return claim.atMost({
      id: `${setting}-rich-generalises`,
      statement: `${labels[setting]}: test loss at the smallest scale over that at the largest`,
      source: "observation: features that move can find the direction of a single-index target, a fixed kernel cannot",
      measured: value,
      low,
      high,
      bound: 1,
    });
  });
  return [...fitted, ...regimes];
}
