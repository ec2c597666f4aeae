import { fontStack } from "./drawing-style.ts";

/** The page's one style sheet: light and dark, from 360 px to wide screens, and on paper. Plots keep a light card, since their ink is dark. */
export const pageStyle = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --soft: #565e68; --rule: #d5d9de; --tint: #f4f6f8;
  --good: #116b3a; --bad: #b3261e; --open: #7a4f00; --link: #0a58a8; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16191d; --ink: #e7eaee; --soft: #a9b1bb; --rule: #3a4149; --tint: #20252b;
    --good: #67d193; --bad: #ff9087; --open: #f0c060; --link: #86bdf5; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 ${fontStack}; overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 .7rem; padding-bottom: .2rem; border-bottom: 1px solid var(--rule); }
h3 { font-size: 1.05rem; margin: 1.4rem 0 .3rem; }
p { margin: .5rem 0; max-width: 45rem; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .88em; }
pre { margin: .5rem 0; padding: .7rem .9rem; background: var(--tint); border: 1px solid var(--rule); border-radius: 4px;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
.small { font-size: .88rem; }
.lead { font-size: 1.15rem; }
.notice { margin: 1rem 0; padding: .7rem 1rem; border: 1px solid var(--rule); border-left: 5px solid var(--bad); background: var(--tint); }
.notice.unfinished { border-left-color: var(--open); }
.notice p { margin: .2rem 0; white-space: pre-line; }
.scroll { overflow-x: auto; max-width: 100%; }
.scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .8rem .35rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); font-weight: normal; }
thead th { font-weight: 600; vertical-align: bottom; }
td.number, th.number { text-align: right; white-space: nowrap; }
th[scope=row] { min-width: 9rem; }
td > table, td > .scroll > table { font-size: .95em; }
td > table tr:last-child > *, td > .scroll > table tr:last-child > * { border-bottom: 0; }
.headline > * { font-weight: 600; }
.parameters td:nth-child(2) { min-width: 12rem; max-width: 20rem; overflow-wrap: anywhere; }
.claims { width: 100%; }
.measured { white-space: nowrap; }
.verdict { font-weight: 600; white-space: nowrap; }
.holds { color: var(--good); } .fails { color: var(--bad); } .inconclusive { color: var(--open); }
figure { margin: 1.4rem 0 2rem; break-inside: avoid; }
.plot { background: #ffffff; border: 1px solid var(--rule); border-radius: 4px; padding: .4rem; width: fit-content; max-width: 100%; overflow-x: auto; }
.plot svg { display: block; max-width: 100%; min-width: 30rem; height: auto; }
figcaption { margin-top: .5rem; max-width: 42rem; font-size: .94rem; }
@media (max-width: 40rem) {
  body { padding: 1rem .75rem 3rem; }
  h1 { font-size: 1.35rem; }
  th[scope=row] { min-width: 6rem; }
  .scroll > table { font-size: .9rem; }
  .scroll th, .scroll td { padding-right: .6rem; }
  .claims thead, .parameters thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .claims tbody, .claims tr, .claims td, .claims th, .parameters tbody, .parameters tr, .parameters td, .parameters th {
    display: block; border: 0; padding: .1rem 0; max-width: none; }
  .claims tr, .parameters tr { padding: .6rem 0; border-bottom: 1px solid var(--rule); }
  .claims td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); }
}
@media print {
  :root { color-scheme: light; --paper: #ffffff; --ink: #000000; --soft: #444444; --rule: #bbbbbb; --tint: #ffffff;
    --good: #000000; --bad: #000000; --open: #000000; --link: #000000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { break-after: avoid; }
  tr { break-inside: avoid; }
  .scroll, .plot { overflow: visible; }
  .plot { border: 0; padding: 0; }
  .plot svg { min-width: 0; }
}
`;
