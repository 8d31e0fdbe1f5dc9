/**
 * Reads configuration classes from the sources.
 *
 * @module
 */
import type { ClassProperty } from "@babel/types";
import { bare, type Syntax } from "../language/syntax/tree.js";
import { readComment, type Comment } from "./comments.js";
import type { ConfigClass, Field, Type, Value } from "./model.js";
import { allFields } from "./model.js";
import type { Call, ClassNode, SourceFile, Sources } from "./sources.js";
import { Types, constrain } from "./types.js";

/** Reads classes, each once, so that one may refer to itself. */
export class Classes {
  private readonly known = new Map<Syntax, ConfigClass>();
  private readonly types: Types;

  constructor(private readonly sources: Sources) {
    this.types = new Types(sources, (node, file) => this.read(node, file));
  }

  /** The class that a call of `readConfig` reads. */
  called({ file, node, type }: Call): ConfigClass {
    const example = "write readConfig<Settings>(configuration), with a class Settings in your own sources";
    if (type === undefined) return file.fail(node, `readConfig needs the class that it reads; ${example}.`);
    const name =
      type.type === "TSTypeReference" && type.typeName.type === "Identifier" ? type.typeName.name : "";
    const found = this.sources.find(name, file);
    if (found?.node.type !== "ClassDeclaration")
      return file.fail(
        type,
        `readConfig cannot read ${file.textOf(type)}, which is no class that can be seen here; ${example}.`,
      );
    return this.read(found.node, found.file);
  }

  private read(node: ClassNode, file: SourceFile): ConfigClass {
    const before = this.known.get(node);
    if (before !== undefined) return before;
    const name = node.id!.name;
    if (node.typeParameters)
      file.fail(node, `${name} has type parameters, and a configuration has none; write them out.`);
    if (node.abstract) file.fail(node, `${name} is abstract, and readConfig makes one; remove "abstract".`);
    const { description, tags } = commentOf(node, file);
    const fields: Field[] = [];
    const made = { name, path: file.path, description, fields, open: tags.has("allowUnknown") } as {
      -readonly [K in keyof ConfigClass]: ConfigClass[K];
    };
    this.known.set(node, made);
    if (node.superClass) made.base = this.baseOf(node, file);
    if (made.base?.open === true) made.open = true;
    for (const member of node.body.body as Syntax[]) {
      if (
        member.type === "ClassMethod" &&
        member.kind === "constructor" &&
        (member.params as Syntax[]).some(needed)
      )
        file.fail(
          member,
          `${name} is made by readConfig, which has no parameters for its constructor; give them defaults.`,
        );
      if (member.type !== "ClassProperty") continue;
      const field = this.field(member, name, file);
      if (field !== undefined) fields.push(field);
    }
    const names = allFields(made).map((field) => field.name);
    const twice = names.find((one, index) => names.indexOf(one) !== index);
    if (twice !== undefined)
      file.fail(node, `${name} has the field ${twice} twice, once from its base; remove one.`);
    return made;
  }

  private baseOf(node: ClassNode, file: SourceFile): ConfigClass {
    const base = bare(node.superClass);
    const found = base.type === "Identifier" ? this.sources.find(base.name, file) : undefined;
    if (found?.node.type !== "ClassDeclaration")
      return file.fail(
        base,
        `${node.id!.name} extends ${file.textOf(base)}, which is no class of your own sources; extend one, or none.`,
      );
    return this.read(found.node, found.file);
  }

  private field(node: ClassProperty & Syntax, owner: string, file: SourceFile): Field | undefined {
    if (node.static || node.declare) return undefined;
    if (node.accessibility === "private" || node.accessibility === "protected") return undefined;
    const { description, tags } = commentOf(node, file);
    if (tags.has("ignore")) return undefined;
    if (node.computed || (node.key.type !== "Identifier" && node.key.type !== "StringLiteral"))
      return file.fail(node.key, `a field of ${owner} has a computed name; write the name.`);
    const name = node.key.type === "Identifier" ? node.key.name : node.key.value;
    const what = `the field ${name} of ${owner}`;
    if (node.readonly) file.fail(node, `${what} is readonly, and readConfig sets it; remove "readonly".`);
    const value = node.value ? bare(node.value) : undefined;
    const { type, optional } = this.typeOf(node, value, file, what);
    const constrained = constrain(type, tags, (why) => file.fail(node, `${what}: ${why}`));
    if (type.kind === "object" && value !== undefined && !makesNew(value) && value.type !== "NullLiteral")
      file.fail(
        value,
        `${what} is an object of its own each time; begin it with new ${type.name}(), or with null.`,
      );
    const initial = value === undefined ? undefined : valueOf(value, file);
    const left = optional || node.optional === true || type.nullable === true;
    return {
      name,
      type: constrained,
      required: tags.has("required") || (value === undefined && !left),
      ...(initial !== undefined && initial !== null && { initial }),
      description,
    };
  }

  /** The type that is written, or the one that the value shows. */
  private typeOf(
    node: ClassProperty,
    value: Syntax | undefined,
    file: SourceFile,
    what: string,
  ): { type: Type; optional: boolean } {
    const annotation = node.typeAnnotation as { typeAnnotation: Syntax } | null | undefined;
    if (annotation) return this.types.read(annotation.typeAnnotation, file, what);
    const shown = value === undefined ? undefined : valueOf(value, file);
    if (typeof shown === "string") return { type: { kind: "string" }, optional: false };
    if (typeof shown === "boolean") return { type: { kind: "bool" }, optional: false };
    if (typeof shown === "number" && value!.type !== "Identifier")
      return { type: { kind: "number", name: "f64", least: -Infinity, most: Infinity }, optional: false };
    if (value?.type === "NewExpression" && value.callee.type === "Identifier") {
      const found = this.sources.find(value.callee.name, file);
      if (found?.node.type === "ClassDeclaration")
        return {
          type: {
            kind: "object",
            name: value.callee.name,
            of: this.read(found.node, found.file),
          },
          optional: false,
        };
    }
    return file.fail(
      node,
      `${what} needs its type; write ${(node.key as { name: string }).name}: string, for example.`,
    );
  }
}

function needed(parameter: Syntax): boolean {
  return parameter.type !== "AssignmentPattern" && (parameter as { optional?: boolean }).optional !== true;
}

function makesNew(value: Syntax): boolean {
  return value.type === "NewExpression" && value.arguments.length === 0;
}

/** The doc comment before a node; for a class that is exported, before that. */
function commentOf(node: Syntax, file: SourceFile): Comment {
  const before = file.text
    .slice(0, node.start)
    .replace(/(\s|@\w+(\([^()]*\))?|\bexport\b|\bdefault\b)*$/, "");
  const text = before.endsWith("*/") ? before.slice(before.lastIndexOf("/*")) : "";
  if (!text.startsWith("/**")) return { description: "", tags: new Map() };
  return readComment(text.slice(3, -2), (why) => file.fail(node, why));
}

/** The value that an initializer shows; undefined when it takes more than that to know. */
function valueOf(node: Syntax, file: SourceFile): Value | undefined {
  switch (node.type) {
    case "StringLiteral":
    case "NumericLiteral":
    case "BooleanLiteral":
      return node.value;
    case "NullLiteral":
      return null;
    case "TemplateLiteral":
      return node.expressions.length === 0 ? (node.quasis[0]?.value.cooked ?? undefined) : undefined;
    case "UnaryExpression": {
      const inner = valueOf(bare(node.argument), file);
      if (typeof inner === "number" && node.operator === "-") return -inner;
      return typeof inner === "boolean" && node.operator === "!" ? !inner : undefined;
    }
    case "ArrayExpression": {
      const items = node.elements.map((item) => (item === null ? undefined : valueOf(bare(item), file)));
      return items.every((item) => item !== undefined) ? items : undefined;
    }
    case "NewExpression":
      if (node.callee.type !== "Identifier" || node.arguments.length > 0) return undefined;
      return /^(Array|Set)$/.test(node.callee.name) ? [] : node.callee.name === "Map" ? {} : undefined;
    case "Identifier": {
      const constant = file.constants.get(node.name);
      const inner = constant === undefined ? undefined : bare(constant);
      return inner === undefined || inner.type === "Identifier" ? undefined : valueOf(inner, file);
    }
    default:
      return undefined;
  }
}
