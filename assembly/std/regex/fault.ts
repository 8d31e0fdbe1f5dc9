/**
 * The errors of a pattern. The texts are in a function of their own: a filter that does not ask for them does
 * not carry them.
 *
 * @module
 */
export const enum Fault {
  None,
  UnknownFlag,
  RepeatedRepetition,
  TooLarge,
  MissingParenthesis,
  NothingToRepeat,
  BadCount,
  BadGroupName,
  SameName,
  TooManyGroups,
  UnknownGroup,
  UnexpectedParenthesis,
  UnknownEscape,
  MissingBracket,
  UnknownClass,
  BadRange,
}

export function faultText(fault: Fault): string {
  switch (fault) {
    case Fault.UnknownFlag:
      return "unknown flag";
    case Fault.RepeatedRepetition:
      return "a repetition of a repetition";
    case Fault.TooLarge:
      return "the pattern is too large";
    case Fault.MissingParenthesis:
      return "missing )";
    case Fault.NothingToRepeat:
      return "nothing to repeat";
    case Fault.BadCount:
      return "bad repetition count";
    case Fault.BadGroupName:
      return "bad group name, or look-behind, which RE2 does not have";
    case Fault.SameName:
      return "two groups of one name";
    case Fault.TooManyGroups:
      return "too many groups";
    case Fault.UnknownGroup:
      return "unknown flags, or look-ahead, which RE2 does not have";
    case Fault.UnexpectedParenthesis:
      return "unexpected )";
    case Fault.UnknownEscape:
      return "unknown escape";
    case Fault.MissingBracket:
      return "missing ]";
    case Fault.UnknownClass:
      return "unknown class";
    case Fault.BadRange:
      return "bad range";
    default:
      return "";
  }
}
