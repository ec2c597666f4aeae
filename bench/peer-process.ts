import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { benchFile } from "./repository.ts";

/** A Python that can be a peer. */
export interface Python {
  readonly command: string;
  readonly hasTorch: boolean;
}

/** The first of $PYTHON, python3 and /usr/bin/python3 that has torch, else the first that has NumPy, else null. */
export function findPython(): Python | null {
  const commands = [process.env.PYTHON, "python3", "/usr/bin/python3"].filter((command) => command !== undefined);
  const has = (command: string, modules: string): boolean =>
    spawnSync(command, ["-c", `import ${modules}`]).status === 0;
  for (const command of commands) if (has(command, "torch, numpy")) return { command, hasTorch: true };
  for (const command of commands) if (has(command, "numpy")) return { command, hasTorch: false };
  return null;
}

/** The peers' process: one request a line, one answer a line (bench/peers/server.py). */
export interface PeerProcess {
  /** What sets this process apart, in words: the core that its BLAS was told to be. */
  readonly label: string;
  /** The answer to one request. Throws the peer's own error, or that it has ended. */
  ask<Answer>(request: object): Promise<Answer>;
  close(): void;
}

/** What `hello` answers. */
export interface PeerHello {
  readonly python: string;
  readonly numpy: string;
  readonly torch?: string;
  readonly capability?: string;
  readonly blas: readonly string[];
}

/** The environment of a peer: `threads` threads everywhere, its BLAS told nothing but what `settings` say, and memory kept rather than given back. */
export function peerEnvironment(threads: number, settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(OPENBLAS|OMP|MKL|BLIS|ATEN|KMP)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    OMP_NUM_THREADS: String(threads),
    OPENBLAS_NUM_THREADS: String(threads),
    // Large arrays from a heap that keeps its pages: otherwise autograd pays for fresh pages in every step.
    MALLOC_MMAP_MAX_: "0",
    MALLOC_TRIM_THRESHOLD_: "100000000000",
    ...settings,
  };
}

/** Starts a peer. */
export function startPeer(
  python: Python,
  threads: number,
  label: string,
  settings: Readonly<Record<string, string>>,
): PeerProcess {
  const child: ChildProcess = spawn(python.command, [benchFile("peers", "server.py")], {
    env: peerEnvironment(threads, settings),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("bench: a peer has no pipes");
  const waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  createInterface({ input: stdout }).on("line", (line) => waiting.shift()?.resolve(line));
  const fail = (error: Error): void => {
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  let end: Error | null = null;
  child.on("error", (error) => {
    end = error;
    fail(error);
  });
  child.on("exit", (code, signal) => {
    end = new Error(`the peer "${label}" ended with ${signal ?? code}`);
    fail(end);
  });
  stdin.on("error", () => {});
  return {
    label,
    async ask<Answer>(request: object): Promise<Answer> {
      if (end !== null) throw end;
      const line = await new Promise<string>((resolve, reject) => {
        waiting.push({ resolve, reject });
        stdin.write(`${JSON.stringify(request)}\n`);
      });
      const answer = JSON.parse(line) as Answer & { readonly error?: string };
      if (answer.error !== undefined) throw new Error(`the peer "${label}": ${answer.error}`);
      return answer;
    },
    close: () => stdin.end(),
  };
}
