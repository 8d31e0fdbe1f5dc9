import { Form } from "../../../../assembly/std/form";
import { inputAsBytes } from "./input";

export { setInput, setPattern } from "./input";

export function form(): i32 {
  const entries = Form.parse(inputAsBytes())!.entries();
  let size = 0;
  for (let i = 0; i < entries.length; i++) size += entries[i][0].length + entries[i][1].length;
  return size;
}

export function writeForm(): i32 {
  return Form.parse(inputAsBytes())!.toString().length;
}
