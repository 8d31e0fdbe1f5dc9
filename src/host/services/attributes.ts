/** The attributes of a request, as Envoy names them. */
import type { HeaderMap } from "../abi/header-map.js";
import { connectionAttribute, metadata, peerAttribute, upstreamAttribute } from "./attribute-parts.js";
import { grpcStatusOf } from "./grpc-status.js";
import { unserializable } from "./properties.js";
import type { Found, RequestInfo, Visible } from "./properties.js";

/** The attributes of a request. */
export function attribute(path: readonly string[], info: RequestInfo, visible: Visible): Found {
  const [top, field, ...rest] = path;
  switch (top) {
    case "request":
      return field === undefined
        ? unserializable
        : requestAttribute(field, rest, info, visible.requestHeaders);
    case "response":
      return field === undefined ? unserializable : responseAttribute(field, rest, info, visible);
    case "source":
    case "destination":
      return field === undefined ? unserializable : peerAttribute(field, top, info.connection);
    case "connection":
      return field === undefined ? unserializable : connectionAttribute(field, info.connection);
    case "connection_id":
      return field === undefined ? info.connection.id : undefined;
    case "upstream":
      return field === undefined ? unserializable : upstreamAttribute(field, info);
    case "xds":
      return field === undefined ? unserializable : xdsAttribute(field, rest, info);
    case "metadata":
      return metadata(path.slice(1));
    case "filter_state":
      return field === undefined ? unserializable : undefined;
    default:
      return undefined;
  }
}

function headersAttribute(rest: readonly string[], headers: HeaderMap | undefined): Found {
  if (rest.length === 0) return headers ?? Uint8Array.of(0, 0, 0, 0);
  return headers?.get(rest[0]!);
}

function requestAttribute(
  field: string,
  rest: readonly string[],
  info: RequestInfo,
  headers: HeaderMap | undefined,
): Found {
  switch (field) {
    case "headers":
      return headersAttribute(rest, headers);
    case "time":
      return info.startNanoseconds;
    case "duration":
      return info.endTime === undefined
        ? undefined
        : BigInt(Math.round((info.endTime - info.startTime) * 1e6));
    case "protocol":
      return info.protocol;
    case "size": {
      const length = headers?.get("content-length");
      return length !== undefined && /^\d+$/.test(length) ? Number(length) : info.requestSize;
    }
    case "total_size":
      return info.requestTotalSize;
  }
  if (headers === undefined) return undefined;
  const path = headers.get(":path");
  switch (field) {
    case "path":
      return path;
    case "url_path":
      return path?.split("?")[0];
    case "query":
      return path === undefined ? undefined : path.split("?").slice(1).join("?").split("#")[0];
    case "host":
      return headers.get(":authority");
    case "scheme":
      return headers.get(":scheme");
    case "method":
      return headers.get(":method");
    case "referer":
      return headers.get("referer");
    case "useragent":
      return headers.get("user-agent");
    case "id":
      return headers.get("x-request-id");
  }
  return undefined;
}

function responseAttribute(
  field: string,
  rest: readonly string[],
  info: RequestInfo,
  visible: Visible,
): Found {
  switch (field) {
    case "code":
      return info.responseCode;
    case "code_details":
      return info.responseCodeDetails;
    case "flags":
      return info.responseFlags;
    case "size":
      return info.responseSize;
    case "total_size":
      return info.responseTotalSize;
    case "headers":
      return headersAttribute(rest, visible.responseHeaders);
    case "trailers":
      return headersAttribute(rest, visible.responseTrailers);
    case "grpc_status": {
      const status =
        visible.responseTrailers?.get("grpc-status") ?? visible.responseHeaders?.get("grpc-status");
      if (status !== undefined) return Number(status);
      return info.responseCode === undefined ? undefined : grpcStatusOf(info.responseCode);
    }
    case "backend_latency":
      return info.upstreamLatency === undefined || (!info.upstreamComplete && info.endTime === undefined)
        ? undefined
        : BigInt(Math.round(info.upstreamLatency * 1e6));
  }
  return undefined;
}

function xdsAttribute(field: string, rest: readonly string[], info: RequestInfo): Found {
  const hasCluster = info.clusterName !== "";
  switch (field) {
    case "cluster_name":
      return hasCluster ? info.clusterName : undefined;
    case "route_name":
      return info.routeName;
    case "virtual_host_name":
      return "all";
    case "filter_chain_name":
      return "";
    case "listener_direction":
      return 0;
    case "cluster_metadata":
      return hasCluster ? metadata(rest) : undefined;
    case "listener_metadata":
      return metadata(rest);
    case "route_metadata":
      return info.routeName === undefined ? undefined : metadata(rest);
    case "upstream_host_metadata":
      return info.upstreamAddress === undefined ? undefined : unserializable;
    default:
      return undefined;
  }
}
