/**
 * The errors of JSON text. Their texts are in a function of their own: a filter that does not ask for them does not carry them.
 *
 * @module
 */
export const enum Fault {
  None,
  TooLarge,
  TooDeep,
  NoValue,
  NoName,
  NoColon,
  NoFieldEnd,
  NoElementEnd,
  TextAfter,
  Unterminated,
  BadEscape,
  Control,
  NotUtf8,
  BadNumber,
  /** Not JSON, but what `std/config` reads. */
  NotStruct,
}

export function faultText(fault: Fault): string {
  switch (fault) {
    case Fault.TooLarge:
      return "too large";
    case Fault.TooDeep:
      return "nested too deeply";
    case Fault.NoValue:
      return "expected a value";
    case Fault.NoName:
      return "expected a name in quotes";
    case Fault.NoColon:
      return "expected :";
    case Fault.NoFieldEnd:
      return "expected , or }";
    case Fault.NoElementEnd:
      return "expected , or ]";
    case Fault.TextAfter:
      return "text after the value";
    case Fault.Unterminated:
      return "unterminated string";
    case Fault.BadEscape:
      return "bad escape";
    case Fault.Control:
      return "control character in a string";
    case Fault.NotUtf8:
      return "not UTF-8";
    case Fault.BadNumber:
      return "bad number";
    case Fault.NotStruct:
      return "not a google.protobuf.Struct";
    default:
      return "";
  }
}
