import { JsonNode, JsonWriter, json } from "../../../../assembly/std/json";
import { inputAsBytes, inputText } from "./input";

export { setInput, setPattern } from "./input";

/** Two fields of a document. */
export function pick(): i32 {
  const order = json.parseBytes(inputAsBytes()).root.get("order");
  return <i32>order.get("amount").integerOr(0) + order.get("currency").textOr("").length;
}

/** Whether the text is JSON. */
export function check(): i32 {
  return i32(json.parse(inputText()).root.exists);
}

/** The document as a tree, changed and written again. */
export function change(): i32 {
  return JsonNode.from(json.parse(inputText()).root).set("seen", JsonNode.bool(true)).toText().length;
}

export function write(): i32 {
  const writer = new JsonWriter().object().name("error").string("denied").name("detail").string(inputText());
  return writer.name("code").integer(7).name("again").bool(false).end().text().length;
}
