import { createRequire } from "node:module";

/** The library under pools and gangs, loaded where the first of them is made: neither a worker nor a run on one thread needs it. */
export function loadPiscina(): typeof import("piscina") {
  return createRequire(import.meta.url)("piscina");
}
