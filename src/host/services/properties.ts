import { encodePairs } from "../abi/pairs.js";
import type { HeaderMap } from "../abi/header-map.js";
import { bytesOf, noBytes } from "../abi/text.js";

/**
 * A property: text goes out as its bytes (those that a caller gives are UTF-8, the host's own are binary text), a number as a 64-bit integer, a boolean as one byte, bytes as
 * they are, headers as pairs, and nothing as an unset message.
 */
export type PropertyValue =
  string | number | bigint | boolean | Uint8Array | HeaderMap | { readonly double: number };

/** A map that has fields but no serialized form of its own, such as `request`. */
export const unserializable = Symbol("unserializable");

/** What a path leads to; undefined is NotFound. */
export type Found = PropertyValue | typeof unserializable | undefined;

/** A property's bytes, as Envoy serializes them. */
export function serialize(value: PropertyValue): Uint8Array {
  if (typeof value === "string") return bytesOf(value);
  if (typeof value === "boolean") return Uint8Array.of(value ? 1 : 0);
  if (value instanceof Uint8Array) return value;
  if (typeof value === "number" || typeof value === "bigint") {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigInt64(0, BigInt.asIntN(64, BigInt(value)), true);
    return bytes;
  }
  if ("double" in value) {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value.double, true);
    return bytes;
  }
  return encodePairs(value.pairs());
}

/** A connection, as attributes tell it. */
export interface ConnectionInfo {
  readonly id: number;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
}

/** What is known of a request, as attributes tell it. */
export interface RequestInfo {
  readonly connection: ConnectionInfo;
  readonly protocol: string;
  /** Milliseconds since 1970. */
  readonly startTime: number;
  /** The same in nanoseconds; no two streams of a thread begin in the same. */
  readonly startNanoseconds: bigint;
  /** Undefined before the end. */
  endTime: number | undefined;
  requestSize: number;
  requestTotalSize: number;
  responseCode: number | undefined;
  responseCodeDetails: string | undefined;
  responseFlags: number;
  responseSize: number;
  responseTotalSize: number;
  upstreamAddress: string | undefined;
  upstreamLatency: number | undefined;
  /** Whether all of the upstream's response has come. */
  upstreamComplete: boolean;
  attempts: number;
  routeName: string;
  clusterName: string;
}

/** The headers that a context may see now. */
export interface Visible {
  readonly requestHeaders: HeaderMap | undefined;
  readonly responseHeaders: HeaderMap | undefined;
  readonly responseTrailers: HeaderMap | undefined;
}

const port = (address: string): number => Number(address.slice(address.lastIndexOf(":") + 1));

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
      return field === undefined ? unserializable : xdsAttribute(field, info);
    case "metadata":
      if (field === undefined) return noBytes;
      return field === "filter_metadata" && rest.length === 0 ? Uint8Array.of(0, 0, 0, 0) : undefined;
    default:
      return undefined;
  }
}

/** What is known of a connection that is not HTTP. */
export interface TcpInfo {
  /** The cluster, once it is chosen. */
  readonly cluster: string | undefined;
  /** Undefined before the connection to the upstream is made. */
  readonly upstreamAddress: string | undefined;
  readonly startNanoseconds: bigint;
}

/** The attributes of a connection that is not HTTP. */
export function connectionAttributes(
  path: readonly string[],
  connection: ConnectionInfo,
  { cluster, upstreamAddress, startNanoseconds }: TcpInfo,
): Found {
  const [top, field] = path;
  if (top === "source" || top === "destination")
    return field === undefined ? unserializable : peerAttribute(field, top, connection);
  if (top === "connection")
    return field === undefined ? unserializable : connectionAttribute(field, connection);
  if (top === "connection_id") return connection.id;
  if (top === "xds" && field === "listener_direction") return 0;
  if (top === "xds" && field === "cluster_name") return cluster;
  if (top === "xds" && field === "filter_chain_name") return "";
  if (top === "request" && field === "time") return startNanoseconds;
  if (top === "request" && field === "size") return 0;
  if (top === "response" && ["flags", "size", "total_size"].includes(field ?? "")) return 0;
  if (top === "upstream" && field === "request_attempt_count") return upstreamAddress === undefined ? 0 : 1;
  if (top === "upstream" && field === "port")
    return upstreamAddress === undefined ? undefined : port(upstreamAddress);
  return undefined;
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
      return info.responseCode === undefined ? undefined : 2;
    }
    case "backend_latency":
      return info.upstreamLatency === undefined || (!info.upstreamComplete && info.endTime === undefined)
        ? undefined
        : BigInt(Math.round(info.upstreamLatency * 1e6));
  }
  return undefined;
}

function peerAttribute(field: string, side: "source" | "destination", connection: ConnectionInfo): Found {
  const address = side === "source" ? connection.sourceAddress : connection.destinationAddress;
  if (field === "address") return address;
  return field === "port" ? port(address) : undefined;
}

function connectionAttribute(field: string, connection: ConnectionInfo): Found {
  if (field === "id") return connection.id;
  if (field === "mtls") return false;
  return field === "requested_server_name" ? "" : undefined;
}

function upstreamAttribute(field: string, info: RequestInfo): Found {
  if (field === "request_attempt_count") return info.attempts;
  if (field === "num_endpoints") return info.clusterName === "" ? undefined : 1;
  const address = info.upstreamAddress;
  if (address === undefined) return undefined;
  if (field === "address" || field === "local_address") return address;
  if (field === "port") return port(address);
  if (field === "locality") return noBytes;
  return field === "cx_pool_ready_duration" ? 0 : undefined;
}

function xdsAttribute(field: string, info: RequestInfo): Found {
  switch (field) {
    case "cluster_name":
      return info.clusterName === "" ? undefined : info.clusterName;
    case "route_name":
      return info.routeName;
    case "virtual_host_name":
      return "all";
    case "filter_chain_name":
      return "";
    case "listener_direction":
      return 0;
    case "node":
    case "cluster_metadata":
    case "listener_metadata":
    case "route_metadata":
      return noBytes;
    case "upstream_host_metadata":
      return info.upstreamAddress === undefined ? undefined : unserializable;
  }
  return undefined;
}
