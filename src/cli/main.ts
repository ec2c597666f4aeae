import { runCommandLine } from "./command-line.ts";

// A reader that has seen enough, such as `head`, closes the pipe: that is no reason to lose a run. A document that a full disk swallows is.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  process.stderr.write(`error: standard output could not be written: ${error.message}\n`);
  process.exitCode = 1;
});
process.stderr.on("error", () => {});

await runCommandLine(process.argv.slice(2));
