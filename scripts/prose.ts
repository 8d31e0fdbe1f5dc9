/**
 * `npm run lint` reads the prose: comments and pages, sentence by sentence, with write-good and a few rules of our own. It
 * prints each place with its reason, and ends with 1 when there is one. `tsx scripts/prose.ts FOLDER…` reads these only.
 */
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import writeGood from "write-good";

const root = join(import.meta.dirname, "..");

/** Everything that is read. Data, generated files and the files that tests compile are left out. */
const PLACES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs", "assembly", "src", "scripts"];

interface Finding {
  readonly line: number;
  readonly sentence: string;
  readonly reason: string;
}

/** A piece of prose and the line that it begins in. */
interface Piece {
  readonly text: string;
  readonly line: number;
}

/** Our own rules, in the form in which write-good takes them: an expression for one sentence, and what is wrong with it. */
const rules: readonly (readonly [expression: RegExp, reason: string])[] = [
  [
    /^(What|Whether|Who|Whose|Whom|Where|Whatever|Whoever|Wherever|Whichever) [^?]*$/,
    "begins with a noun clause: name the thing, and say what it is or does",
  ],
  [/\bwho is told so\b/i, "is a riddle: say who does what"],
  [/\b(?:is|are) told of by\b/i, "is a riddle: say who does what"],
];

const options = {
  ...{ weasel: false, so: false, thereIs: false, passive: false, adverb: false, tooWordy: false },
  illusion: true,
  cliches: true,
};

/** A sentence with more words than this is to be two. */
const LONGEST = 60;

/** The pages' text, without code, tables and the addresses of links. */
function piecesOfPage(page: string): Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  let begin = 0;
  let isCode = false;
  const end = (): void => {
    if (text !== "") pieces.push({ text, line: begin });
    text = "";
  };
  page.split("\n").forEach((line, index) => {
    if (/^\s*```/.test(line)) isCode = !isCode;
    const isText = !isCode && !/^\s*(```|\||<|#|$|\[[^\]]+\]: )/.test(line);
    if (!isText || /^\s*([-*]|\d+\.) /.test(line)) end();
    if (!isText) return;
    if (text === "") begin = index + 1;
    text += `${line.replace(/^\s*([-*]|\d+\.) /, "").trim()} `;
  });
  end();
  return pieces;
}

/** A source's comments, without tags, examples and directives: lines that begin as a comment do. */
function piecesOfSource(source: string): Piece[] {
  const pieces: Piece[] = [];
  const lines = source.split("\n");
  let lastLine = -1;
  let block: string[] | undefined;
  let begin = 0;
  lines.forEach((line, index) => {
    const trimmed = line.trim();
    if (block === undefined && trimmed.startsWith("/**")) {
      block = [];
      begin = index + 1;
    }
    if (block !== undefined) {
      block.push(
        trimmed
          .replace(/^\/\*\*|^\*(?!\/)/, "")
          .replace(/\*\/$/, "")
          .trim(),
      );
      if (trimmed.endsWith("*/")) {
        pieces.push(...piecesOfComment(block, begin));
        block = undefined;
      }
      return;
    }
    if (!trimmed.startsWith("// ") || /^\/\/ (@|prettier|eslint|#)/.test(trimmed)) return;
    const last = pieces.at(-1);
    if (last !== undefined && lastLine === index - 1)
      pieces[pieces.length - 1] = { text: `${last.text} ${trimmed.slice(3)}`, line: last.line };
    else pieces.push({ text: trimmed.slice(3), line: index + 1 });
    lastLine = index;
  });
  return pieces;
}

function piecesOfComment(lines: readonly string[], begin: number): Piece[] {
  const pieces: Piece[] = [];
  let text = "";
  let line = begin;
  let isExample = false;
  const end = (): void => {
    if (text.trim() !== "") pieces.push({ text, line });
    text = "";
  };
  lines.forEach((each, index) => {
    if (each.startsWith("@")) isExample = each.startsWith("@example");
    const starts = each === "" || each.startsWith("@") || /^[-*] /.test(each);
    if (starts) end();
    if (isExample || each === "@module") return;
    if (text === "") line = begin + index;
    text += `${each.replace(/^(@internal|@deprecated|@returns|@throws|@param \S+)\s?/, "").replace(/^[-*] /, "")} `;
  });
  end();
  return pieces;
}

/** The sentences of a piece, code and addresses replaced by a word. */
function sentences({ text }: Piece): string[] {
  let codes = 0;
  return text
    .replace(/`[^`]*`/g, () => `X${++codes}`)
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\s+/g, " ")
    .split(/(?<=[.?!:;])\s+(?=[A-Z"(])/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

function findingsOf(piece: Piece): Finding[] {
  return sentences(piece).flatMap((sentence) => {
    const reasons = writeGood(sentence, options).map(({ reason }) => reason);
    for (const [expression, reason] of rules) if (expression.test(sentence)) reasons.push(reason);
    const words = sentence.split(" ").length;
    if (words > LONGEST) reasons.push(`has ${words} words: make it two`);
    return reasons.map((reason) => ({ line: piece.line, sentence, reason }));
  });
}

function* filesOf(place: string): Generator<string> {
  if (!statSync(place).isDirectory()) {
    if (/\.(md|ts)$/.test(place) && !place.endsWith(".d.ts")) yield place;
    return;
  }
  for (const name of readdirSync(place).sort())
    if (name !== "node_modules") yield* filesOf(join(place, name));
}

const places = process.argv.length > 2 ? process.argv.slice(2) : PLACES;
let count = 0;
for (const place of places)
  for (const file of filesOf(join(root, place))) {
    const text = readFileSync(file, "utf8");
    const pieces = file.endsWith(".md") ? piecesOfPage(text) : piecesOfSource(text);
    for (const { line, sentence, reason } of pieces.flatMap(findingsOf)) {
      count++;
      console.log(`${relative(root, file)}:${line} ${reason}\n    ${sentence}`);
    }
  }
if (count > 0) {
  console.error(`${count} sentences to write anew`);
  process.exitCode = 1;
}
