import { defineScenario, parameter } from "meanfield";

/** A run that computes next to nothing, for the benchmark of sweeps: what it takes is the store's and the scheduler's. */
export default defineScenario({
  name: "one-number",
  version: 1,
  title: "A run that computes one number",
  sources: [],
  parameters: {
    factor: parameter.number({ default: 2, help: "what the seed is multiplied with" }),
  },
  short: {},
  headline: "product",
  async run({ parameters: { factor }, seed }) {
    return { product: factor * Number(seed) };
  },
  summarise: ({ main }) => ({ product: Number(main.result.product) }),
  claims: () => [],
});
