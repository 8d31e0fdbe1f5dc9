/**
 * The states of a tokenizer of HTML, and the transitions for bytes.
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

/** The kind of text in an element. */
export const enum Content {
  Data,
  /** Only its element's end tag ends it. */
  Raw,
  /** The same, with comments in which scripts may stand. */
  Script,
  /** Nothing ends it. */
  Plain,
}

/** The state of a script's text. */
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

/** The state behind a byte of a tag, from its name on; `State.Text` behind its end. */
export function afterTag(state: State, byte: u32): State {
  switch (state) {
    case State.TagName:
      return endsName(byte) ? beforeName(byte) : state;
    case State.Name:
      if (byte == 0x3d) return State.BeforeValue;
      return endsName(byte) ? afterName(byte) : state;
    case State.AfterName:
      return afterName(byte);
    case State.BeforeValue:
      if (byte == 0x22) return State.DoubleQuoted;
      if (byte == 0x27) return State.SingleQuoted;
      if (byte == 0x3e) return State.Text;
      return isSpace(byte) ? state : State.Unquoted;
    case State.DoubleQuoted:
      return byte == 0x22 ? State.AfterQuoted : state;
    case State.SingleQuoted:
      return byte == 0x27 ? State.AfterQuoted : state;
    case State.Unquoted:
      if (byte == 0x3e) return State.Text;
      return isSpace(byte) ? State.BeforeName : state;
    default:
      return beforeName(byte); // also behind a quoted value, and behind "/"
  }
}

function beforeName(byte: u32): State {
  if (isSpace(byte)) return State.BeforeName;
  return byte == 0x2f || byte == 0x3e ? afterName(byte) : State.Name; // also "="
}

function afterName(byte: u32): State {
  if (isSpace(byte)) return State.AfterName;
  if (byte == 0x2f) return State.SelfClosing;
  if (byte == 0x3d) return State.BeforeValue;
  return byte == 0x3e ? State.Text : State.Name;
}

/** The state behind a byte of a comment or the like; `State.Text` behind its end. */
export function afterAside(state: State, byte: u32): State {
  switch (state) {
    case State.Bogus:
      return byte == 0x3e ? State.Text : state;
    case State.CommentStart:
      if (byte == 0x3e) return State.Text;
      return byte == 0x2d ? State.CommentStartDash : State.Comment;
    case State.CommentStartDash:
      if (byte == 0x3e) return State.Text;
      return byte == 0x2d ? State.CommentEnd : State.Comment;
    case State.Comment:
      return byte == 0x2d ? State.CommentEndDash : state;
    case State.CommentEndDash:
      return byte == 0x2d ? State.CommentEnd : State.Comment;
    case State.CommentEnd:
      if (byte == 0x3e) return State.Text;
      if (byte == 0x21) return State.CommentEndBang;
      return byte == 0x2d ? state : State.Comment;
    case State.CommentEndBang:
      if (byte == 0x3e) return State.Text;
      return byte == 0x2d ? State.CommentEndDash : State.Comment;
    case State.Cdata:
      return byte == 0x5d ? State.CdataBracket : state;
    case State.CdataBracket:
      return byte == 0x5d ? State.CdataEnd : State.Cdata;
    default:
      if (byte == 0x3e) return State.Text;
      return byte == 0x5d ? state : State.Cdata;
  }
}
