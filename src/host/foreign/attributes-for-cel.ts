/** Attributes as values of CEL. */
import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import type { HeaderMap } from "../abi/header-map.js";
import type { Context } from "../context.js";
import { textOf, readable } from "../abi/text.js";
import { unserializable } from "../services/properties.js";
import type { Found } from "../services/properties.js";

/** The fields that each map of attributes may hold. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  request: [
    ...["path", "url_path", "query", "host", "scheme", "method", "referer", "useragent", "id", "protocol"],
    ...["headers", "time", "duration", "size", "total_size"],
  ],
  response: [
    ...["code", "code_details", "flags", "grpc_status", "size", "total_size", "headers", "trailers"],
    "backend_latency",
  ],
  source: ["address", "port"],
  destination: ["address", "port"],
  connection: [
    ...["id", "mtls", "requested_server_name", "tls_version", "termination_details"],
    "transport_failure_reason",
  ],
  upstream: [
    ...["address", "local_address", "port", "transport_failure_reason", "request_attempt_count"],
    ...["cx_pool_ready_duration", "num_endpoints"],
  ],
  xds: [
    ...["cluster_name", "route_name", "virtual_host_name", "filter_chain_name", "listener_direction"],
    ...["cluster_metadata", "listener_metadata", "route_metadata", "node"],
  ],
};

const times = new Set(["request.time"]);
const durations = new Set([
  "request.duration",
  "response.backend_latency",
  "upstream.cx_pool_ready_duration",
]);
const unsigned = new Set(["connection.id", "connection_id", "upstream.request_attempt_count"]);
const maps = new Set(["request.headers", "response.headers", "response.trailers"]);

/** An attribute by its first name, as CEL sees it; undefined when it is not there now. */
export function variable(context: Context, name: string): unknown {
  const found = context.property([name]);
  const fields = fieldsOf[name];
  if (fields === undefined) return name === "metadata" ? metadata() : valueOf(found, name);
  // If there is no value for the whole, its fields may have some: the node has none of its own.
  if (found === undefined && name !== "xds") return undefined;
  const map = new Map<string, unknown>();
  for (const field of fields) {
    const value = valueOf(context.property([name, field]), `${name}.${field}`);
    if (value !== undefined) map.set(field, value);
  }
  return map;
}

const metadata = (): Map<string, unknown> => new Map([["filter_metadata", new Map()]]);

function valueOf(found: Found, path: string): unknown {
  if (found === undefined || found === unserializable) return undefined;
  if (path.endsWith("_metadata")) return metadata();
  if (path === "xds.node") return new Map<string, unknown>([["id", ""], ["cluster", ""]]); // prettier-ignore
  if (typeof found === "string") return readable(found);
  if (typeof found === "boolean") return found;
  if (found instanceof Uint8Array) {
    if (maps.has(path)) return new Map();
    return path.includes(".") ? readable(textOf(found)) : found;
  }
  if (typeof found === "number" || typeof found === "bigint") {
    const whole = BigInt(found);
    if (times.has(path)) return new Date(Number(whole / 1_000_000n));
    if (durations.has(path)) return new Duration(whole / 1_000_000_000n, Number(whole % 1_000_000_000n));
    return unsigned.has(path) ? new UnsignedInt(whole) : whole;
  }
  if ("double" in found) return found.double;
  return headers(found);
}

/** Names are found in any letter case, and `host` is `:authority`. */
function headers(all: HeaderMap): Map<string, string> {
  const map = new Map(all.pairs().map(([key]) => [readable(key), readable(all.get(key) ?? "")]));
  map.get = (name) => {
    const lower = String(name).toLowerCase();
    const value = all.get(lower === "host" ? ":authority" : lower);
    return value === undefined ? undefined : readable(value);
  };
  return map;
}
