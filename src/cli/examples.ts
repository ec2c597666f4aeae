/** What stands below a command's options: lines to copy. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  meanfield ${line}`).join("\n")}`;
}
