/** What the configuration tests call; compiled without the transform. */
import { Config } from "../../../assembly/std/config";

/** Reads a configuration with all kinds of fields: the error, or all that was read. */
export function read(bytes: Uint8Array): string {
  const config = Config.read(fromBytes(bytes));
  const header = config.text("header");
  const mode = config.textOr("mode", "strict");
  const limits = config.section("limits");
  const rps = limits.integerOr("rps", 100, 1, 10000);
  const ratio = limits.numberOr("ratio", 0.5, 0, 1);
  const enabled = config.boolOr("enabled", true);
  const hosts = config.texts("hosts");
  const routes = config.sections("routes");
  let text = header + "|" + mode + "|" + rps.toString() + "|" + ratio.toString() + "|" + enabled.toString();
  text += "|" + hosts.join(",");
  for (let i = 0; i < routes.length; i++) {
    const code = routes[i].section("to").integer("code");
    if (code == 0) routes[i].section("to").refuse("code", "must not be zero");
    text += "|" + routes[i].text("path") + ">" + code.toString();
    routes[i].allowOnly(["path", "to"]);
  }
  const error = config.error;
  return error === null ? text : "error: " + error;
}

/** The configuration as JSON. */
export function raw(bytes: Uint8Array): string {
  const config = Config.read(fromBytes(bytes));
  const error = config.error;
  return error === null ? config.cursor.raw() : "error: " + error;
}

import { decode } from "../../../assembly/memory/text";

function fromBytes(bytes: Uint8Array): string {
  return decode(bytes.dataStart, bytes.length);
}

export const BYTES = idof<Uint8Array>();
