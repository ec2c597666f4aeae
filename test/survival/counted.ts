import { appendFileSync } from "node:fs";
import { defineScenario, dynamics, laws, networks, parameter, targets } from "meanfield";

/** Tells a file what each process computes; its results do not depend on being told. */
const log = process.env.SURVIVAL_LOG;
const tell = (line: object) => {
  if (log !== undefined) appendFileSync(log, `${JSON.stringify({ pid: process.pid, ...line })}\n`);
};

/** Small simulations whose beginnings, measured steps and ends are counted, to be killed at any moment. */
export default defineScenario({
  name: "counted",
  version: 1,
  title: "A small bottleneck network that is counted",
  sources: [],
  parameters: {
    steps: parameter.integer({ min: 1, default: 200, help: "steps" }),
    members: parameter.integer({ min: 1, max: 4, default: 1, help: "members" }),
    trouble: parameter.choice({
      choices: ["none", "throw", "exit", "memory", "hang", "diverge"],
      default: "none",
      help: "how a member ends",
    }),
  },
  short: { steps: 20 },
  headline: "loss",
  members: ({ members }) => Array.from({ length: members }, (_, index) => ({ name: `replica-${index}` })),
  estimate: ({ steps, members }) => ({ seconds: (steps * members) / 10_000, bytes: 1e6 }),
  async run({ parameters, seed, simulate, saveArray }, member) {
    const { steps, members, trouble } = parameters;
    const run = `steps=${steps} members=${members} trouble=${trouble} seed=${seed}`;
    tell({ event: "begun", run, member: member.name });
    if (trouble === "throw") throw new Error("it was told to throw");
    if (trouble === "exit") process.exit(3);
    if (trouble === "hang") for (;;);
    for (const rows: number[][] = []; trouble === "memory"; )
      rows.push(Array.from({ length: 10_000 }, () => rows.length));
    const { records, simulation } = await simulate({
      problem: { law: laws.heavyTailed({ dimension: 4, radiusCutoff: 3 }), target: targets.hinge() },
      network: networks.bottleneck({ firstLayerWidth: 64, secondLayerWidth: 4 }),
      dynamics: dynamics.gradientDescent({
        stepSize: trouble === "diverge" ? 1000 : 0.2,
        steps,
        expectation: dynamics.sgd({ batch: 64 }),
      }),
      replica: Number(member.name.slice("replica-".length)),
      recordTimes: 20,
      observe: {
        step: ({ step }) => {
          tell({ event: "measured", run, member: member.name, step });
          return step;
        },
      },
    });
    const { buffer } = simulation.particles();
    saveArray("particles", buffer, [buffer.length]);
    return { loss: records[records.length - 1].loss };
  },
  summarise: (results) => ({ loss: Math.max(...Object.values(results).map(({ result }) => result.loss as number)) }),
  claims: () => [],
  figures: (results) => [
    {
      id: "loss",
      title: "Loss",
      caption: "The loss of each replica.",
      x: { label: "time", scale: "linear" },
      y: { label: "loss", scale: "log" },
      series: Object.entries(results).map(([name, { records }]) => ({
        name,
        mark: "line",
        x: records.map(({ time }) => time),
        y: records.map(({ loss }) => loss),
      })),
    },
  ],
});
