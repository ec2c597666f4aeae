import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatTable } from "../../src/report/index.ts";
import { copyInstallation } from "../cli/installation.ts";
import { type KillSummary, killSweeps } from "./kill-sweeps.ts";

/** `npm run test:kills` sets it; without it the form is short. */
const isFull = process.env.SURVIVAL_KILLS !== undefined;
const kills = Number(process.env.SURVIVAL_KILLS ?? 12);
const seed = process.env.SURVIVAL_SEED ?? "1";

let folder = "";
let bin = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kills-"));
  mkdirSync(join(folder, "installation"));
  bin = copyInstallation(join(folder, "installation"));
  cpSync(new URL("counted.ts", import.meta.url), join(folder, "counted.ts"));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe("a sweep that is killed outright again and again", () => {
  it(
    "is readable after each kill, computes nothing twice but what was in flight, and ends with the bytes of one that nobody killed",
    async () => {
      const summary = await killSweeps({
        kills,
        seed,
        bin,
        folder,
        parameters: [`steps=400,${isFull ? 12_000 : 3000}`, "members=1,3", `seed=0..${isFull ? 11 : 9}`],
        jobs: 2,
        longestMs: isFull ? 1600 : 300,
      });
      console.log(table(summary));
      expect(summary.faults).toEqual([]);
      expect(summary.kills).toBe(kills);
      expect(summary.runsOfASweep).toBeGreaterThanOrEqual(40);
      // Kills that only ever fall between runs would show nothing.
      expect(summary.insideARun).toBeGreaterThan(0);
      expect(summary.runsBegunAgain).toBeLessThanOrEqual(summary.runsInFlight);
    },
    10_000 * kills,
  );
});

function table({ faults, ...counts }: KillSummary): string {
  const rows = Object.entries({ ...counts, faults: faults.length }).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    Number.isInteger(value) ? String(value) : value.toFixed(1),
  ]);
  return formatTable({ header: [`seed ${seed}`, ""], rows }, 80);
}
