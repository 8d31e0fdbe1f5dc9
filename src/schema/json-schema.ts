/**
 * Configuration classes as JSON Schema, draft 2020-12.
 *
 * @module
 */
import type { ConfigClass, Field, Type } from "./model.js";
import { allClasses, allFields } from "./model.js";

export type Schema = { [name: string]: unknown };

const DRAFT = "https://json-schema.org/draft/2020-12/schema";

/** The paths of a plugin's configuration in the manifests of hosts. */
const places: Readonly<Record<string, readonly (string | 0)[]>> = {
  istio: ["spec", "wasm", "pluginConfig"],
  "istio-traffic-extension": ["spec", "wasm", "pluginConfig"],
  "istio-wasm-plugin": ["spec", "pluginConfig"],
  "envoy-gateway": ["spec", "wasm", 0, "config"],
};
export const schemaTargets = Object.keys(places);

/** The schema of a configuration. */
export function jsonSchema(config: ConfigClass): Schema {
  const names = definitionNames(config);
  const { $defs, root } = definitions(config, names);
  return { $schema: DRAFT, title: config.name, ...root, ...(Object.keys($defs).length > 0 && { $defs }) };
}

/** The schema of a host's manifest: the configuration where that has it, and nothing of all else. */
export function manifestSchema(config: ConfigClass, target: string): Schema {
  const names = definitionNames(config);
  const { $defs, root } = definitions(config, names);
  let schema: Schema = { $ref: "#/$defs/configuration" };
  for (const part of [...places[target]!].reverse())
    schema =
      part === 0
        ? { type: "array", prefixItems: [schema] }
        : { type: "object", properties: { [part]: schema } };
  return {
    $schema: DRAFT,
    title: `${config.name} (${target})`,
    ...schema,
    $defs: { configuration: root, ...$defs },
  };
}

/** The part of a schema that the configuration itself has to fit. */
export function configurationPart(schema: Schema): Schema {
  const $defs = schema["$defs"] as Schema | undefined;
  return $defs?.["configuration"] === undefined
    ? schema
    : { $schema: schema["$schema"], $ref: "#/$defs/configuration", $defs };
}

/** A name for each class that is referred to; two of the same name are told apart by a number. */
function definitionNames(config: ConfigClass): Map<ConfigClass, string> {
  const names = new Map<ConfigClass, string>();
  const taken = new Set(["configuration"]);
  for (const one of allClasses(config)) {
    let name = one.name;
    for (let count = 2; taken.has(name); count++) name = `${one.name}${count}`;
    taken.add(name);
    names.set(one, name);
  }
  return names;
}

function definitions(
  config: ConfigClass,
  names: ReadonlyMap<ConfigClass, string>,
): { $defs: Schema; root: Schema } {
  const $defs: Schema = {};
  const referred = new Set<ConfigClass>();
  const refer = (of: ConfigClass): Schema => {
    if (!referred.has(of)) {
      referred.add(of);
      $defs[names.get(of)!] = {};
      $defs[names.get(of)!] = objectSchema(of, refer);
    }
    return { $ref: `#/$defs/${names.get(of)!}` };
  };
  return { root: objectSchema(config, refer), $defs };
}

function objectSchema(config: ConfigClass, refer: (of: ConfigClass) => Schema): Schema {
  const fields = allFields(config);
  const required = fields.filter((field) => field.required).map(({ name }) => name);
  return {
    ...(config.description !== "" && { description: config.description }),
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, refer)])),
    ...(required.length > 0 && { required }),
    ...(!config.open && { additionalProperties: false }),
  };
}

function fieldSchema({ type, description, initial }: Field, refer: (of: ConfigClass) => Schema): Schema {
  return {
    ...(description !== "" && { description }),
    ...typeSchema(type, refer),
    ...(initial !== undefined && { default: initial }),
  };
}

function typeSchema(type: Type, refer: (of: ConfigClass) => Schema): Schema {
  if (type.nullable !== true) return plainSchema(type, refer);
  const plain = plainSchema({ ...type, nullable: false }, refer);
  if ("$ref" in plain) return { anyOf: [plain, { type: "null" }] };
  return {
    ...plain,
    type: [plain["type"], "null"],
    ...("enum" in plain && { enum: [...(plain["enum"] as unknown[]), null] }),
  };
}

function plainSchema(type: Type, refer: (of: ConfigClass) => Schema): Schema {
  switch (type.kind) {
    case "bool":
      return { type: "boolean" };
    case "integer":
    case "number":
      return {
        type: type.kind,
        ...(Number.isFinite(type.least) && { minimum: type.least }),
        ...(Number.isFinite(type.most) && { maximum: type.most }),
      };
    case "string":
      return {
        type: "string",
        ...bounds("Length", type),
        ...(type.pattern !== undefined && { pattern: type.pattern }),
        ...(type.oneOf !== undefined && { enum: type.oneOf }),
      };
    case "list":
      return { type: "array", items: typeSchema(type.of, refer), ...bounds("Items", type) };
    case "map":
      return {
        type: "object",
        additionalProperties: typeSchema(type.of, refer),
        ...bounds("Properties", type),
      };
    case "object":
      return refer(type.of);
  }
}

function bounds(what: string, { least, most }: { least?: number; most?: number }): Schema {
  return {
    ...(least !== undefined && { [`min${what}`]: least }),
    ...(most !== undefined && { [`max${what}`]: most }),
  };
}
