import { cpSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/**
 * Copies the built installation into `folder` and returns its executable: a run's id depends on the compiled code, which a build that goes on beside the
 * tests must not change between a stop and its resumption.
 */
export function copyInstallation(folder: string): string {
  for (const name of ["bin", "dist", "kernels", "package.json", "package-lock.json"]) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  return join(folder, "bin", "meanfield.js");
}
