/** Runs counted.ts by the library in the folder given, as a sweep or as one run, and prints as JSON how that ended. */
const [library, kind, scenario, out] = process.argv.slice(2);
const { runScenario, sweepScenario } = await import(library);
const checkpointMs = 5;

async function work() {
  if (kind === "run") {
    const parameters = { steps: 1500, members: 1, seed: 0 };
    const { status, error } = await runScenario(scenario, { parameters, out, threads: 1, checkpointMs });
    return { status, errors: error === null ? [] : [error.message] };
  }
  const parameters = { steps: "1500", members: "1,2", seed: "0" };
  const { status, points } = await sweepScenario(scenario, { parameters, out, jobs: 1, checkpointMs });
  const errors = points.flatMap(({ end }) => (end?.error == null ? [] : [end.error.message]));
  return { status: errors.length === 0 ? status : "failed", errors };
}

try {
  console.log(JSON.stringify(await work()));
} catch (error) {
  console.log(JSON.stringify({ status: "failed", errors: [error.message], code: error.code ?? null }));
}
