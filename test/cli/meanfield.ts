import { vi } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.ts";

/** A command line in this process: its exit code and what it wrote. */
export async function meanfield(...words: string[]) {
  let stdout = "";
  let stderr = "";
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      stdout += text;
      return true;
    }),
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      stderr += text;
      return true;
    }),
  ];
  await runCommandLine(words);
  for (const spy of spies) spy.mockRestore();
  return { code: process.exitCode, stdout, stderr };
}
