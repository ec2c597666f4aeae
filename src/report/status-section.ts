import type { RunResult } from "../runs/index.ts";
import type { Verdict } from "../scenario/index.ts";
import { type Html, html } from "./html.ts";
import type { ReportedRun } from "./reported-run.ts";

/** The top of the page: one sentence on the claims, and for a run that did not complete what happened. */
export function statusSection({ result, metrics }: ReportedRun): Html {
  if (result === null) {
    const records = metrics.length === 0 ? "no records were written" : "what was recorded so far is shown below";
    return notice("unfinished", "This run has not finished", `There is no result yet; ${records}.`);
  }
  if (result.status === "completed") return html`<p class="lead">${verdictSentence(result)}</p>`;
  const { error } = result;
  const where =
    error === null
      ? ""
      : [
          error.member === null ? "In the summary, the claims or the figures" : `In member ${error.member}`,
          ...(error.step === null ? [] : [`last finite step ${error.step}`]),
          `code ${error.code}`,
        ].join("; ");
  return html`${notice("", `This run ${result.status}`, error?.message ?? "No reason was recorded.", where)}
${result.claims.length === 0 ? null : html`<p class="lead">${verdictSentence(result)}</p>`}`;
}

/** `3 of 5 claims hold, 1 fails, 1 is inconclusive.` */
export function verdictSentence({ claims }: Pick<RunResult, "claims">): string {
  if (claims.length === 0) return "This run makes no claims.";
  const count = (verdict: Verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  const [holds, fails, open] = [count("holds"), count("fails"), count("inconclusive")];
  const rest = [
    ...(fails === 0 ? [] : [fails === 1 ? "1 fails" : `${fails} fail`]),
    ...(open === 0 ? [] : [open === 1 ? "1 is inconclusive" : `${open} are inconclusive`]),
  ];
  const total = claims.length === 1 ? "1 claim" : `${claims.length} claims`;
  return `${[`${holds} of ${total} ${holds === 1 || claims.length === 1 ? "holds" : "hold"}`, ...rest].join(", ")}.`;
}

function notice(kind: string, heading: string, ...sentences: readonly string[]): Html {
  const shown = sentences.filter((sentence) => sentence !== "");
  return html`<div class="notice ${kind}" role="note"><p><strong>${heading}.</strong></p>
${shown.map((sentence) => html`<p>${sentence}</p>`)}</div>`;
}
