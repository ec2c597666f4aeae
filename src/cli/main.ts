import { runCommandLine } from "./command-line.ts";

// Errors of users' scenarios then show places in their own files, not in the bundle.
process.setSourceMapsEnabled(true);
// A reader that has seen enough, such as `head`, closes the pipe: that is no reason to lose a run.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});

await runCommandLine(process.argv.slice(2));
