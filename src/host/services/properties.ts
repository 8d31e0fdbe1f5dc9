import { encodePairs } from "../abi/pairs.js";
import type { HeaderMap } from "../abi/header-map.js";
import { bytesOf } from "../abi/text.js";

/**
 * A property: text goes out as its bytes (those that a caller gives are UTF-8, the host's own are binary text), a number as a 64-bit integer, a boolean as one byte, bytes as
 * they are, headers as pairs, and nothing as an unset message.
 */
export type PropertyValue =
  string | number | bigint | boolean | Uint8Array | HeaderMap | { readonly double: number };

/** A map that has fields but no serialized form of its own, such as `request`. */
export const unserializable = Symbol("unserializable");

/** The value of a path; undefined is NotFound. */
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

/** The facts about a request, as attributes tell them. */
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
  /** Tells whether a connection to the upstream was got, or could not be. */
  upstreamTried: boolean;
  /** Why there is no connection to the upstream. */
  upstreamFailure: string;
  upstreamLatency: number | undefined;
  /** Tells whether all of the upstream's response has come. */
  upstreamComplete: boolean;
  attempts: number;
  /** Undefined without a route. */
  routeName: string | undefined;
  /** Empty where the route leads to no cluster. */
  clusterName: string;
}

/** The headers that a context may see now. */
export interface Visible {
  readonly requestHeaders: HeaderMap | undefined;
  readonly responseHeaders: HeaderMap | undefined;
  readonly responseTrailers: HeaderMap | undefined;
}

/** The facts about a connection that is not HTTP. */
export interface TcpInfo {
  /** The cluster, once it is chosen. */
  readonly cluster: string | undefined;
  /** Undefined before the connection to the upstream is made, or has failed. */
  readonly upstreamAddress: string | undefined;
  /** Why there is no connection to the upstream. */
  readonly upstreamFailure: string;
  readonly responseFlags: number;
  readonly startNanoseconds: bigint;
}
