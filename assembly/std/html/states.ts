/**
 * Where a tokenizer of HTML is, and what it asks of bytes.
 *
 * @module
 */

/** The states of WHATWG's tokenizer, as far as they decide where tokens begin and end. */
export const enum State {
  /** Text of whichever kind; see `Content`. */
  Text,
  TagOpen,
  EndTagOpen,
  TagName,
  BeforeName,
  Name,
  AfterName,
  BeforeValue,
  DoubleQuoted,
  SingleQuoted,
  Unquoted,
  AfterQuoted,
  SelfClosing,
  /** Behind `<!`. */
  Declaration,
  CommentStart,
  CommentStartDash,
  Comment,
  CommentEndDash,
  CommentEnd,
  CommentEndBang,
  /** Up to the next `>`: comments that are none, and doctypes. */
  Bogus,
  Cdata,
  CdataBracket,
  CdataEnd,
  /** Behind `<` in text that only its own end tag ends, … */
  RawOpen,
  /** … behind `</` … */
  RawEndOpen,
  /** … and in the name. */
  RawEndName,
}

/** What text is. */
export const enum Content {
  Data,
  /** Only its element's end tag ends it. */
  Raw,
  /** The same, with comments in which scripts may stand. */
  Script,
  /** Nothing ends it. */
  Plain,
}

/** Where a script is. */
export const enum Script {
  Plain,
  /** Behind `<!` and `<!-`. */
  EscapeStart,
  EscapeStartDash,
  Escaped,
  EscapedDash,
  EscapedDashDash,
  /** In a name behind `<` that may be "script", in an escaped script. */
  DoubleStart,
  Double,
  DoubleDash,
  DoubleDashDash,
  /** Behind `<`, and in a name behind `</`. */
  DoubleOpen,
  DoubleEnd,
}

// @ts-ignore: decorator
@inline
export function isLetter(byte: u32): bool {
  return (byte | 0x20) - 0x61 < 26;
}

/** Tab, line feed, form feed, carriage return, space. */
// @ts-ignore: decorator
@inline
export function isSpace(byte: u32): bool {
  return (byte <= 0x20 && ((1 << byte) & 0x3600) != 0) || byte == 0x20;
}

/** Tells whether what follows a name ends it: white space, `/` or `>`. */
// @ts-ignore: decorator
@inline
export function endsName(byte: u32): bool {
  return isSpace(byte) || byte == 0x2f || byte == 0x3e;
}
