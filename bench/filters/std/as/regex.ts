import { Regex } from "../../../../assembly/std/regex";
import { inputText, patternText } from "./input";

export { setInput, setPattern } from "./input";

let regex = new Regex("");

export function compile(): i32 {
  regex = new Regex(patternText());
  return regex.errorPosition;
}

export function test(): i32 {
  return i32(regex.test(inputText()));
}

export function exec(): i32 {
  const match = regex.exec(inputText());
  if (match === null) return 0;
  const group = match.group(1);
  return group === null ? 1 : group.length + 2;
}

export function replaceAll(): i32 {
  return regex.replaceAll(inputText(), "<$1>").length;
}

export function split(): i32 {
  return regex.split(inputText()).length;
}
