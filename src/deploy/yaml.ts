/**
 * Writes YAML that each reader understands alike.
 *
 * @module
 */
import { Document, Scalar, isMap, isScalar, visit } from "yaml";

/** Comments by the path of the field that they stand before, such as `spec/url`. */
export type Comments = Readonly<Record<string, string>>;

/** A text that is a text without quotes in YAML 1.1 and 1.2, and to Go's and C++'s readers. */
const plain = /^(?!(?:y|n|yes|no|on|off|true|false|null|nan|inf)$)[A-Za-z][A-Za-z0-9_./-]*$/i;

/** Characters of texts in quotes that Go's reader refuses, or folds as ends of lines: it would hand on another text. */
const special = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Writes a value with comments; `undefined` fields are left out, and a `bigint` is an integer. */
export function toYaml(value: unknown, head: string, comments: Comments = {}): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  document.commentBefore = comment(head);
  for (const [path, text] of Object.entries(comments)) {
    const parts = path.split("/");
    const holder = document.getIn(parts.slice(0, -1));
    if (!isMap(holder)) continue;
    const pair = holder.items.find((item) => isScalar(item.key) && item.key.value === parts.at(-1));
    if (pair !== undefined && isScalar(pair.key)) pair.key.commentBefore = comment(text);
  }
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === "string" && !plain.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 }).replaceAll(special, escaped);
}

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

function comment(text: string): string {
  return text
    .split("\n")
    .map((line) => ` ${line}`)
    .join("\n");
}
