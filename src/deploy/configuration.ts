/**
 * Configurations of plugins, as the hosts take them.
 *
 * @module
 */
import { parseDocument } from "yaml";
import { ManifestError } from "./error.js";
import { isLongInteger, parseJson } from "./json.js";
import { changedNumbers } from "./numbers.js";

/**
 * Reads a configuration that the API takes as JSON values. Istio takes an "object", and makes doubles of its numbers; Envoy
 * Gateway takes "any" value, in which Kubernetes keeps integers of 64 bits: those become a `bigint` where a double is not enough.
 */
export function jsonConfiguration(text: string, takes: "object" | "any"): unknown {
  const who = takes === "object" ? "Istio" : "Envoy Gateway";
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new ManifestError(
      `${who} takes the configuration as JSON, and this is none: ${(error as Error).message}. A text goes into an object: {"text": …}.`,
    );
  }
  if (takes === "object" && (typeof value !== "object" || value === null || Array.isArray(value)))
    throw new ManifestError(`${who} takes only an object as configuration: {…}, no list, text or number.`);
  const twice = parseDocument(text).errors.find(({ code }) => code === "DUPLICATE_KEY");
  if (twice !== undefined)
    throw new ManifestError(
      `The configuration has a key twice (line ${twice.linePos?.[0].line}); all but the last one would be dropped.`,
    );
  const changed = changedNumbers(text).find(({ written }) => takes === "object" || !isLongInteger(written));
  if (changed !== undefined)
    throw new ManifestError(
      `${who} hands ${takes === "object" ? "numbers" : "numbers but integers of 64 bits"} on as doubles: ${changed.written} would become ${changed.becomes}; write it as text, "${changed.written}".`,
    );
  return value;
}

/**
 * A configuration file as JSON text. YAML is turned into JSON where YAML 1.1, which Kubernetes reads, and YAML 1.2 agree; what
 * they disagree about is refused, as `on`, which is true to one and a text to the other.
 */
export function configurationText(file: string, text: string): string {
  if (!/\.ya?ml$/.test(file)) return text;
  const read = (version: "1.1" | "1.2"): string => {
    const document = parseDocument(text, { version, intAsBigInt: true, stringKeys: false });
    if (document.errors.length > 0) throw new ManifestError(`${file}: ${document.errors[0]!.message}`);
    const plain: unknown = document.toJS({ mapAsMap: true });
    return write(plain, file);
  };
  const [old, now] = [read("1.1"), read("1.2")];
  if (old !== now) {
    const at = now.split("").findIndex((character, index) => character !== old[index]);
    throw new ManifestError(
      `${file}: Kubernetes reads YAML 1.1, where an unquoted on, off, yes, no, y, n or 0777 is not what it looks like; put it in quotes (near ${JSON.stringify(now.slice(Math.max(0, at - 20), at + 10))}).`,
    );
  }
  return now;
}

function write(value: unknown, file: string): string {
  if (value instanceof Map) {
    const fields = new Map<string, string>();
    for (const [key, item] of value) {
      const name = nameOf(key, file);
      if (fields.has(name)) throw new ManifestError(`${file}: the key ${name} stands twice.`);
      fields.set(name, write(item, file));
    }
    return `{${[...fields].map(([name, item]) => `${name}:${item}`).join(",")}}`;
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, file)).join(",")}]`;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new ManifestError(`${file}: JSON has no number ${value}.`);
  if (value instanceof Set || value instanceof Uint8Array)
    throw new ManifestError(`${file}: JSON has no ${value instanceof Set ? "!!set" : "!!binary"}.`);
  return JSON.stringify(value);
}

/** A key as JSON: a number, true, false or null by its text, as Kubernetes makes it. */
function nameOf(key: unknown, file: string): string {
  if (key instanceof Map || Array.isArray(key))
    throw new ManifestError(`${file}: JSON has no key that is a list or has keys of its own.`);
  return JSON.stringify(typeof key === "string" ? key : write(key, file));
}
