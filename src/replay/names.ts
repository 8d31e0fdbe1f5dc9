/**
 * Names of the values that the host hands over: they tell the user which ones a log without bytes lacks.
 *
 * @module
 */
import { readable, textOf } from "../host/abi/text.js";

const MAPS = [
  ...["request header", "request trailer", "response header", "response trailer"],
  ...["gRPC initial metadata", "gRPC trailing metadata", "call response header", "call response trailer"],
];
const BUFFERS = [
  ...["request body", "response body", "downstream data", "upstream data", "call response body"],
  ...["gRPC message", "VM configuration", "plugin configuration", "call data"],
];

/** The header map of this type, in the singular: "request header". */
function mapName(type: string | undefined): string {
  return MAPS[Number(type)] ?? `header map ${type}`;
}

/** The buffer of this type: "request body". */
export function bufferName(type: string | undefined): string {
  return BUFFERS[Number(type)] ?? `buffer ${type}`;
}

/** The name of what a host function hands over; the module has passed these texts. */
export function nameOf(
  name: string,
  args: readonly string[],
  passed: readonly (Uint8Array | undefined)[],
): string {
  const text = readable(textOf(passed[0] ?? new Uint8Array(0)));
  switch (name) {
    case "proxy_get_header_map_value":
    case "proxy_add_header_map_value":
    case "proxy_replace_header_map_value":
    case "proxy_remove_header_map_value":
      return `${mapName(args[0])} ${text}`;
    case "proxy_get_header_map_pairs":
    case "proxy_set_header_map_pairs":
      return `all ${mapName(args[0]).replace(/(header|trailer)$/, "$1s")}`;
    case "proxy_get_header_map_size":
      return `size of the ${mapName(args[0]).replace(/(header|trailer)$/, "$1s")}`;
    case "proxy_get_buffer_bytes":
    case "proxy_set_buffer_bytes":
      return bufferName(args[0]);
    case "proxy_get_buffer_status":
      return `length of the ${bufferName(args[0])}`;
    case "proxy_get_property":
    case "proxy_set_property":
      return `property ${text.replace(/\0$/, "").replaceAll("\0", ".")}`;
    case "proxy_get_shared_data":
    case "proxy_set_shared_data":
      return `shared data ${text}`;
    case "proxy_register_shared_queue":
      return `number of the queue ${text}`;
    case "proxy_resolve_shared_queue":
      return `number of the queue ${readable(textOf(passed[1] ?? new Uint8Array(0)))}`;
    case "proxy_dequeue_shared_queue":
      return `message of queue ${args[0]}`;
    case "proxy_call_foreign_function":
      return `result of the foreign function ${text}`;
    case "proxy_get_metric":
      return `value of metric ${args[0]}`;
    case "proxy_get_status":
      return "gRPC status";
    case "proxy_get_configuration":
      return "configuration";
    case "random_get":
      return "random bytes";
    case "environ_get":
    case "environ_sizes_get":
      return "environment variables";
    default:
      return `result of ${name}`;
  }
}
