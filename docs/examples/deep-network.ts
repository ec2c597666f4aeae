import { deepNetworks, laws, targets } from "meanfield";

const problem = { law: laws.gaussian({ dimension: 10 }), target: targets.localProduct({ indices: [0, 1] }), seed: 1 };
const examples = deepNetworks.signLabels({ ...problem, count: 400 });
const test = deepNetworks.signLabels({ ...problem, count: 2000, purpose: "test" });
const network = deepNetworks.fullyConnected({ inputs: 10, hiddenWidths: [60, 60], outputs: 2 });

const learning = { network, examples, seed: 1 };
const chosen = deepNetworks.chooseLearningRate({
  ...learning,
  learningRates: [0.05, 0.2],
  folds: 5,
  averagedEpochs: 5,
});
const outcome = deepNetworks.fitExamples({ ...learning, test, learningRate: chosen.learningRate ?? 0.05 });
console.log(chosen.learningRate, outcome.status);
if (outcome.status === "fitted") console.log(outcome.fittedAt, "epochs, test error", outcome.testError.toFixed(3));
