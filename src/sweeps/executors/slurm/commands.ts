import { spawn } from "node:child_process";
import { MeanfieldError } from "../../../errors.ts";
import { type QueueRow, queueFormat, readQueueRows } from "./queue-rows.ts";

/** Slurm, as far as a sweep needs it. Every call ends in time, also where no controller answers; each throws `slurm-unavailable`. */
export interface SlurmCommands {
  /** The largest index of an array, plus one. */
  maxArraySize(): Promise<number>;
  /** Submits what the arguments of sbatch describe and returns the job's id. Throws `slurm-refused` with what sbatch said. */
  submit(words: readonly string[]): Promise<string>;
  /** All tasks of the jobs of these names that the controller remembers. */
  queue(jobNames: readonly string[]): Promise<readonly QueueRow[]>;
  /** Cancels jobs: tasks that run are told to leave their checkpoints. */
  cancel(jobs: readonly string[]): Promise<void>;
}

/** How long each command may take: the first question shows quickly whether there is a controller; a busy one may take its time with a submission. */
const limitsMs = { scontrol: 15_000, squeue: 30_000, sbatch: 90_000, scancel: 30_000 } as const;
type Name = keyof typeof limitsMs;

/** What a command left; `code` is null where it took too long. */
interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The commands of the Slurm that this machine belongs to. */
export function slurmCommands(limits: Partial<Record<Name, number>> = {}): SlurmCommands {
  const run = async (name: Name, words: readonly string[]): Promise<CommandEnd> => {
    const limitMs = limits[name] ?? limitsMs[name];
    const end = await runCommand(name, words, limitMs);
    if (end.code !== null) return end;
    throw unavailable(name, `no answer within ${limitMs / 1000} s`);
  };
  const answer = async (name: Name, words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(name, words);
    if (code !== 0) throw unavailable(name, saidBy(stderr) || `it ended with code ${code}`);
    return stdout;
  };
  return {
    async maxArraySize() {
      // Only ping answers at once where there is no controller; everything else first tries for some seconds.
      const { stdout, stderr } = await run("scontrol", ["ping"]);
      if (!/\bis UP\b/.test(stdout))
        throw unavailable("scontrol", saidBy(stderr) || firstLine(stdout) || "no controller");
      const text = await answer("scontrol", ["show", "config"]);
      const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(text)?.[1]);
      return size >= 1 ? size : usualMaxArraySize;
    },
    async submit(words) {
      const { code, stdout, stderr } = await run("sbatch", words);
      // A cluster's own wrapper of sbatch may say something before.
      const job = /^(\d+)(?:;.*)?$/.exec(stdout.trimEnd().split("\n").at(-1) ?? "")?.[1];
      if (code === 0 && job !== undefined) return job;
      const said = saidBy(stderr) || stdout.trim() || `it ended with code ${code}`;
      if (/unable to contact|timed out|temporarily unable|connection refused/i.test(said)) {
        throw unavailable("sbatch", said);
      }
      throw refused(said);
    },
    async queue(jobNames) {
      if (jobNames.length === 0) return [];
      const words = [
        "--noheader",
        "--array",
        "--states=all",
        `--name=${jobNames.join(",")}`,
        `--format=${queueFormat}`,
      ];
      return readQueueRows(await answer("squeue", words));
    },
    async cancel(jobs) {
      if (jobs.length > 0) await answer("scancel", jobs);
    },
  };
}

/** Slurm's own default. */
export const usualMaxArraySize = 1001;

/** Runs a command outside this process's group: Ctrl-C must not cut off a submission of which it is then not known whether it was made. */
function runCommand(name: string, words: readonly string[], limitMs: number): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(name, words, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    let stdout = "";
    let stderr = "";
    const limit = setTimeout(() => {
      child.kill("SIGKILL");
      // What the command has started may hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ code: null, stdout, stderr });
    }, limitMs);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", (error) => {
      clearTimeout(limit);
      reject(unavailable(name, "code" in error && error.code === "ENOENT" ? "no such command here" : error.message));
    });
    child.on("close", (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? 1, stdout, stderr });
    });
  });
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0];
}

/** What a command said, without its own name before each line. */
function saidBy(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.replace(/^\w+: (?:(?:error|fatal): )?/, "").trim());
  return lines.filter((line) => line !== "").join("; ");
}

function unavailable(name: string, what: string): MeanfieldError {
  const suggestion =
    "run this where Slurm's commands reach the controller (scontrol ping tells), or take --executor pool";
  return new MeanfieldError("slurm-unavailable", `${name}: ${what}; ${suggestion}`, {
    path: name,
    got: what,
    suggestion,
  });
}

function refused(said: string): MeanfieldError {
  const suggestion = "change --partition, --time, --mem, --cpus or --sbatch accordingly (sinfo shows what there is)";
  return new MeanfieldError("slurm-refused", `sbatch: ${said}; ${suggestion}`, {
    path: "sbatch",
    got: said,
    suggestion,
  });
}
