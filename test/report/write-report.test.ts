import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReportedRun } from "../../src/report/reported-run.ts";
import { writeReport, writeRunReport } from "../../src/report/write-report.ts";
import { publishFile, publishJson } from "../../src/runs/index.ts";
import { publishChecked } from "../../src/runs/store.ts";
import { widthLaw } from "./example-figures.ts";
import { completedRun, divergedRun, unfinishedRun } from "./example-runs.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "meanfield-report-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe("writeRunReport", () => {
  it("writes one page and one SVG file a figure, with the same drawing in both and relative links", async () => {
    const { html, svgs } = await writeRunReport(dir, { ...completedRun, figures: [widthLaw] });
    expect(readdirSync(dir).sort()).toEqual(["report.html", "width-law.svg"]);
    expect([html, ...svgs]).toEqual([join(dir, "report.html"), join(dir, "width-law.svg")]);
    const page = readFileSync(html, "utf8");
    const svg = readFileSync(svgs[0], "utf8");
    expect(page).toContain('<a href="width-law.svg">SVG file</a>');
    expect(page).toContain(svg.slice(svg.indexOf("<title"), svg.indexOf("</svg>")));
    expect(page.replace(/<a href="https:[^"]*"/g, "")).not.toMatch(/https?:\/\/|src=|<script|url\(/);
    const ids = Array.from(page.matchAll(/ id="([^"]*)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("gives the same page when written again", async () => {
    const run = { ...completedRun, figures: [widthLaw] };
    const first = readFileSync((await writeRunReport(dir, run)).html, "utf8");
    expect(readFileSync((await writeRunReport(dir, run)).html, "utf8")).toBe(first);
  });

  it("removes the drawings of its predecessor that it does not draw again, and no other file", async () => {
    const folder = join(dir, "again");
    await writeRunReport(folder, { ...completedRun, figures: [widthLaw, { ...widthLaw, id: "second" }] });
    publishFile(join(folder, "own.svg"), "<svg/>");
    await writeRunReport(folder, { ...completedRun, figures: [widthLaw] });
    expect(readdirSync(folder).sort()).toEqual(["own.svg", "report.html", "width-law.svg"]);
  });

  it("draws the recorded losses of a run that diverged", async () => {
    const { html, svgs } = await writeRunReport(dir, divergedRun);
    expect(svgs).toEqual([join(dir, "recorded-loss.svg")]);
    expect(readFileSync(html, "utf8")).toContain("This run diverged.");
  });

  it("names a figure that cannot be drawn, with the reason, and draws the others", async () => {
    const broken = { ...widthLaw, id: "broken", series: [{ ...widthLaw.series[0], y: [1] }] };
    const { html, svgs } = await writeRunReport(dir, { ...completedRun, figures: [broken, widthLaw, widthLaw] });
    const page = readFileSync(html, "utf8");
    expect(svgs).toEqual([join(dir, "width-law.svg")]);
    expect(page).toContain(
      "Figure 1 (broken) could not be drawn.</strong> figure broken.series[0].y: expected 7 values",
    );
    expect(page).toContain("Another figure of this run has the same id");
  });
});

describe("writeReport", () => {
  it("reports a finished run folder with its figures", async () => {
    const folder = runFolder("finished", { ...completedRun, figures: [widthLaw] });
    publishFile(join(folder, "metrics.jsonl"), lines(completedRun));
    publishJson(join(folder, "figures.json"), { figures: [widthLaw], summaryOrder: ["start", "seeds"] }, "figures");
    const { html, svgs } = await writeReport(folder);
    expect(svgs).toEqual([join(folder, "width-law.svg")]);
    const page = readFileSync(html, "utf8");
    expect(page).toContain("2 of 4 claims hold, 1 fails, 1 is inconclusive.");
    // Result files have their keys sorted; the page shows the scenario's own order.
    expect(page.indexOf('title="start"')).toBeLessThan(page.indexOf('title="seeds"'));
  });

  it("shows what the members of an unfinished run have recorded so far", async () => {
    const folder = runFolder("unfinished", unfinishedRun);
    publishFile(join(folder, "members", "two-layer", "metrics.jsonl"), lines(unfinishedRun));
    const { html, svgs } = await writeReport(folder);
    expect(svgs).toEqual([join(folder, "recorded-loss.svg")]);
    const page = readFileSync(html, "utf8");
    expect(page).toContain("This run has not finished.");
    expect(page).toContain('<th scope="row">two-layer</th><td class="number">6</td>');
  });

  it("reports a run that has only just started", async () => {
    const { svgs } = await writeReport(runFolder("started", unfinishedRun));
    expect(svgs).toEqual([]);
  });

  it("refuses a folder that is not a run's", async () => {
    await expect(writeReport(join(dir, "nothing"))).rejects.toMatchObject({ code: "file-failed" });
  });

  it("refuses a result whose checksum is wrong", async () => {
    const folder = runFolder("damaged", completedRun);
    publishJson(join(folder, "result.json"), { ...completedRun.result, checksum: "0".repeat(64) }, "result");
    await expect(writeReport(folder)).rejects.toMatchObject({ code: "run-damaged" });
  });
});

function runFolder(name: string, { config, provenance, timing, result }: ReportedRun): string {
  const folder = join(dir, name);
  publishJson(join(folder, "config.json"), config, "config");
  publishJson(join(folder, "provenance.json"), provenance, "provenance");
  if (timing !== null) publishJson(join(folder, "timing.json"), timing, "timing");
  if (result !== null) publishChecked(join(folder, "result.json"), result, "result");
  return folder;
}

function lines({ metrics }: ReportedRun): string {
  return metrics.map((line) => `${JSON.stringify(line)}\n`).join("");
}
