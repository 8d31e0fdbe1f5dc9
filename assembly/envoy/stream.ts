/**
 * Envoy's settings for the stream whose callback is running.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { lastStatus } from "../runtime/status";
import { callForeignFunction } from "../services/foreign";
import { ProtobufWriter } from "../codec/protobuf-writer";

/** How long filter state lives. */
export const enum LifeSpan {
  /** As long as the request. */
  FilterChain = 0,
  /** As long as the request, through internal redirects. */
  DownstreamRequest = 1,
  /** As long as the client's connection. */
  DownstreamConnection = 2,
}

/**
 * Chooses the route again, after filter state or metadata that routes match has been changed; in `onRequestHeaders`, and while
 * the request's headers are held. Elsewhere it is refused with `Status.BadArgument`: Envoy 1.40 could crash. A changed header
 * needs no call: Envoy chooses anew by itself. Source: Envoy's foreign function `clear_route_cache`, since 1.33.
 *
 * @example
 * property.set("tenant", "acme"); // routes match it as `wasm.tenant`
 * clearRouteCache();
 */
export function clearRouteCache(): Status {
  callForeignFunction("clear_route_cache", new Uint8Array(0));
  return lastStatus();
}

/**
 * Sets filter state that other filters of Envoy understand, `envoy.string` or `envoy.upstream.server_name` for example.
 * `Status.NotFound` when Envoy knows no such key or there is no stream, `Status.BadArgument` when the value does not suit
 * it. For state of your own, use `property.set`. Source: Envoy's foreign function `set_envoy_filter_state`.
 *
 * @example
 * setFilterState("envoy.upstream.server_name", "api.example.com", LifeSpan.DownstreamRequest);
 */
export function setFilterState(key: string, value: string, span: LifeSpan = LifeSpan.FilterChain): Status {
  const call = new ProtobufWriter();
  callForeignFunction("set_envoy_filter_state", call.text(1, key).text(2, value).number(3, span).toBytes());
  return lastStatus();
}

/** The types that a property can be declared with. */
export const enum PropertyType {
  /** Bytes as they are. */
  Bytes = 0,
  /** Text. */
  String = 1,
  /** The schema is a binary FlatBuffers schema. */
  FlatBuffers = 2,
  /** The schema is a type URL. */
  Protobuf = 3,
}

/**
 * Declares a property that `property.set` will set: its type, whether it can be set once only, how long it lives. Call it in
 * `onConfigure`; `Status.BadArgument` when it is declared already. Source: Envoy's foreign function `declare_property`.
 *
 * @example
 * declareProperty("tenant", true, PropertyType.String, LifeSpan.DownstreamConnection);
 */
export function declareProperty(
  name: string,
  readonly: bool,
  type: PropertyType = PropertyType.Bytes,
  span: LifeSpan = LifeSpan.FilterChain,
  schema: Uint8Array = new Uint8Array(0),
): Status {
  const call = new ProtobufWriter();
  call
    .text(1, name)
    .number(2, readonly ? 1 : 0)
    .number(3, type)
    .bytes(4, schema);
  callForeignFunction("declare_property", call.number(5, span).toBytes());
  return lastStatus();
}
