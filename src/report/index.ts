export { type DrawOptions, drawFigure, figureNotes } from "./draw-figure.ts";
export { expectedText } from "./expected-text.ts";
export { formatDuration, formatInterval, formatMeasured, formatNumber, type NumberStyle } from "./number.ts";
export { verdictSentence } from "./status-section.ts";
export { cellText } from "./summary-cell.ts";
export { type SummaryTable, summaryLayout } from "./summary-layout.ts";
export { type SweepFigureOptions, sweepFigure } from "./sweep-figure.ts";
export { formatTable, type TextTable } from "./table.ts";
export { type WrittenReport, writeReport } from "./write-report.ts";
