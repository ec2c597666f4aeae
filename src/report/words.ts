/**
 * A key or dotted path as words: `bottleneck.limitLoss` is `bottleneck limit loss`. Names in capitals (`NTK`) keep them, and words end
 * in `-isation`, as in all prose of this toolkit.
 */
export function pathWords(path: string): string {
  return path
    .split(/[._\s]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/)
    .filter((word) => word !== "")
    .map((word) => (/^[A-Z0-9]{2,}$/.test(word) ? word : word.toLowerCase()))
    .join(" ")
    .replace(/ization(s?)\b/g, "isation$1");
}
