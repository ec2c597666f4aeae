/** `npm run bench -- [parts...] [options]`: see bench/README.md. */
import { parseArgs } from "node:util";
import { accuracyPart } from "./accuracy.ts";
import { checkSteps } from "./check.ts";
import { deepPart } from "./deep.ts";
import { kernelsPart } from "./kernels.ts";
import { describeMachine } from "./machine.ts";
import { enginesHere } from "./meanfield-step.ts";
import type { Bench, Part, PartResult } from "./part.ts";
import { measurePeak } from "./peak.ts";
import { openPeers } from "./peers.ts";
import { randomPart } from "./random.ts";
import { runsPart } from "./runs.ts";
import { stepPart } from "./step.ts";
import { sweepsPart } from "./sweeps.ts";
import { threadsPart } from "./threads.ts";
import { letters } from "./work.ts";
import { writeReadme } from "./write-readme.ts";

const parts: readonly Part[] = [
  stepPart,
  threadsPart,
  accuracyPart,
  deepPart,
  randomPart,
  runsPart,
  sweepsPart,
  kernelsPart,
];

const usage = `npm run bench -- [${parts.map(({ name }) => name).join("|")} ...] [--json] [--work A,B,C] [--write-readme] [--check]

Without a part all are run. --json: one JSON document on stdout. --work: only these works (A two-layer, B bottleneck, C dense three-layer).
--write-readme: also writes the tables to bench/README.md. --check: checks that all programs compute the same step, and measures nothing.
PYTHON names the peers' interpreter, CXX the compiler that measures the peak.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      work: { type: "string", default: Object.keys(letters).join(",") },
      "write-readme": { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const works = values.work.split(",").filter((letter): letter is keyof typeof letters => letter in letters);
  const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));
  if (values.help || unknown.length > 0 || works.length === 0) {
    process.stderr.write(usage);
    return values.help ? 0 : 2;
  }
  const progress = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const print = values.json ? () => {} : (line: string) => process.stdout.write(`${line}\n`);
  const machine = describeMachine();
  const peers = await openPeers(machine, 1);
  try {
    if (peers === null)
      progress("no Python with NumPy found (set PYTHON): the tables have no rows of PyTorch and NumPy");
    else if (!peers.python.hasTorch)
      progress(`${peers.python.command} has no torch: the tables have no rows of PyTorch`);
    const isReferenceBlas = peers?.hello.blas.some((path) => /\/blas\/libblas/.test(path)) ?? false;
    if (isReferenceBlas) {
      progress(
        "the peers' BLAS is the slow reference implementation, so the comparison is not fair: apt install libopenblas0-pthread",
      );
    }
    if (values.check) {
      if (peers === null) return 1;
      return (await checkSteps(peers, (text) => process.stdout.write(`${text}\n`))) === 0 ? 0 : 1;
    }
    const peak = measurePeak();
    if (peak === null) progress("no C++ compiler found (set CXX): the machine's peak is unknown");
    const bench: Bench = { machine, peak, peers, works, progress };
    const engines = enginesHere();
    if (!engines.includes("native")) {
      progress("the native engine does not work here (meanfield doctor says why), so the tables have no rows of it");
    }
    const circumstances = {
      machine,
      engines,
      peakGigaflops: peak,
      peer: peers === null ? null : { ...peers.hello, command: peers.python.command },
    };
    print(describe(circumstances));
    const results = new Map<Part, PartResult>();
    for (const part of parts) {
      if (positionals.length > 0 && !positionals.includes(part.name)) continue;
      print(`\n${part.title}`);
      results.set(part, await part.run(bench, print));
    }
    if (values.json) {
      const rows = Object.fromEntries([...results].map(([part, result]) => [part.name, result.rows]));
      process.stdout.write(`${JSON.stringify({ ...circumstances, ...rows }, null, 1)}\n`);
    }
    if (values["write-readme"]) writeReadme(results, describe(circumstances));
    return 0;
  } finally {
    peers?.close();
  }
}

function describe({
  machine,
  engines,
  peakGigaflops: peak,
  peer,
}: {
  machine: Bench["machine"];
  engines: string;
  peakGigaflops: Bench["peak"];
  peer: {
    readonly torch?: string;
    readonly numpy: string;
    readonly python: string;
    readonly capability?: string;
  } | null;
}): string {
  const rate = peak === null ? "unknown" : `${peak.f32} GFLOP/s f32, ${peak.f64} f64 a core`;
  const torch = peer?.torch === undefined ? "" : `PyTorch ${peer.torch} (${peer.capability}), `;
  const programs = peer === null ? "no peers" : `${torch}NumPy ${peer.numpy}, Python ${peer.python}`;
  return `${machine.cpu} (${machine.cores} cores, ${machine.instructions}; FMA peak ${rate}), ${machine.platform}, Node.js ${machine.node}; engines ${engines}; ${programs}`;
}

process.exitCode = await main();
