/**
 * How this command writes: colours on terminals only, nothing wider than 80 columns that need not be.
 *
 * @module
 */
import { relative } from "node:path";
import pc from "picocolors";

/** Colours; they do nothing in pipes, with NO_COLOR, and where TERM is dumb. */
export const color = pc.createColors(pc.isColorSupported && process.stdout.isTTY === true);

/** Colours of the error stream. */
export const errorColor = pc.createColors(pc.isColorSupported && process.stderr.isTTY === true);

/** The columns that text may fill: the terminal's, 80 in pipes, never fewer than 40 nor more than 100. */
export function columns(): number {
  return Math.max(40, Math.min(process.stdout.columns ?? 80, 100));
}

/** `12,345 bytes` */
export function bytes(count: number): string {
  return `${count.toLocaleString("en")} ${count === 1 ? "byte" : "bytes"}`;
}

/** `3 imports`; `forms` are the singular and, when it does not end in s, the plural. */
export function count(number: number, ...forms: [string, string?]): string {
  return `${number} ${number === 1 ? forms[0] : (forms[1] ?? `${forms[0]}s`)}`;
}

/** A file as a person in this folder would name it. */
export function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") ? file : path;
}

/**
 * Breaks text into lines of the terminal's width. The first begins after `first` columns that are taken, later ones with
 * `indent` spaces.
 */
export function wrap(text: string, indent = 0, first = indent): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = columns() - (lines.length === 0 ? first : indent);
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${" ".repeat(indent)}`);
}

/** Text whose paragraphs are broken anew for a narrow terminal; indented lines and those before them stay. */
export function reflow(text: string): string {
  return text
    .split("\n\n")
    .map((part) =>
      /^ /m.test(part) ? part : part.replace(/\S[^]*\S/, (words) => wrap(words.replaceAll("\n", " "))),
    )
    .join("\n\n");
}
