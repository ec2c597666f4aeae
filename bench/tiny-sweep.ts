/** A process of its own for bench/sweeps.ts: `node tiny-sweep.js FOLDER POINTS JOBS` runs a sweep of tiny runs and prints what it took as JSON. */
import { sweepScenario } from "meanfield";
import { benchFile } from "./repository.ts";

/** What a sweep of tiny runs took. */
export interface TinySweep {
  readonly dir: string;
  readonly jobs: number;
  readonly points: number;
  /** From the start of the first point's work to the end of the last one's: plan and pool left out. */
  readonly seconds: number;
  /** Mean wall clock of a run itself, by its own record. */
  readonly runSeconds: number;
  /** Resident memory of the process, workers included, in megabytes: after a tenth of the points, and the largest after that. */
  readonly earlyMegabytes: number;
  readonly lateMegabytes: number;
}

const [folder, points, jobs] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const warmUp = Math.floor(points / 10);
const megabytes = () => process.memoryUsage.rss() / 1e6;

let ended = 0;
let runSeconds = 0;
let firstEnd = 0;
let earlyMegabytes = 0;
let lateMegabytes = 0;
const { dir, status } = await sweepScenario(benchFile("scenarios", "one-number.ts"), {
  parameters: { seed: `0..${points - 1}` },
  out: folder,
  jobs,
  onEvent(event) {
    if (event.event !== "point") return;
    ended += 1;
    if (ended === warmUp) {
      firstEnd = performance.now();
      earlyMegabytes = megabytes();
    }
    if (ended > warmUp) runSeconds += event.end.seconds;
    if (ended > warmUp && ended % 100 === 0) lateMegabytes = Math.max(lateMegabytes, megabytes());
  },
});
if (status !== "completed" || ended !== points) throw new Error(`tiny-sweep: ${status} after ${ended} points`);
const counted = points - warmUp;
const measured: TinySweep = {
  dir,
  jobs,
  points: counted,
  seconds: (performance.now() - firstEnd) / 1000,
  runSeconds: runSeconds / counted,
  earlyMegabytes,
  lateMegabytes,
};
process.stdout.write(`${JSON.stringify(measured)}\n`);
