import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A real Slurm of two nodes on this machine, n1 and n2. */
export interface Cluster {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Runs one of Slurm's commands and returns what it prints. */
  run(command: string, ...words: readonly string[]): string;
  /** Kills a node's daemon, as a machine that loses power does; its jobs' processes are up to the caller. */
  killNode(node: "n1" | "n2"): void;
  startNode(node: "n1" | "n2"): void;
  stop(): void;
}

const script = (name: string) => join(import.meta.dirname, name);

/** Programs of Slurm's that are not installed, as a sentence; null if all are. */
export function missingPrograms(): string | null {
  // Daemons stand where a normal user's PATH does not look.
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin", "/usr/local/sbin"];
  const programs = ["sbatch", "squeue", "scancel", "slurmctld", "slurmd", "munged"];
  const missing = programs.filter((program) => !folders.some((path) => existsSync(join(path, program))));
  return missing.length === 0 ? null : `${missing.join(", ")}: not installed`;
}

/** Starts a cluster, or says why that is not possible here. */
export function startCluster(): Cluster | string {
  const folder = mkdtempSync(join(tmpdir(), "slurm-test-"));
  const env = { ...process.env, SLURM_CONF: join(folder, "slurm.conf") };
  const bash = (name: string, ...words: readonly string[]) =>
    execFileSync("bash", [script(name), folder, ...words], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
  const stop = () => {
    bash("down.sh");
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    bash("up.sh");
  } catch (error) {
    stop();
    return error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
  }
  return {
    env,
    run: (command, ...words) => execFileSync(command, words, { env, encoding: "utf8", timeout: 20_000 }),
    killNode: (node) =>
      process.kill(Number(readFileSync(join(folder, "run", `slurmd.${node}.pid`), "utf8")), "SIGKILL"),
    startNode: (node) => {
      bash("node-up.sh", node);
    },
    stop,
  };
}

/** A command line that runs. */
export interface Running {
  readonly child: ChildProcess;
  text(): string;
  readonly end: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Starts the command line `bin`. */
export function start(bin: string, words: readonly string[], cwd: string, env: Cluster["env"]): Running {
  const child = spawn(process.execPath, [bin, ...words], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const end = new Promise<Awaited<Running["end"]>>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, text: () => `${stdout}\n${stderr}`, end };
}

/** Waits until `condition` gives something other than null and false; throws after a minute. */
export async function until<Value>(what: string, condition: () => Value | null | false): Promise<Value> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(50)) {
    const value = condition();
    if (value !== null && value !== false) return value;
  }
  throw new Error(`waited in vain for ${what}`);
}

/** The bytes of everything below a sweep's points that must be equal on repetition. */
export function resultFiles(dir: string): Record<string, string> {
  const points = join(dir, "points");
  const names = readdirSync(points, { recursive: true, encoding: "utf8" }).filter(
    (path) => /(metrics\.jsonl|figures\.json|result\.json|\.npy)$/.test(path) && !path.includes("members"),
  );
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(points, name), "latin1")]));
}

/** Paths below a sweep's points that match. */
export function pathsIn(dir: string, pattern: RegExp): readonly string[] {
  const points = join(dir, "points");
  if (!existsSync(points)) return [];
  return readdirSync(points, { recursive: true, encoding: "utf8" }).filter((path) => pattern.test(path));
}

/** What the tasks of a sweep have said, by submission and task. */
export function logs(dir: string): Record<string, string> {
  const folder = join(dir, "slurm");
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".out"));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}
