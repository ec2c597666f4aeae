import type { Claim, Verdict } from "../scenario/index.ts";
import { expectedText } from "./expected-text.ts";
import { type Html, html } from "./html.ts";
import { formatInterval } from "./number.ts";
import { typesetText } from "./typeset.ts";

const icons: Readonly<Record<Verdict, string>> = { holds: "✓", fails: "✗", inconclusive: "?" };

/** The claims with what was measured and expected; null when there are none. The verdict is a word and a sign, never colour alone. */
export function claimsSection(claims: readonly Claim[]): Html | null {
  if (claims.length === 0) return null;
  // The roles are spelled out because narrow screens turn the rows into blocks, which takes a table's meaning from it.
  return html`<section aria-labelledby="claims"><h2 id="claims">Claims</h2>
<table class="claims" role="table"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">Verdict</th><th scope="col" role="columnheader">Claim</th><th scope="col" role="columnheader">Measured</th><th scope="col" role="columnheader">Expected</th></tr></thead>
<tbody role="rowgroup">${claims.map(claimRow)}</tbody></table></section>`;
}

function claimRow(claim: Claim): Html {
  return html`
<tr role="row" id="claim-${claim.id}"><td role="cell" class="verdict ${claim.verdict}"><span aria-hidden="true">${icons[claim.verdict] ?? ""}</span> ${claim.verdict}</td>
<th role="rowheader" scope="row">${typesetText(claim.statement)}<br><span class="soft small">${claim.source}</span></th>
<td role="cell" class="measured" data-label="measured">${formatInterval(claim.measured, claim.low, claim.high, "typeset")}</td>
<td role="cell" data-label="expected">${expectedText(claim, "typeset")}</td></tr>`;
}
