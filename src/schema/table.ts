/**
 * Configuration classes as Markdown, for READMEs.
 *
 * @module
 */
import type { ConfigClass, Field, Type } from "./model.js";
import { allClasses, allFields } from "./model.js";

/** A table of the fields of a class, and one of each class in it. */
export function markdownTable(config: ConfigClass): string {
  const bases = new Set(allClasses(config).map(({ base }) => base));
  const classes = allClasses(config).filter(
    (one) => one === config || !bases.has(one) || isUsed(config, one),
  );
  const parts = classes.map((one) => (one === config ? "" : `\`${one.name}\`:\n\n`) + table(allFields(one)));
  return `${parts.join("\n\n")}\n`;
}

/** Tells whether a class is the type of a field, and not only a base. */
function isUsed(config: ConfigClass, one: ConfigClass): boolean {
  const names = (type: Type): boolean =>
    type.kind === "object"
      ? type.of === one
      : (type.kind === "list" || type.kind === "map") && names(type.of);
  return allClasses(config).some(({ fields }) => fields.some(({ type }) => names(type)));
}

function table(fields: readonly Field[]): string {
  const rows = [["field", "type", "if left out", "what it is"], ...fields.map(row)];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const lines = rows.map((cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`);
  lines.splice(1, 0, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`);
  return lines.join("\n");
}

function row({ name, type, required, initial, description }: Field): string[] {
  const left = required ? "must be there" : initial === undefined ? "" : code(JSON.stringify(initial));
  return [code(name), typeText(type), left, cell(description)];
}

function typeText(type: Type): string {
  const text = plainText(type);
  return type.nullable === true ? `${text}, or null` : text;
}

function plainText(type: Type): string {
  switch (type.kind) {
    case "bool":
      return "true or false";
    case "integer":
      return `whole number${range(type)}`;
    case "number":
      return `number${range(type)}`;
    case "string":
      if (type.oneOf !== undefined) return type.oneOf.map((one) => code(JSON.stringify(one))).join(", ");
      return `text${type.pattern === undefined ? "" : ` like ${code(type.pattern)}`}${count(type, "characters")}`;
    case "list":
      return `list of: ${typeText(type.of)}${count(type, "of them")}`;
    case "map":
      return `map of: ${typeText(type.of)}${count(type, "of them")}`;
    case "object":
      return code(type.of.name);
  }
}

function range({ least, most }: { least: number; most: number }): string {
  const bounded = (value: number): boolean =>
    Number.isFinite(value) && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  if (bounded(least) && bounded(most)) return `, ${least} to ${most}`;
  if (bounded(least)) return `, ${least} or more`;
  return bounded(most) ? `, ${most} or less` : "";
}

function count({ least, most }: { least?: number; most?: number }, of: string): string {
  if (least === undefined && most === undefined) return "";
  if (most === undefined) return `, at least ${least} ${of}`;
  return `, ${least ?? 0} to ${most} ${of}`;
}

function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return fence + cell(text) + fence;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
