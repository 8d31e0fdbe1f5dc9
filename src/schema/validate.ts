/**
 * Tells whether a configuration fits a schema.
 *
 * @module
 */
import { Validator } from "@cfworker/json-schema";
import { configurationPart, type Schema } from "./json-schema.js";

/** Names the fault of a configuration: `limits.rps: …`; undefined when there is none. */
export function faultOf(configuration: unknown, schema: Schema): string | undefined {
  const { valid, errors } = new Validator(configurationPart(schema), "2020-12").validate(configuration);
  if (valid) return undefined;
  const deepest = errors.reduce((best, one) =>
    depth(one.instanceLocation) >= depth(best.instanceLocation) ? one : best,
  );
  const path = deepest.instanceLocation
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .join(".");
  return `${path === "" ? "configuration" : path}: ${deepest.error}`;
}

function depth(location: string): number {
  return location.split("/").length;
}
