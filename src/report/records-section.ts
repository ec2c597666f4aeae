import type { Measured } from "../error-budget/terms.ts";
import type { MetricsLine } from "../runs/index.ts";
import { type Html, html } from "./html.ts";
import { formatMeasured, formatNumber } from "./number.ts";
import { recordsBySimulation } from "./record-figure.ts";

const columns = [
  ["meanField", "mean-field"],
  ["cross", "cross"],
  ["discretization", "discretisation"],
  ["timeStep", "time step"],
  ["sampling", "sampling"],
  ["trajectoryGap", "trajectory gap"],
  ["correctedTrajectoryGap", "corrected gap"],
] as const;

const mostRows = 100;

/** The last record of every simulation, with the parts of its loss; null when nothing was recorded. */
export function recordsSection(metrics: readonly MetricsLine[]): Html | null {
  if (metrics.length === 0) return null;
  const simulations = [...recordsBySimulation(metrics)];
  const shown = simulations.slice(0, mostRows);
  const used = columns.filter(([key]) => shown.some(([, lines]) => lines[lines.length - 1].budget[key] !== null));
  return html`<section aria-labelledby="records"><h2 id="records">Last records</h2>
<p>The last line of each simulation in <code>metrics.jsonl</code>: loss with its standard error, and the parts of the loss that were measured.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="records"><table class="small"><thead><tr><th scope="col">simulation</th><th scope="col" class="number">records</th><th scope="col" class="number">step</th><th scope="col" class="number">time</th><th scope="col" class="number">loss</th>${used.map(
    ([, label]) => html`<th scope="col" class="number">${label}</th>`,
  )}</tr></thead><tbody>${shown.map(([name, lines]) => {
    const last = lines[lines.length - 1];
    return html`
<tr><th scope="row">${name}</th><td class="number">${lines.length}</td><td class="number">${last.step}</td><td class="number">${formatNumber(last.time, 5, "typeset")}</td><td class="number">${formatMeasured(last.loss, last.lossError, "typeset")}</td>${used.map(
      ([key]) => html`<td class="number">${term(last.budget[key])}</td>`,
    )}</tr>`;
  })}</tbody></table></div>
${simulations.length > mostRows ? html`<p class="soft small">The first ${mostRows} of ${simulations.length} simulations.</p>` : null}</section>`;
}

function term(measured: Measured | null): string {
  return measured === null ? "–" : formatMeasured(measured.value, measured.error, "typeset");
}
