/**
 * Suites in YAML with the field names of the text format.
 *
 * @module
 */
import type { Enum, Field, Type } from "protobufjs";
import protobuf from "protobufjs/light.js";
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";
import type { Document, Node } from "yaml";
import { SuiteError } from "./error.js";
import { suiteType } from "./schema.js";
import type { Raw } from "./schema.js";

/** Reads a `TestSuite`; throws `SuiteError`. Scalars may be quoted, as the text `'true'` for true. */
export function parseYaml(text: string, file: string): Raw {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: "core", stringKeys: true });
  const problem = document.errors[0];
  if (problem !== undefined)
    throw new SuiteError(file, lines.linePos(problem.pos[0]).line, problem.message.split("\n")[0]!);
  return new Reader(file, document, lines).message(document.contents, suiteType);
}

class Reader {
  constructor(
    private readonly file: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  /** A node as a message of `type`. An empty one is a message without fields. */
  message(node: unknown, type: Type): Raw {
    const found = this.resolve(node);
    if (found === null || (isScalar(found) && found.value === null)) return {};
    if (!isMap(found)) return this.fail(found, `${type.name} is written as fields: "name: value"`);
    const message: Record<string, unknown> = {};
    for (const { key, value } of found.items) {
      const name = String(isScalar(key) ? key.value : key);
      const field = type.fields[name];
      if (field === undefined) return this.fail(key, `${type.name} has no field '${name}'`);
      if (field.partOf !== null && !field.partOf.name.startsWith("_")) {
        const other = field.partOf.oneof.find((one) => one !== name && one in message);
        if (other !== undefined) return this.fail(key, `${type.name} has either '${other}' or '${name}'`);
      }
      message[name] = this.field(value ?? key, value === null, field);
    }
    return message;
  }

  private field(node: unknown, isEmpty: boolean, field: Field): unknown {
    if (!field.repeated) return this.value(isEmpty ? null : node, node, field);
    const found = isEmpty ? null : this.resolve(node);
    if (found === null) return [];
    const items = isSeq(found) ? found.items : [found]; // one element may stand without its dash
    return items.map((item) => this.value(item, item, field));
  }

  private value(node: unknown, place: unknown, field: Field): unknown {
    const { resolvedType } = field;
    if (resolvedType instanceof protobuf.Type) return this.message(node, resolvedType);
    const found = this.resolve(node);
    if (!isScalar(found)) return this.fail(place, `'${field.name}' has one value, not several`);
    if (resolvedType instanceof protobuf.Enum) return this.enumeration(found, resolvedType, field);
    // The text as it was written, and not YAML's value: `200`, `yes` and `1.0` are texts if the field wants a text.
    const text = typeof found.value === "string" ? found.value : (found.source ?? String(found.value));
    switch (field.type) {
      case "string":
        return found.value === null ? "" : text;
      case "bool":
        if (text === "true" || text === "false") return text === "true";
        return this.fail(place, `'${field.name}' is true or false, not "${text}"`);
      default:
        if (/^-?\d{1,15}$/.test(text)) return Number(text);
        return this.fail(place, `'${field.name}' is a whole number, not "${text}"`);
    }
  }

  private enumeration(node: Node, type: Enum, field: Field): number {
    const name = String(isScalar(node) ? node.value : "");
    const value = type.values[name];
    if (value === undefined)
      return this.fail(
        node,
        `'${field.name}' is one of ${Object.keys(type.values).join(", ")}, not "${name}"`,
      );
    return value;
  }

  /** Follows aliases. */
  private resolve(node: unknown): Node | null {
    if (isAlias(node)) return node.resolve(this.document) ?? null;
    return (node ?? null) as Node | null;
  }

  private fail(node: unknown, reason: string): never {
    const start = (node as Node | null)?.range?.[0];
    throw new SuiteError(this.file, start === undefined ? undefined : this.lines.linePos(start).line, reason);
  }
}
