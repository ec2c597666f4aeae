import type { OwnedRange } from "../engine.ts";

/** The units [start, end) of `count` that part number `part` of `parts` works on: contiguous and as even as whole units allow. */
export function partition(count: number, part: number, parts: number): OwnedRange {
  return [Math.floor((count * part) / parts), Math.floor((count * (part + 1)) / parts)];
}
