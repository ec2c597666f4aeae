import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** Where a command's words for people go: standard error, so that standard output stays free for documents. */
export interface Terminal {
  /** Columns that text may take, in [40, 200]; elsewhere than on a terminal what COLUMNS says, or else 120. */
  readonly width: number;
  /** True if a person watches: a line may then be drawn over. */
  readonly isInteractive: boolean;
  line(text?: string): void;
  /** Draws over the current line; only where interactive. */
  redraw(text: string): void;
  style(style: Style, text: string): string;
}

const pipeWidth = 120;

/** The terminal of this process. Colour only on a terminal, and not where NO_COLOR is set. */
export function createTerminal(quiet = false): Terminal {
  const { stderr, env } = process;
  const isInteractive = stderr.isTTY === true;
  const hasColor = isInteractive && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  let hasOpenLine = false;
  return {
    get width() {
      const columns = isInteractive && stderr.columns > 0 ? stderr.columns : Number.parseInt(env.COLUMNS ?? "", 10);
      return Math.min(200, Math.max(40, columns > 0 ? columns : pipeWidth));
    },
    isInteractive,
    line(text = "") {
      if (quiet) return;
      stderr.write(`${hasOpenLine ? "\r\x1b[K" : ""}${text}\n`);
      hasOpenLine = false;
    },
    redraw(text) {
      if (quiet || !isInteractive) return;
      // A line that is too long for the window would be followed by the next one instead of drawn over.
      stderr.write(`\r\x1b[K${stderr.columns > 0 ? text.slice(0, stderr.columns - 1) : text}`);
      hasOpenLine = true;
    },
    style: (style, text) => (hasColor ? styleText(style, text, { validateStream: false }) : text),
  };
}

/**
 * A text in lines of at most `width` characters, broken at spaces, each after `indent`; a longer word stands alone.
 * `label` stands before the first line and in place of its spaces before the others.
 */
export function wrap(text: string, width: number, indent = "", label = ""): string {
  if (label !== "")
    return `${indent}${label}${wrap(text, width, indent + " ".repeat(label.length)).slice(indent.length + label.length)}`;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join("\n");
}
