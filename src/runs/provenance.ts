import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { arch, availableParallelism, cpus, hostname, platform } from "node:os";
import { join } from "node:path";
import type { EngineUse } from "../engines/index.ts";
import { sha256 } from "../scenario/index.ts";
import { installationRoot } from "../threads/index.ts";
import type { RunProvenance } from "./files.ts";

/** What does not change while a process lives: found once, since asking git takes longer than a small run. */
let installation: Pick<RunProvenance, "meanfield" | "commit" | "dirty" | "lockHash"> | undefined;

/** Where a run is computed and with what. What cannot be found out, such as the commit on a machine without git, is null. */
export function currentProvenance(
  threads: number,
  packages: Readonly<Record<string, string>>,
  engine: EngineUse,
): RunProvenance {
  installation ??= describeInstallation();
  return {
    ...installation,
    node: process.versions.node,
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    engine,
    used: [],
    threads,
    host: hostname(),
    packages,
  };
}

function describeInstallation(): NonNullable<typeof installation> {
  const root = installationRoot();
  const commit = git(root, "rev-parse", "HEAD");
  const changes = commit === null ? null : git(root, "status", "--porcelain", "--untracked-files=no");
  const lockFile = readOrNull(join(root, "package-lock.json"));
  return {
    meanfield: versionOf(root),
    commit,
    dirty: changes === null ? null : changes !== "",
    lockHash: lockFile === null ? null : sha256(lockFile),
  };
}

function versionOf(root: string): string {
  const description: { readonly version?: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return description.version ?? "unknown";
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function git(folder: string, ...command: string[]): string | null {
  try {
    return execFileSync("git", ["-C", folder, ...command], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 5000,
    }).trim();
  } catch {
    return null;
  }
}
