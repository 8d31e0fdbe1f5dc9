/**
 * The state of a script while its text passes.
 *
 * @module
 */
import { Script, endsName, isLetter } from "./states";

const SCRIPT = "script";

/** Follows a script's text byte by byte. */
@final
export class ScriptText {
  state: Script = Script.Plain;
  /** How many bytes of "script" have come in a name; -1 when it is another. */
  private matched: i32 = 0;

  /** Tells whether a `<` here may begin the end tag. */
  get mayEnd(): bool {
    return this.state <= Script.DoubleStart;
  }

  /** In an escaped script: what may begin a script in it. */
  beginName(): void {
    this.state = Script.DoubleStart;
    this.matched = 0;
  }

  /** No end tag came behind the `<`: the text goes on there. */
  resume(): void {
    this.state = this.state >= Script.Escaped ? Script.Escaped : Script.Plain;
  }

  next(byte: u32): void {
    const state = this.state;
    switch (state) {
      case Script.Plain:
        return;
      case Script.EscapeStart:
        this.state = byte == 0x2d ? Script.EscapeStartDash : Script.Plain;
        return;
      case Script.EscapeStartDash:
        this.state = byte == 0x2d ? Script.EscapedDashDash : Script.Plain;
        return;
      case Script.Escaped:
      case Script.EscapedDash:
      case Script.EscapedDashDash:
        this.state = dashes(byte, state, Script.Escaped);
        return;
      case Script.DoubleStart:
        this.nextOfName(byte, Script.Double, Script.Escaped);
        return;
      case Script.DoubleOpen:
        if (byte == 0x2f) {
          this.state = Script.DoubleEnd;
          this.matched = 0;
        } else this.state = byte == 0x3c ? Script.DoubleOpen : dashes(byte, Script.Double, Script.Double);
        return;
      case Script.DoubleEnd:
        this.nextOfName(byte, Script.Escaped, Script.Double);
        return;
      default:
        this.state = byte == 0x3c ? Script.DoubleOpen : dashes(byte, state, Script.Double);
    }
  }

  /** A byte of a name: on to `found` at the end of "script", and to `other` at that of another. */
  private nextOfName(byte: u32, found: Script, other: Script): void {
    if (isLetter(byte)) {
      const matched = this.matched;
      const fits = matched >= 0 && matched < SCRIPT.length && (byte | 0x20) == SCRIPT.charCodeAt(matched);
      this.matched = fits ? matched + 1 : -1;
    } else if (endsName(byte)) this.state = this.matched == SCRIPT.length ? found : other;
    else this.state = other == Script.Double && byte == 0x3c ? Script.DoubleOpen : dashes(byte, other, other);
  }
}

/** In a comment of which `first` is the state, with the two states for the dashes behind it. */
function dashes(byte: u32, state: Script, first: Script): Script {
  if (byte == 0x2d) return state == first ? first + 1 : first + 2;
  return byte == 0x3e && state == first + 2 ? Script.Plain : first;
}
