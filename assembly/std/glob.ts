/**
 * Patterns with wildcards for paths and hosts.
 *
 * @module
 */
import { cutText, newText, setUnit, unitAt } from "../memory/utf16";
import { compileGlob, globError } from "./glob/compiler";
import { GlobProgram } from "./glob/program";

/**
 * A pattern for whole texts. `*` is any run without a "/", `?` one character but "/", `[a-z]` and `[!a-z]` one of a set
 * but "/", `{a,b}` either (also nested), `**` as a whole segment any number of segments, `\` takes the next character as it
 * is. `/admin/**` matches `/admin` too. A test takes time linear in the text, whatever the pattern. May be used everywhere;
 * compile it once, where the configuration is read.
 *
 * @example
 * const open = Glob.compile("/public/**")!;
 * if (!open.test(path)) return this.respond(403);
 */
@final
export class Glob {
  constructor(private program: GlobProgram) {}

  /**
   * Compiles a pattern; null when a set or group has no end, a range is the wrong way round, or "\\" is last (`errorAt`
   * says where). `separator` is one character: "." for hosts, in which "*.example.com" then takes one label.
   */
  static compile(pattern: string, separator: string = "/"): Glob | null {
    const program = compileGlob(pattern, separator.length > 0 ? <i32>unitAt(separator, 0) : -1);
    return program === null ? null : new Glob(program);
  }

  /** The index of what is wrong in a pattern, its length when something is missing at the end; or -1. */
  static errorAt(pattern: string): i32 {
    compileGlob(pattern, 0x2f);
    return globError;
  }

  /** A pattern that matches `text` and nothing else. */
  static escape(text: string): string {
    const escaped = newText(2 * text.length);
    let at = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = unitAt(text, i);
      // * ? [ \ ] { , }
      if (unit == 0x2a || unit == 0x3f || unit - 0x5b < 3 || unit == 0x7b || unit == 0x2c || unit == 0x7d)
        setUnit(escaped, at++, 0x5c);
      setUnit(escaped, at++, unit);
    }
    return cutText(escaped, at);
  }

  /** Tells whether the pattern matches the whole of `text`. */
  test(text: string): bool {
    return this.program.test(text);
  }
}
