import { dynamics, laws, MeanfieldError, networks, simulate, targets } from "meanfield";

// Wrong options are refused at once, before anything runs.
try {
  simulate({
    problem: { law: laws.heavyTailed({ dimension: 10 }), target: targets.hinge() },
    network: networks.twoLayer({ width: 64 }),
    dynamics: dynamics.gradientDescent({ stepSize: 0.5, steps: 10 }),
    seed: 7,
  });
} catch (error) {
  if (!(error instanceof MeanfieldError)) throw error;
  console.log(`${error.code}: ${error.message}`);
}

// What goes wrong later is an outcome, not an exception.
const simulation = simulate({
  problem: { law: laws.heavyTailed({ dimension: 10, radiusCutoff: 3 }), target: targets.hinge() },
  network: networks.twoLayer({ width: 64 }),
  dynamics: dynamics.gradientDescent({ stepSize: 50, steps: 1000 }),
  seed: 7,
});
const outcome = await simulation.outcome;
if (outcome.status !== "completed") console.log(`${outcome.status}: ${outcome.message}`);
