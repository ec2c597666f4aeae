import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockFolder } from "../../src/runs/lock.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (owner: unknown) =>
  writeFileSync(join(folder, "lock"), typeof owner === "string" ? owner : JSON.stringify(owner));

describe("a folder's lock", () => {
  it("lets one in at a time, and leaves nothing behind", () => {
    const lock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(
      expect.objectContaining({
        code: "run-locked",
        message: expect.stringContaining(
          `process ${process.pid} on ${hostname()} is writing this run; wait for it to end`,
        ),
      }),
    );
    lock.release();
    lockFolder(folder).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("of a process that has died is taken over", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    write({ pid, host: hostname(), started: null });
    lockFolder(folder).release();
    expect(existsSync(join(folder, "lock"))).toBe(false);
  });

  it.runIf(existsSync("/proc/self/stat"))("of a number that another process has got since is taken over", () => {
    write({ pid: process.pid, host: hostname(), started: "1" });
    lockFolder(folder).release();
  });

  it("of another machine counts while it is touched, and not after two silent minutes", () => {
    write({ pid: 1, host: "another-machine", started: "1" });
    expect(() => lockFolder(folder)).toThrow("process 1 on another-machine");
    const silent = new Date(Date.now() - 130_000);
    utimesSync(join(folder, "lock"), silent, silent);
    lockFolder(folder).release();
  });

  it("that was torn by a crash is taken over", () => {
    write('{"pid":');
    lockFolder(folder).release();
  });

  it("taken over by another is not released", () => {
    const lock = lockFolder(folder);
    write({ pid: 1, host: "another-machine", started: "1" });
    lock.release();
    expect(existsSync(join(folder, "lock"))).toBe(true);
  });
});
