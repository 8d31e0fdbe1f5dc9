/**
 * The code that reads a configuration class: methods for the class, in AssemblyScript.
 *
 * @module
 */
import type { ConfigClass, Field, Type } from "./model.js";
import { allFields } from "./model.js";

const text = JSON.stringify;

/** The methods, as members of a class. */
export function readerMethods(config: ConfigClass): string[] {
  const known = allFields(config).map(({ name }) => text(name));
  const only = config.open ? "" : `reader.only([${known.join(", ")}]);`;
  const chain: ConfigClass[] = [];
  for (let one: ConfigClass | undefined = config; one !== undefined; one = one.base) chain.unshift(one);
  const parts = chain.map((one, depth) => `this.${fieldsOf(one, depth)}<R>(reader);`).join(" ");
  const fields = config.fields.map(fieldCode).join("\n");
  return [
    `$readConfig<R>(reader: R): void { if (!reader.enter()) return; ${only} ${parts} reader.leave(); }`,
    `${fieldsOf(config, chain.length - 1)}<R>(reader: R): void { ${fields} }`,
  ];
}

/** The method that reads a class's own fields; a base's is another one, whatever the two are called. */
function fieldsOf({ name }: ConfigClass, depth: number): string {
  return `$readFieldsOf${name}${depth}`;
}

function fieldCode({ name, type, required }: Field): string {
  const target = /^[A-Za-z_$][\w$]*$/.test(name) ? `this.${name}` : `this[${text(name)}]`;
  const code = new Code();
  const body = code.read(type, (value) => `${target} = ${value};`);
  return `if (reader.${required ? "required" : "field"}(${text(name)})) { ${body} }`;
}

class Code {
  private names = 0;

  /** Reads the value where the reader is, and gives it to `assign`. */
  read(type: Type, assign: (value: string) => string): string {
    const { nullable, ...plain } = type;
    if (nullable === true)
      return `if (reader.isNull) { ${assign("null")} } else { ${this.read(plain, assign)} }`;
    switch (type.kind) {
      case "bool":
        return assign("reader.bool()");
      case "integer":
        return assign(`<${type.name}>reader.integer(${float(type.least)}, ${float(type.most)})`);
      case "number":
        return assign(`<${type.name}>reader.number(${float(type.least)}, ${float(type.most)})`);
      case "string":
        return assign("reader.string()") + textChecks(type);
      case "object": {
        const name = `made${this.names++}`;
        return `const ${name} = instantiate<${type.name}>(); ${name}.$readConfig<R>(reader); ${assign(name)}`;
      }
      case "list":
      case "map": {
        const name = `list${this.names++}`;
        const add = (value: string): string =>
          type.kind === "map"
            ? `${name}.set(key, ${value});`
            : `${name}.${type.name === "Set" ? "add" : "push"}(${value});`;
        const key = type.kind === "map" ? "const key = reader.key;" : "";
        const start = `${type.kind === "map" ? "entries" : "items"}(${type.least ?? 0}, ${type.most ?? "i32.MAX_VALUE"})`;
        return `const ${name} = new ${typeText(type)}(); if (reader.${start}) while (reader.next()) { ${key} ${this.read(type.of, add)} } ${assign(name)}`;
      }
    }
  }
}

function textChecks(type: Type & { kind: "string" }): string {
  const checks: string[] = [];
  if (type.least !== undefined || type.most !== undefined)
    checks.push(` reader.length(${type.least ?? 0}, ${type.most ?? "i32.MAX_VALUE"});`);
  if (type.compiled !== undefined)
    checks.push(` reader.matches(${text(type.compiled)}, ${text(type.pattern)});`);
  if (type.oneOf !== undefined)
    checks.push(` reader.oneOf([${type.oneOf.map((one) => text(one)).join(", ")}]);`);
  return checks.join("");
}

/** A type as AssemblyScript writes it. */
function typeText(type: Type): string {
  const plain = (): string => {
    switch (type.kind) {
      case "string":
      case "bool":
        return type.kind;
      case "integer":
      case "number":
        return type.name;
      case "object":
        return type.name;
      case "list":
        return `${type.name}<${typeText(type.of)}>`;
      case "map":
        return `Map<string, ${typeText(type.of)}>`;
    }
  };
  return plain() + (type.nullable === true ? " | null" : "");
}

/** A number as a literal of an `f64`. */
function float(value: number): string {
  if (value === Infinity) return "Infinity";
  if (value === -Infinity) return "-Infinity";
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${BigInt(value)}.0` : String(value);
}
