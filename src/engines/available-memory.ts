import { totalmem } from "node:os";

/** Bytes that this process can have at most: the machine's memory, or the limit of its control group where that is less. */
export function availableMemory(): number {
  // Without a limit the system answers with 0, with nothing, or with a number beyond any memory.
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 ? Math.min(totalmem(), limit) : totalmem();
}

/** `640 B`, `15.6 GiB`: three digits in the largest unit that leaves at least one before the point. */
export function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const shown = value >= 100 || unit === 0 ? Math.round(value) : Number(value.toPrecision(3));
  return `${shown} ${units[unit]}`;
}
