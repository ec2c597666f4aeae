import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pointTable, readTableSource, recordTable } from "../../src/sweeps/index.ts";
import type { Table } from "../../src/tables/index.ts";
import { record, storeRun, storeSweep } from "./stored-sweep.ts";

let out = "";
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), "tables-test-"));
  storeSweep(
    join(out, "sweep"),
    { width: "8,16", time: "0.5,2", cutoff: "none,3", seed: "0..1" },
    ({ width, time }, seed) => {
      if (width === "16" && seed === 1)
        return time === "2" ? null : { status: "diverged", records: [record({ step: 7 })] };
      return {
        summary: { loss: 1 / Number(width), count: 3, nested: { isFlat: seed === 0, name: "a", list: [1, null] } },
        seconds: 2,
        records: [
          record({ step: 0, time: 0, observables: { alpha: 1, width: 4, loss: 9 } }),
          record({ step: 5, time: 0.25, simulation: "wide", observables: { alpha: null, extra: seed } }),
        ],
      };
    },
  );
  storeRun(join(out, "run"), { width: 4, cutoff: 2.5, label: "x" }, "text", {
    summary: { loss: 3 },
    records: [record()],
  });
});
afterAll(() => rmSync(out, { recursive: true }));

const typesOf = ({ columns }: Table) => Object.fromEntries(columns.map(({ name, type }) => [name, type]));
function objects(table: Table) {
  return [...table.rows()].map((row) => Object.fromEntries(table.columns.map(({ name }, place) => [name, row[place]])));
}

describe("the table of points", () => {
  it("has swept values, seed, status, time and every number of the summary, each column of one type", () => {
    const table = pointTable(readTableSource([join(out, "sweep")]));
    expect(typesOf(table)).toEqual({
      scenario: "text",
      sweep: "text",
      id: "text",
      status: "text",
      seconds: "number",
      width: "integer",
      time: "number",
      // The first point says that it is a text: `none`.
      cutoff: "text",
      seed: "integer",
      loss: "number",
      count: "integer",
      "nested.isFlat": "boolean",
      "nested.name": "text",
      "nested.list.0": "integer",
      "nested.list.1": "number",
    });
    const rows = objects(table);
    expect(rows.length).toBe(16);
    expect(rows[0]).toMatchObject({
      scenario: "made-up",
      sweep: "5eed".repeat(4),
      status: "completed",
      seconds: 2,
      width: 8,
      time: 0.5,
      seed: 0,
      loss: 0.125,
      "nested.isFlat": true,
      "nested.list.1": null,
    });
    expect(rows.filter(({ status }) => status === "missing")).toHaveLength(2);
    expect(rows.filter(({ status }) => status === "diverged").map(({ loss }) => loss)).toEqual([null, null]);
  });

  it("takes a folder of sweeps and runs, each with what it has, and each run once", () => {
    const table = pointTable(readTableSource([out, join(out, "run")]));
    expect(typesOf(table)).toMatchObject({ width: "integer", cutoff: "text", label: "text", seed: "text" });
    const rows = objects(table);
    expect(rows.length).toBe(17);
    expect(rows.find(({ sweep }) => sweep === null)).toMatchObject({
      width: 4,
      label: "x",
      seed: "text",
      status: "completed",
      loss: 3,
      time: null,
      cutoff: "2.5",
    });
  });

  it("takes none of a parameter that is a number for no value", () => {
    storeSweep(join(out, "limits"), { cutoff: "2.5,none,3" }, () => ({}));
    const table = pointTable(readTableSource([join(out, "limits")]));
    expect(typesOf(table).cutoff).toBe("number");
    expect(objects(table).map(({ cutoff }) => cutoff)).toEqual([2.5, null, 3]);
    rmSync(join(out, "limits"), { recursive: true });
  });

  it("has its first columns where nothing has ended", () => {
    storeSweep(join(out, "empty", "sweep"), { width: "8" }, () => null, { hasFolders: false });
    const table = pointTable(readTableSource([join(out, "empty")]));
    expect(typesOf(table)).toMatchObject({ id: "text", width: "integer", seed: "integer" });
    expect(objects(table)).toMatchObject([{ status: "missing", width: 8, seconds: null }]);
    rmSync(join(out, "empty"), { recursive: true });
  });
});

describe("the table of records", () => {
  it("has one row a record of every point, with the budget and its errors, and observables beside columns of their names", () => {
    const table = recordTable(readTableSource([join(out, "sweep")]));
    expect(typesOf(table)).toMatchObject({
      width: "integer",
      "parameters.time": "number",
      time: "number",
      step: "integer",
      member: "text",
      discretization: "number",
      discretizationError: "number",
      sampling: "number",
      alpha: "number",
      extra: "number",
      "observables.width": "number",
      "observables.loss": "number",
    });
    expect(table.columns.filter(({ name }) => name.startsWith("trajectory."))).toEqual([]);
    const rows = objects(table);
    expect(rows.length).toBe(12 * 2 + 2);
    expect(rows[1]).toMatchObject({
      width: 8,
      "parameters.time": 0.5,
      seed: 0,
      member: "main",
      simulation: "wide",
      step: 5,
      time: 0.25,
      loss: 1.5,
      lossError: 0.5,
      meanField: 0.25,
      meanFieldError: 0.025,
      timeStep: null,
      timeStepError: null,
      alpha: null,
      extra: 0,
      "observables.width": null,
    });
    expect(rows[0]).toMatchObject({ simulation: null, "observables.width": 4, "observables.loss": 9, extra: null });
    expect([...table.rows()].length).toBe(rows.length);
  });

  it("has the six terms of the trajectory split where they were measured", () => {
    const terms = ["gap", "timeStep", "meanField", "gapTimeStep", "gapMeanField", "timeStepMeanField"];
    const trajectory = Object.fromEntries(terms.map((name, place) => [name, { value: place, error: place / 2 }]));
    const budget = { ...(record() as { budget: object }).budget, trajectory };
    storeRun(join(out, "split"), {}, 1, { records: [record({ budget }), record()] });
    const rows = objects(recordTable(readTableSource([join(out, "split")])));
    expect(rows[0]).toMatchObject({
      "trajectory.gap": 0,
      "trajectory.timeStepMeanField": 5,
      "trajectory.timeStepMeanFieldError": 2.5,
    });
    expect(rows[1]).toMatchObject({ "trajectory.gap": null });
    rmSync(join(out, "split"), { recursive: true });
  });

  it("refuses records that are not those of the result", () => {
    storeRun(join(out, "torn"), {}, 1, { records: [record()] });
    appendFileSync(join(out, "torn", "metrics.jsonl"), "{}\n");
    expect(() => recordTable(readTableSource([join(out, "torn")]))).toThrow("its checksum is wrong");
    rmSync(join(out, "torn"), { recursive: true });
  });
});
