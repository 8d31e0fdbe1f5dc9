/**
 * Backtraces in logs, and what they become with a map.
 *
 * @module
 */
import type { PlaceMap } from "./place-map.js";
import { frameText } from "./text.js";

/**
 * A line of a backtrace: Envoy's (`  0:  0x3a37 - unknown(function index:17)`), the embedded host's (`wasm-function[17]` there), V8's (`at wasm://wasm/1a2b:wasm-function[17]:0x3a37`), and
 * Wasmtime's (`  0: 0x3a37 - <unknown>!<wasm function 17>`).
 */
const forms = [
  /^(?<before>.*?\b\d+: +)0x(?<offset>[0-9a-f]+) - (?:wasm-function\[(?<index>\d+)\]|unknown\(function index:(?<unknown>\d+)\)|(?<name>\S.*))(?<after>)$/,
  /^(?<before>.*?\b\d+: +)0x(?<offset>[0-9a-f]+) - .*<wasm function (?<index>\d+)>(?<after>)$/,
  /^(?<before>.*?\bat )(?:.*? \()?wasm:\/\/\S*?wasm-function\[(?<index>\d+)\]:0x(?<offset>[0-9a-f]+)\)?(?<after>)$/,
  /^(?<before>.*?)\bwasm-function\[(?<index>\d+)\](?::0x(?<offset>[0-9a-f]+))?(?<after>.*)$/,
];

/** Marks of the forms, which are searched for in one go: the forms themselves take long on lines that only look like theirs. */
const MARK = /wasm-function\[|<wasm function |0x[0-9a-f]+ - /;

/** The most characters of a line of a backtrace. */
const LONGEST = 4096;

/** Puts names, files and lines into a log; what it does not know stays as it is. */
export class Backtraces {
  /** Lines that were explained. */
  explained = 0;
  /** Lines of a backtrace that the map has nothing for: they are of another module, or another build. */
  strange = 0;

  constructor(private readonly map: PlaceMap) {}

  /** A line of a log. */
  line(text: string): string {
    if (text.length > LONGEST || !MARK.test(text)) return text;
    // The order is that of how much a form says; Wasmtime's looks like Envoy's with a name.
    const order = text.includes("<wasm function") ? [forms[1]!] : [forms[0]!, forms[2]!, forms[3]!];
    for (const form of order) {
      const groups = form.exec(text)?.groups;
      if (groups === undefined) continue;
      const said = this.explain(groups["index"] ?? groups["unknown"], groups["offset"], groups["name"]);
      if (said === undefined) {
        this.strange++;
        return text;
      }
      this.explained++;
      return `${groups["before"]}${said}${groups["after"]}`;
    }
    return text;
  }

  private explain(
    index: string | undefined,
    offset: string | undefined,
    name: string | undefined,
  ): string | undefined {
    const number = index === undefined ? undefined : Number(index);
    if (offset === undefined) {
      const known = this.map.nameOf(number!);
      if (known === undefined) return undefined;
      const place = this.map.beginningOf(number!);
      return frameText({ name: known, place, isNear: false, scope: undefined });
    }
    const frame = this.map.frame(parseInt(offset, 16), number);
    // A module with names: the map must speak of the same function.
    if (frame === undefined || (name !== undefined && !frame.name.endsWith(name.trim()))) return undefined;
    return frameText(frame);
  }
}
