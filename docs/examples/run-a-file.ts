import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readRun, runScenario } from "meanfield";

const out = await mkdtemp(join(tmpdir(), "runs-"));
const file = fileURLToPath(new URL("./start-comparison.ts", import.meta.url));

const outcome = await runScenario(file, { short: true, seed: 7, out });
console.log(outcome.status, outcome.scenario);
for (const { id, measured, low, high, expected, verdict } of outcome.claims) {
  console.log(
    `${id}: ${measured?.toFixed(1)} [${low?.toFixed(1)}, ${high?.toFixed(1)}], expected ${expected}: ${verdict}`,
  );
}

// The folder holds everything; asking for the same run again reads it.
const { metrics, timing } = readRun(outcome.dir);
console.log(metrics.length, "records,", timing === null ? "unfinished" : "finished");
console.log("stored:", (await runScenario(file, { short: true, seed: 7, out })).isStored);
await rm(out, { recursive: true });
