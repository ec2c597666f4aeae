import { claimsSection } from "./claims-section.ts";
import { figuresSection, type PageFigure } from "./figures-section.ts";
import { html, trusted } from "./html.ts";
import { pageStyle } from "./page-style.ts";
import { parametersSection } from "./parameters-section.ts";
import { recordsSection } from "./records-section.ts";
import type { ReportedRun } from "./reported-run.ts";
import { provenanceSection, repeatSection, sourcesSection } from "./run-section.ts";
import { statusSection } from "./status-section.ts";
import { resultSection, summarySection } from "./summary-section.ts";

/** The report of a run as one HTML document that needs no other file and no network. The same run and figures give the same text. */
export function reportPage(run: ReportedRun, figures: readonly PageFigure[]): string {
  const { config, result } = run;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${config.title} (${config.scenario}, run ${config.id})</title>
<style>${trusted(pageStyle)}</style>
</head>
<body>
<main>
<header><h1>${config.title}</h1>
<p class="soft small">Scenario <code>${config.scenario}</code>, run <code>${config.id}</code>, seed <code>${String(config.seed)}</code></p></header>
${statusSection(run)}
${result === null ? null : resultSection(result.summary, config.headline)}
${figuresSection(figures)}
${result === null ? null : claimsSection(result.claims)}
${result === null ? null : summarySection(result.summary, config.headline)}
${parametersSection(config)}
${recordsSection(run.metrics)}
${provenanceSection(run)}
${sourcesSection(config)}
${repeatSection(run)}
</main>
</body>
</html>
`.html;
}
