/**
 * Configurations read into classes.
 *
 * @module
 */
import { log } from "../../services/log";
import { ConfigReader } from "./reader";
import { ConfigSource } from "./source";

/**
 * Reads a configuration into a new `T`, a class of yours: the build makes the code from its public fields. A field is left as the
 * class begins it when the configuration has none; one without a beginning must be there. An error, such as a wrong type, a
 * number out of bounds or an unknown field, is logged with its place, and the answer is null.
 *
 * Fields are strings, unions of texts, booleans, numbers, whole numbers as `u16`, classes, and arrays, `Set<string>` and
 * `Map<string, V>` of these. Tags in doc comments say more: `@min`, `@max`, `@minLength`, `@maxLength`, `@pattern`,
 * `@oneOf`, `@minItems`, `@maxItems`, `@required`; `@ignore` for a field that is none of the configuration's, and
 * `@allowUnknown` for a class. `proxy-wasm-as schema` writes the same as JSON Schema.
 *
 * @example
 * class Settings {
 *   header: string = "x-greeting";
 *   requests: u32 = 10;
 * }
 * class Greeter extends PluginContext {
 *   settings: Settings = new Settings();
 *
 *   onConfigure(configuration: string): bool {
 *     const settings = readConfig<Settings>(configuration);
 *     if (settings === null) return false; // the log says why
 *     this.settings = settings;
 *     return true;
 *   }
 * }
 */
export function readConfig<T>(configuration: string): T | null {
  return read<T>(ConfigSource.read(configuration));
}

/** `readConfig` for JSON text only, as `Config.readJson`: about 4 KB of module smaller. */
export function readJsonConfig<T>(configuration: string): T | null {
  return read<T>(ConfigSource.readJson(configuration));
}

function read<T>(source: ConfigSource): T | null {
  const value = instantiate<T>();
  if (source.error === null) {
    const reader = new ConfigReader(source);
    // @ts-ignore: the build adds it
    value.$readConfig<ConfigReader>(reader);
  }
  const error = source.error;
  if (error === null) return value;
  log.error("configuration: " + error);
  return null;
}
