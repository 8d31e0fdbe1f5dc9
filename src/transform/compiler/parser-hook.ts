/**
 * Lets a user's source be lowered before the compiler parses it, while everything that it says of the source keeps the
 * places that the user sees. Tried with 0.28.9 to 0.28.20.
 *
 * @module
 */
import type { Node, Parser, Program, Range, Source } from "assemblyscript";
import * as assemblyscript from "assemblyscript";

/** A message about a part of the original text. */
export interface Remark {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A text that the compiler parses in place of a source, with the way back from its places to the original ones. */
export interface LoweredText {
  readonly text: string;
  /** The place in the original text of a place in the lowered one; `end` when it ends something there. */
  place(offset: number, end: boolean): number;
  /** Constructs that the build does not support, each with a remedy. */
  readonly remarks: readonly Remark[];
}

interface Message {
  code: number;
  message: string;
  range: Range | null;
  relatedRange: Range | null;
}

interface ParserInsides {
  nextFile(): string | null;
  diagnostics: Message[];
  sources: Source[];
  parseFile(text: string | null, path: string, isEntry: boolean): void;
}

interface SourceInsides {
  text: string;
  lineCache: unknown;
}

function insidesOf(program: Program): ParserInsides {
  return (program as unknown as { parser: Parser }).parser;
}

/** Has each file read once: the compiler reads a file as often as files of one round import it, and parses it once. */
export function readFilesOnce(program: Program): void {
  const parser = insidesOf(program);
  const { nextFile } = parser;
  const read = new Set<string>();
  parser.nextFile = function (): string | null {
    let path = nextFile.call(this);
    while (path !== null && read.has(path)) path = nextFile.call(this);
    if (path !== null) read.add(path);
    return path;
  };
}

/**
 * Has each source that the program's parser takes passed to `lower` first; where that answers nothing it is parsed as it
 * is. `parsed` is told when a lowered source was parsed.
 */
export function lowerSources(
  program: Program,
  lower: (text: string, path: string) => LoweredText | undefined,
): void {
  const parser = insidesOf(program);
  const parseFile = parser.parseFile;
  parser.parseFile = function (text, path, isEntry): void {
    const lowered = text === null ? undefined : lower(text, path);
    if (lowered === undefined) return parseFile.call(this, text, path, isEntry);
    const messages = this.diagnostics.length;
    const known = this.sources.length;
    parseFile.call(this, lowered.text, path, isEntry);
    const source = this.sources[known];
    if (source === undefined) return;
    const told = this.diagnostics.slice(messages);
    restorePlaces(source, lowered, told);
    this.diagnostics.length = messages;
    // If a construct is not supported, the compiler's own messages about it do not help.
    if (lowered.remarks.length > 0) this.diagnostics.push(...lowered.remarks.map((r) => remark(r, source)));
    else this.diagnostics.push(...told.filter(({ code }) => code !== TYPE_EXPECTED));
    const insides = source as unknown as SourceInsides;
    insides.text = text!;
    insides.lineCache = null;
  };
}

/** `Type expected.`: types that are not written are found by the front end. */
const TYPE_EXPECTED = 1110;

/** A message of the compiler with a text of ours. */
function remark({ start, end, text }: Remark, source: Source): Message {
  const { Range, DiagnosticMessage } = assemblyscript as unknown as {
    Range: new (start: number, end: number) => { source: Source } & Range;
    DiagnosticMessage: { create(code: number, category: number, text: string): Message };
  };
  const range = new Range(start, end);
  range.source = source;
  const message = DiagnosticMessage.create(NOT_IMPLEMENTED, ERROR, text);
  message.message = text;
  message.range = range;
  return message;
}

/** `Not implemented: {0}`, and the category of errors. */
const NOT_IMPLEMENTED = 100;
const ERROR = 3;

/** Gives all that was made of `source` the places of the original text. */
function restorePlaces(source: Source, lowered: LoweredText, messages: readonly Message[]): void {
  const done = new Set<unknown>();
  const restore = (range: Range | null | undefined): void => {
    if (range === null || range === undefined || range.source !== source || done.has(range)) return;
    done.add(range);
    const start = lowered.place(range.start, false);
    range.end = Math.max(start, range.end > range.start ? lowered.place(range.end, true) : start);
    range.start = start;
  };
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || done.has(value)) return;
    if (Array.isArray(value)) return value.forEach(visit);
    if (!("range" in value)) return;
    done.add(value);
    if (value !== source) restore((value as Node).range);
    for (const [key, child] of Object.entries(value)) if (key !== "range" && key !== "source") visit(child);
  };
  visit(source);
  for (const message of messages) {
    restore(message.range);
    restore(message.relatedRange);
  }
}
