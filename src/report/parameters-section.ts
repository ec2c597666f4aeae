import type { RunConfig } from "../runs/index.ts";
import type { ParameterEntry } from "../scenario/index.ts";
import { commandValue } from "./command-line.ts";
import { type Html, html } from "./html.ts";
import { typesetText } from "./typeset.ts";

/** The parameters, exactly as they entered the run, with units and meaning; a value other than the default is marked, and the default named. */
export function parametersSection({ parameters, parameterEntries, short }: RunConfig): Html {
  const rows = parameterEntries.map((entry) => parameterRow(entry, commandValue(parameters[entry.name])));
  // The roles are spelled out because narrow screens turn the rows into blocks, which takes a table's meaning from it.
  return html`<section aria-labelledby="parameters"><h2 id="parameters">Parameters</h2>
${short ? html`<p>The short form of the scenario: it takes seconds, and its tolerances are those of that size.</p>` : null}
${
  rows.length === 0
    ? html`<p class="soft">None.</p>`
    : html`<p class="soft small">In bold: values other than the default.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="parameters"><table class="parameters" role="table"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">parameter</th><th scope="col" role="columnheader">value</th><th scope="col" role="columnheader">meaning</th></tr></thead><tbody role="rowgroup">${rows}</tbody></table></div>`
}</section>`;
}

function parameterRow(entry: ParameterEntry, value: string): Html {
  const standard = commandValue(entry.default);
  const isChanged = value !== standard;
  const unit = entry.unit === null || value === "none" ? null : html` <span class="soft">${entry.unit}</span>`;
  const instead = isChanged ? html`<br><span class="soft">default ${standard}</span>` : null;
  // A default that depends on other parameters reads as a rule.
  const rule = entry.defaultText === standard ? "" : ` (default: ${entry.defaultText})`;
  return html`
<tr role="row"><th scope="row" role="rowheader"><code>${entry.name}</code></th><td role="cell">${isChanged ? html`<strong>${value}</strong>` : value}${unit}${instead}</td><td role="cell" class="small">${typesetText(entry.help + rule)}</td></tr>`;
}
