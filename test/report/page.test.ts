import { describe, expect, it } from "vitest";
import { reportPage } from "../../src/report/page.ts";
import type { ReportedRun } from "../../src/report/reported-run.ts";
import { verdictSentence } from "../../src/report/status-section.ts";
import type { Claim, Verdict } from "../../src/scenario/claim.ts";
import { completedRun, divergedRun, unfinishedRun } from "./example-runs.ts";

const nasty = `"><script>alert('x')</script><img src=http://evil.test/x onerror=y>`;

describe("reportPage", () => {
  it("shows status, results, claims, parameters, provenance, sources and commands of a finished run", () => {
    const page = reportPage(completedRun, []);
    for (const text of [
      "2 of 4 claims hold, 1 fails, 1 is inconclusive.",
      "1180 ± 37",
      "(4.91 [4.67, 5.15])×10⁻⁶",
      "reaches a loss ≤ 10⁻⁵.",
      '<th scope="row" role="rowheader"><code>clip</code></th><td role="cell">none</td><td role="cell" class="small">largest gradient</td>',
      '<td role="cell"><strong>1024</strong> <span class="soft">neurons</span><br><span class="soft">default 4096</span></td>',
      '<td role="cell">0.3 <span class="soft">mean-field time</span></td><td role="cell" class="small">eta ≤ 1</td>',
      "atlas, linux x64, AMD EPYC 7763 64-Core Processor, 16 cores",
      "d4605b1e0c6a, with uncommitted changes",
      "4 min 10 s",
      "bottleneck 3 min 30 s; two-layer 38.3 s",
      "meanfield run depth-separation dimension=10 firstLayerWidth=1024 secondLayerWidth=16 stepSize=0.3 cutoff=3 widths=64,256,1024 start=antithetic-frames clip=none float32=false seed=7 --arithmetic fused",
      "native (AVX-512), fused multiply-add, float64",
      "meanfield repeat runs/depth-separation/8c1f20a94be7",
    ]) {
      expect(page).toContain(text);
    }
  });

  it("tells verdicts by word and sign, not by colour alone", () => {
    const page = reportPage(completedRun, []);
    expect(page).toContain('<span aria-hidden="true">✓</span> holds');
    expect(page).toContain('<span aria-hidden="true">✗</span> fails');
    expect(page).toContain('<span aria-hidden="true">?</span> inconclusive');
  });

  it("says at the top that a run diverged, why and where, and shows its records", () => {
    const page = reportPage(divergedRun, []);
    expect(page.indexOf("This run diverged.")).toBeLessThan(page.indexOf("<h2"));
    expect(page).toContain("try a smaller stepSize than 0.3 &amp; clip &lt;gradients&gt;.");
    expect(page).toContain("In member two-layer; last finite step 41; code diverged");
    expect(page).toContain("Last records");
  });

  it("says at the top that a run has not finished", () => {
    const page = reportPage(unfinishedRun, []);
    expect(page.indexOf("This run has not finished.")).toBeLessThan(page.indexOf("<h2"));
    expect(reportPage({ ...unfinishedRun, metrics: [] }, [])).toContain("no records were written");
  });

  it("loads nothing: every address is a plain link to a source", () => {
    const page = reportPage(completedRun, []);
    const withoutLinks = page.replace(
      /<a href="https:\/\/arxiv\.org\/abs\/2304\.01063" rel="noopener noreferrer">/g,
      "",
    );
    expect(withoutLinks).not.toMatch(/https?:\/\/|\/\/[a-z]|src=|<link|<script|@import|url\(/);
    expect(page).toContain("default-src 'none'");
  });

  it("escapes every text that comes from a scenario or a machine", () => {
    const page = reportPage(poisoned(), [{ id: "x", caption: nasty, problem: nasty }]);
    expect(page).not.toMatch(/<script|<img/);
    expect(page.match(/&quot;&gt;&lt;script&gt;/g)!.length).toBeGreaterThan(15);
  });

  it("makes no link of an address that is not on the web", () => {
    const run = {
      ...completedRun,
      config: { ...completedRun.config, sources: [{ key: "k", text: "t", url: "javascript:alert(1)" }] },
    };
    expect(reportPage(run, [])).not.toContain("javascript:");
  });

  it("quotes the command line for a shell and marks the short form and a stored scenario", () => {
    const config = {
      ...completedRun.config,
      short: true,
      bundle: "scenario.mjs",
      parameters: { note: "it's $HOME" },
      seed: "a b",
    };
    const page = reportPage({ ...completedRun, config }, []);
    expect(page).toContain(
      "meanfield run SCENARIO.ts --short &#39;note=it&#39;\\&#39;&#39;s $HOME&#39; &#39;seed=a b&#39;",
    );
    expect(page).toContain("is stored here as <code>scenario.mjs</code>");
    expect(page).toContain("The short form of the scenario");
  });

  it("has one h1, sections headed by h2 with h3 inside, and a scope on every table header", () => {
    const page = reportPage(completedRun, []);
    expect(Array.from(page.matchAll(/<h(\d)/g), ([, level]) => level).join("")).toMatch(/^1(23*)+$/);
    for (const [header] of page.matchAll(/<th\b[^>]*>/g)) expect(header).toContain("scope=");
    const ids = Array.from(page.matchAll(/ id="([^"]*)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of page.matchAll(/aria-labelledby="([^"]*)"/g)) expect(ids).toContain(target);
  });
});

describe("verdictSentence", () => {
  const of = (...verdicts: readonly Verdict[]) =>
    verdictSentence({ claims: verdicts.map((verdict) => ({ verdict }) as Claim & { pass: null }) });

  it("counts what holds, fails and stays open", () => {
    expect(of()).toBe("This run makes no claims.");
    expect(of("holds")).toBe("1 of 1 claim holds.");
    expect(of("holds", "holds")).toBe("2 of 2 claims hold.");
    expect(of("fails")).toBe("0 of 1 claim holds, 1 fails.");
    expect(of("holds", "fails", "fails", "inconclusive", "inconclusive")).toBe(
      "1 of 5 claims holds, 2 fail, 2 are inconclusive.",
    );
  });
});

/** The finished run with a script in every text. */
function poisoned(): ReportedRun {
  const poison = (value: unknown): unknown => {
    if (typeof value === "string") return nasty;
    if (Array.isArray(value)) return value.map(poison);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, poison(each)]));
  };
  const run = poison(completedRun) as ReportedRun;
  return { ...run, result: { ...run.result!, status: "completed", summary: { [nasty]: 1, text: nasty } } };
}
