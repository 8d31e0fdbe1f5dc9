/**
 * Schemas of configuration classes: what `readConfig<T>()` reads, as code, as JSON Schema, and as a table.
 *
 * @module
 */
import { Classes } from "./classes.js";
import type { ConfigClass } from "./model.js";
import { Sources, type ReadSource } from "./sources.js";

export { configurationPart, jsonSchema, manifestSchema, schemaTargets, type Schema } from "./json-schema.js";
export { SchemaError, allClasses, type ConfigClass } from "./model.js";
export { PACKAGE_SOURCES } from "./sources.js";
export { readerMethods } from "./reader.js";
export { markdownTable } from "./table.js";

/** The classes that sources read by `readConfig`, each once; `entries` and what they import are looked at. */
export function configClasses(entries: readonly string[], read: ReadSource): ConfigClass[] {
  const sources = new Sources(read);
  const classes = new Classes(sources);
  const found = new Set<ConfigClass>();
  for (const file of new Set(entries.flatMap((entry) => sources.reachable(entry))))
    for (const call of sources.calls(file)) found.add(classes.called(call));
  return [...found];
}
