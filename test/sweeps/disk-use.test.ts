import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder, lockState } from "../../src/runs/index.ts";
import { diskUse, readSweep, removeFiles } from "../../src/sweeps/index.ts";
import { meanfield } from "../cli/meanfield.ts";
import { record, storeRun, storeSweep } from "./stored-sweep.ts";

let out = "";
let sweep = "";
/** The run folders of the points: two that ended, one that has not. */
let points: readonly string[] = [];
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "clean-test-"));
  sweep = storeSweep(join(out, "sweep"), { width: "8,16,32" }, ({ width }) =>
    width === "32" ? null : { summary: { loss: 1 }, records: [record()] },
  );
  points = readSweep(sweep).points.map(({ id }) => join(sweep, "points", id));
  for (const dir of points) {
    put(dir, "members/main/checkpoint.bin", 1000);
    put(dir, "members/main/metrics.jsonl", 10);
    put(dir, "particles/main.w.npy", 500);
    put(dir, "result.json.tmp", 30);
  }
});
afterEach(() => {
  process.exitCode = 0;
  rmSync(out, { recursive: true });
});

function put(dir: string, path: string, bytes: number): void {
  mkdirSync(join(dir, path, ".."), { recursive: true });
  writeFileSync(join(dir, path), "x".repeat(bytes));
}
/** The lock of a process that is no more. */
function leaveLock(dir: string): void {
  writeFileSync(join(dir, "lock"), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), started: "1" }));
}
const kept = (dir: string) => readdirSync(dir, { recursive: true, encoding: "utf8" }).sort();
const use = (kind: string) => diskUse(sweep).kinds.find((each) => each.kind === kind);

describe("what results take on the disk", () => {
  it("is told by kind, with what can go: checkpoints and temporary files of runs that ended", () => {
    expect(use("checkpoints")).toEqual({
      kind: "checkpoints",
      files: 6,
      bytes: 3030,
      removableFiles: 4,
      removableBytes: 2020,
    });
    expect(use("temporary")).toMatchObject({ files: 3, removableFiles: 2, removableBytes: 60 });
    expect(use("arrays")).toMatchObject({ files: 3, bytes: 1500, removableFiles: 0 });
    expect(use("records")).toMatchObject({ files: 2, removableFiles: 0 });
    expect(use("results")).toMatchObject({ removableFiles: 0 });
    expect(use("other")).toMatchObject({ files: 0 });
    expect(diskUse(sweep).runs).toEqual({ ended: 2, unfinished: 1, running: 0, damaged: 0 });
  });

  it("is less after a removal, which leaves results, records, arrays and all of a run that has not ended", () => {
    leaveLock(points[2]);
    const [first, , unfinished] = points;
    const before = new Map(points.map((dir) => [dir, kept(dir)]));
    expect(removeFiles(diskUse(sweep))).toEqual({ files: 7, bytes: 2080 + readLock().length, skipped: [] });
    const gone = (dir: string) => before.get(dir)?.filter((path) => !kept(dir).includes(path));
    expect(gone(first)).toEqual([
      "members",
      "members/main",
      "members/main/checkpoint.bin",
      "members/main/metrics.jsonl",
      "result.json.tmp",
    ]);
    expect(gone(unfinished)).toEqual(["lock"]);
    expect(diskUse(sweep).removable).toEqual([]);
    expect(readSweep(sweep).points.filter(({ end }) => end?.status === "completed")).toHaveLength(2);
  });

  it("of a run that somebody holds is nothing that can go, whether it was held before or only after the look", () => {
    const report = diskUse(sweep);
    const lock = lockFolder(points[0]);
    try {
      expect(lockState(points[0])).toBe("held");
      expect(diskUse(sweep).runs).toEqual({ ended: 1, unfinished: 1, running: 1, damaged: 0 });
      expect(diskUse(sweep).removable.map(({ run }) => run)).not.toContain(points[0]);
      const before = kept(points[0]);
      expect(removeFiles(report).skipped).toEqual([points[0]]);
      expect(kept(points[0])).toEqual(before);
      expect(existsSync(join(points[1], "members"))).toBe(false);
    } finally {
      lock.release();
    }
    expect(lockState(points[0])).toBe("free");
  });

  it("of a run that was begun again since the look stays, but for its dead lock", () => {
    const report = diskUse(sweep);
    rmSync(join(points[0], "result.json"));
    removeFiles(report);
    expect(existsSync(join(points[0], "members/main/checkpoint.bin"))).toBe(true);
  });

  it("counts a run whose result is damaged, and takes nothing of it", () => {
    writeFileSync(join(points[0], "result.json"), "{}");
    expect(diskUse(sweep).runs).toMatchObject({ ended: 1, damaged: 1 });
    expect(diskUse(sweep).removable.map(({ run }) => run)).not.toContain(points[0]);
  });

  it("leaves the file of somebody who is taking the lock, until it is old", () => {
    const taking = join(points[0], "lock.0123");
    writeFileSync(taking, "{}");
    const isRemovable = () => diskUse(sweep).removable.some(({ path }) => path === taking);
    expect(isRemovable()).toBe(false);
    utimesSync(taking, new Date(0), new Date(0));
    expect(isRemovable()).toBe(true);
  });
});

function readLock(): string {
  leaveLock(out);
  return readFileSync(join(out, "lock"), "utf8");
}

describe("meanfield clean", () => {
  it("only tells without --delete, and removes with it", async () => {
    storeRun(join(out, "run"), {}, 1, { summary: {} });
    put(join(out, "run"), "members/a/checkpoint.bin", 7000);
    const told = await meanfield("clean", out);
    expect([told.code, told.stdout]).toEqual([0, ""]);
    expect(told.stderr).toMatch(/checkpoints +7 +10 kB +9\.02 kB\n/);
    expect(told.stderr).toContain("Runs: 3 ended, 1 unfinished.");
    expect(told.stderr).toContain("Nothing was changed. With --delete 7 files go, 9.08 kB.");
    expect(existsSync(join(out, "run", "members"))).toBe(true);
    const { stdout, stderr } = await meanfield("clean", out, "--delete", "--json");
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ status: "ok", removed: { files: 7, bytes: 9080, skipped: [] } });
    expect(existsSync(join(out, "run", "members"))).toBe(false);
    expect((await meanfield("clean", out, "--delete")).stderr).toContain("Removed: 0 files, 0 B.");
    expect((await meanfield("clean", out)).stderr).toContain("Nothing can go.");
    expect((await meanfield("clean", join(out, "gone"))).code).toBe(1);
  });
});
