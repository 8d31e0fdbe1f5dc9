/** The common part of the attributes of requests and of connections. */
import { noBytes } from "../abi/text.js";
import { unserializable } from "./properties.js";
import type { ConnectionInfo, Found, RequestInfo } from "./properties.js";

const port = (address: string): number => Number(address.slice(address.lastIndexOf(":") + 1));

/** Metadata that nobody has set: no names, and no field of any. */
export function metadata(rest: readonly string[]): Found {
  if (rest.length === 0) return noBytes;
  const isMap = rest.length === 1 && (rest[0] === "filter_metadata" || rest[0] === "typed_filter_metadata");
  return isMap ? Uint8Array.of(0, 0, 0, 0) : undefined;
}

/** The attributes of the node, which every context may read. The node has no name here. */
export function nodeAttribute(path: readonly string[]): Found {
  const [top, field, part, ...rest] = path;
  if (top !== "xds") return undefined;
  if (field === undefined) return unserializable;
  if (field !== "node") return undefined;
  if (part === undefined) return noBytes;
  return rest.length === 0 && (part === "id" || part === "cluster") ? "" : undefined;
}

/** An address, or its port. */
export function peerAttribute(
  field: string,
  side: "source" | "destination",
  connection: ConnectionInfo,
): Found {
  const address = side === "source" ? connection.sourceAddress : connection.destinationAddress;
  if (field === "address") return address;
  return field === "port" ? port(address) : undefined;
}

/** The attributes of the client's connection, which has no TLS here. */
export function connectionAttribute(field: string, connection: ConnectionInfo): Found {
  if (field === "id") return connection.id;
  if (field === "mtls") return false;
  return field === "requested_server_name" ? "" : undefined;
}

/** The part of what is known that tells of the upstream. */
export type UpstreamInfo = Pick<
  RequestInfo,
  "attempts" | "clusterName" | "upstreamAddress" | "upstreamTried" | "upstreamFailure"
>;

/** The attributes of the upstream; there are none before an endpoint is chosen. */
export function upstreamAttribute(field: string, info: UpstreamInfo): Found {
  if (field === "request_attempt_count") return info.attempts;
  if (field === "num_endpoints") return info.clusterName === "" ? undefined : 1;
  const address = info.upstreamAddress;
  if (address === undefined) return undefined;
  switch (field) {
    case "address":
    case "local_address":
      return address;
    case "port":
      return port(address);
    case "locality":
      return noBytes;
    case "transport_failure_reason":
      return info.upstreamFailure;
    case "cx_pool_ready_duration":
      return info.upstreamTried ? 0 : undefined;
    default:
      return undefined;
  }
}
