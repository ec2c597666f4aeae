import { type ChildProcess, spawn } from "node:child_process";

/** What a process of the command line left. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line `bin` as a user does; `watch` sees each piece of standard output as it comes. */
export function runProcess(
  bin: string,
  words: readonly string[],
  cwd: string,
  watch: (child: ChildProcess, stdout: string) => void = () => {},
): Promise<ProcessEnd> {
  const child = spawn(process.execPath, [bin, ...words], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    watch(child, stdout);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
