/** The schemas that Istio and Envoy Gateway publish for their objects. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import { parse, parseAllDocuments } from "yaml";
import { goModule, requiredVersion } from "./go.js";

interface Crd {
  spec: { names: { kind: string }; versions: { name: string; schema: { openAPIV3Schema: Schema } }[] };
}
interface Schema {
  [field: string]: unknown;
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: unknown;
}

/** Fields that the schema does not name are errors, as with `kubectl apply --validate=strict`. */
function close(schema: Schema, top = false): Schema {
  const { properties, items } = schema;
  const closed: Schema = { ...schema };
  delete closed["x-kubernetes-validations"];
  delete closed["format"];
  if (properties !== undefined) {
    closed.properties = Object.fromEntries(
      Object.entries(properties).map(([name, each]) => [name, close(each)]),
    );
    if (top) {
      closed.properties["apiVersion"] = closed.properties["kind"] = { type: "string" };
      closed.properties["metadata"] = { type: "object" };
    }
    if (schema.additionalProperties === undefined && schema["x-kubernetes-preserve-unknown-fields"] !== true)
      closed.additionalProperties = false;
  }
  if (items !== undefined) closed.items = close(items);
  return closed;
}

let validators: Map<string, ValidateFunction> | undefined;

/** What the schema has against an object in YAML; empty when nothing. */
export function schemaErrors(yaml: string): string[] {
  validators ??= load();
  const value = parse(yaml, { version: "1.1" }) as { apiVersion: string; kind: string };
  const validate = validators.get(`${value.kind} ${value.apiVersion.split("/")[1]}`);
  if (validate === undefined) return [`no schema for ${value.kind}`];
  return validate(value)
    ? []
    : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function load(): Map<string, ValidateFunction> {
  const istio = join(goModule("istio.io/api", requiredVersion("istio.io/api")), "kubernetes");
  const gateway = goModule("github.com/envoyproxy/gateway", "v1.9.1");
  const files = [
    join(istio, "customresourcedefinitions.gen.yaml"),
    join(
      gateway,
      "charts/gateway-helm/charts/crds/crds/generated/gateway.envoyproxy.io_envoyextensionpolicies.yaml",
    ),
  ];
  const found = new Map<string, ValidateFunction>();
  const ajv = new Ajv({ strict: false, allErrors: true });
  for (const document of files.flatMap((file) => parseAllDocuments(readFileSync(file, "utf8")))) {
    const crd = document.toJS() as Crd | null;
    if (
      crd === null ||
      !["WasmPlugin", "TrafficExtension", "EnvoyFilter", "EnvoyExtensionPolicy"].includes(crd.spec.names.kind)
    )
      continue;
    for (const { name, schema } of crd.spec.versions)
      found.set(`${crd.spec.names.kind} ${name}`, ajv.compile(close(schema.openAPIV3Schema, true)));
  }
  return found;
}
