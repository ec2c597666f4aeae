import { engineText } from "../engines/index.ts";
import type { RunConfig, RunProvenance, RunTiming } from "../runs/index.ts";
import { repeatCommand, runCommand, scenarioPlaceholder } from "./command-line.ts";
import { type Html, html } from "./html.ts";
import { formatDuration } from "./number.ts";
import type { ReportedRun } from "./reported-run.ts";

/** How to get the same numbers again. */
export function repeatSection({ config, provenance }: Pick<ReportedRun, "config" | "provenance">): Html {
  const place =
    config.bundle === null
      ? null
      : html` Put the path of the scenario's file where <code>${scenarioPlaceholder}</code> stands; the file as it was for this run is stored here as <code>${config.bundle}</code>.`;
  return html`<section aria-labelledby="repeat"><h2 id="repeat">Run it again</h2>
<p>The same parameters and seed give the same numbers to the last bit, on any number of threads and on either of the engines native and wasm in the same arithmetic.${place}</p>
<pre><code>${runCommand(config, provenance)}</code></pre>
<p>Repeat this run and compare every number with the stored ones:</p>
<pre><code>${repeatCommand(config)}</code></pre></section>`;
}

/** Seed, software, machine and time. */
export function provenanceSection({ config, provenance, timing, result }: ReportedRun): Html {
  const rows: (readonly [string, string])[] = [
    ["seed", String(config.seed)],
    ["run id", config.id],
    ["scenario", `${config.scenario}, version ${config.scenarioVersion}`],
    ["code hash", config.codeHash.slice(0, 16)],
    ...(provenance === null ? [] : provenanceRows(provenance, result !== null)),
    ...(timing === null ? [] : timingRows(timing)),
  ];
  return html`<section aria-labelledby="provenance"><h2 id="provenance">Provenance</h2>
${pairs(rows, "provenance")}</section>`;
}

/** The papers and derivations behind the scenario; null when there are none. */
export function sourcesSection({ sources }: RunConfig): Html | null {
  if (sources.length === 0) return null;
  return html`<section aria-labelledby="sources"><h2 id="sources">Sources</h2>
<ul>${sources.map(({ key, text, url }) => html`<li id="source-${key}">${text}${sourceLink(url)}</li>`)}</ul></section>`;
}

/** Only web addresses become links: a `javascript:` address in a scenario file must not run from its report. */
function sourceLink(url: string | undefined): Html | null {
  if (url === undefined || !/^https?:\/\//.test(url)) return null;
  return html` <a href="${url}" rel="noopener noreferrer">${url.replace(/^https?:\/\//, "")}</a>`;
}

function provenanceRows(provenance: RunProvenance, hasEnded: boolean): (readonly [string, string])[] {
  const { commit, dirty, lockHash } = provenance;
  const state = dirty === true ? ", with uncommitted changes" : dirty === null ? "" : ", no uncommitted changes";
  return [
    ["meanfield", provenance.meanfield],
    ["commit", commit === null ? "unknown" : `${commit.slice(0, 12)}${state}`],
    ["dependencies' lock file", lockHash === null ? "unknown" : lockHash.slice(0, 16)],
    ["engine", enginesText(provenance, hasEnded)],
    ["threads", String(provenance.threads)],
    ["Node.js", provenance.node],
    ["machine", `${provenance.host}, ${provenance.platform}, ${provenance.cpu}, ${provenance.cores} cores`],
  ];
}

/** The engines that took steps; of a run that has not ended, the one that takes them. */
function enginesText({ engine, used }: RunProvenance, hasEnded: boolean): string {
  const shown = hasEnded ? used : [engine];
  if (shown.length === 0) return "none: this run took no steps of a simulation";
  return shown.map((use) => `${engineText(use)}${use.precision === "float64" ? ", float64" : ""}`).join("; ");
}

function timingRows({ startedAt, finishedAt, seconds, members }: RunTiming): (readonly [string, string])[] {
  const named = Object.entries(members);
  const longest = named.sort(([, a], [, b]) => b.seconds - a.seconds).slice(0, 8);
  const rest = named.length > longest.length ? `; and ${named.length - longest.length} shorter` : "";
  return [
    ["time taken", formatDuration(seconds)],
    ["started", startedAt],
    ["finished", finishedAt],
    ...(named.length < 2
      ? []
      : [
          [
            "members",
            longest.map(([name, time]) => `${name} ${formatDuration(time.seconds)}`).join("; ") + rest,
          ] as const,
        ]),
  ];
}

function pairs(rows: readonly (readonly [string, string])[], label: string): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="${label}"><table><tbody>${rows.map(
    ([name, value]) => html`
<tr><th scope="row">${name}</th><td>${value}</td></tr>`,
  )}</tbody></table></div>`;
}
