/** What a module has without any operation. */
import { inputAsBytes, inputText, patternAsBytes, patternText } from "./input";

export { setInput, setPattern } from "./input";

export function size(): i32 {
  return inputText().length + inputAsBytes().length + patternText().length + patternAsBytes().length;
}
