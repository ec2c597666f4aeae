import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";

/** Builds once before the tests: workers are compiled code, and a stale build would be tested silently. */
export default function build(): void {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-b"], { cwd: new URL("..", import.meta.url), stdio: "inherit" });
}
