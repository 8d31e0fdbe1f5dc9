/** The attributes of a connection that is not HTTP. */
import { connectionAttribute, metadata, peerAttribute, upstreamAttribute } from "./attribute-parts.js";
import { unserializable } from "./properties.js";
import type { ConnectionInfo, Found, TcpInfo } from "./properties.js";

/** Sizes and times that only HTTP has are 0 for a connection. */
const zeros = new Set(["request.size", "request.total_size", "response.size", "response.total_size"]);

/** The attributes of a connection that is not HTTP. */
export function connectionAttributes(
  path: readonly string[],
  connection: ConnectionInfo,
  info: TcpInfo,
): Found {
  const [top, field, ...rest] = path;
  if (top === "connection_id") return connection.id;
  if (top === "metadata") return metadata(path.slice(1));
  if (field === undefined) return maps.has(top!) ? unserializable : undefined;
  if (top === "source" || top === "destination") return peerAttribute(field, top, connection);
  if (top === "connection") return connectionAttribute(field, connection);
  if (top === "request" && field === "time") return info.startNanoseconds;
  if (top === "response" && field === "flags") return info.responseFlags;
  if (zeros.has(path.join("."))) return 0;
  if (top === "upstream") {
    if (field === "transport_failure_reason") return info.upstreamFailure;
    const isTried = info.upstreamAddress !== undefined;
    const clusterName = info.cluster ?? "";
    return upstreamAttribute(field, {
      ...info,
      upstreamTried: isTried,
      attempts: isTried ? 1 : 0,
      clusterName,
    });
  }
  if (top !== "xds") return undefined;
  switch (field) {
    case "listener_direction":
      return 0;
    case "cluster_name":
      return info.cluster;
    case "filter_chain_name":
      return "";
    case "cluster_metadata":
      return info.cluster === undefined ? undefined : metadata(rest);
    case "listener_metadata":
      return metadata(rest);
    case "upstream_host_metadata":
      return info.upstreamAddress === undefined ? undefined : unserializable;
    default:
      return undefined;
  }
}

/** The maps that have fields and no serialized form. */
const maps = new Set([
  "request",
  "response",
  "source",
  "destination",
  "connection",
  "upstream",
  "xds",
  "filter_state",
]);
