import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundledInstallation } from "./bundled-installation.ts";
import { failFiles, failures, filesOf, workOnce } from "./fail-files.ts";

/** `npm run test:files` fails every operation; without it, one here and there. */
const stride = Number(process.env.SURVIVAL_STRIDE ?? 40);

let folder = "";
let library = "";
let scenario = "";
const expected: Record<string, Readonly<Record<string, string>>> = {};
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "failing-"));
  scenario = join(folder, "counted.ts");
  cpSync(new URL("counted.ts", import.meta.url), scenario);
  library = await bundledInstallation(join(folder, "installation"));
  for (const kind of ["sweep", "run"] as const) {
    workOnce({ kind, library, scenario, folder: join(folder, "whole") });
    expected[kind] = filesOf(kind, join(folder, "whole"));
    rmSync(join(folder, "whole"), { recursive: true });
  }
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(["sweep", "run"] as const)("a small %s whose k-th file operation fails, for k = 1, 2, ...", (kind) => {
  it.each(failures.map((how, index) => [how, index] as const))(
    "by %s publishes nothing wrong, names the file, and is gone on with to the same bytes",
    async (how, index) => {
      expect(Object.keys(expected[kind]).length).toBeGreaterThan(3);
      // Each form begins elsewhere, so that the short form looks at many operations.
      const first = 1 + ((index * 7) % stride);
      const summary = await failFiles({
        kind,
        how,
        library,
        scenario,
        first,
        stride,
        folder: join(folder, "work"),
        expected: expected[kind],
      });
      if (stride !== 40) console.log(JSON.stringify({ ...summary, faults: summary.faults.length }));
      expect(summary.faults).toEqual([]);
      expect(summary.failed).toBeGreaterThan(0);
    },
    3_600_000,
  );
});
