/**
 * The texts in the module's data that the log line of a bug is put together from: the names of the filter's files and of its
 * callbacks, each with a byte before it that says how long it is.
 *
 * @module
 */

/** No longer than a byte can say; what is behind matters more in a path. */
const LONGEST = 255;

/** Those whose methods have other names, or several. */
const names: Readonly<Record<string, string>> = {
  _initialize: "module scope",
  proxy_on_context_create: "a constructor",
  proxy_on_tick: "a timer",
  proxy_on_http_call_response: "the answer to a call",
  proxy_on_grpc_receive: "the answer to a gRPC call",
  proxy_on_grpc_receive_initial_metadata: "a gRPC call's metadata",
  proxy_on_grpc_receive_trailing_metadata: "a gRPC call's metadata",
  proxy_on_grpc_close: "the end of a gRPC call",
};

/** A callback's name as filters know it: `onRequestHeaders` for `proxy_on_request_headers`. */
export function callbackName(name: string): string {
  return (
    names[name] ??
    name
      .replace(/^(proxy|envoy)_/, "")
      .replace(/^on_(downstream|upstream)_connection_close$/, "on_$1_close")
      .replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
  );
}

/** The texts, in the order in which they are asked for. */
export class Entries {
  private readonly offsets = new Map<string, number>();
  private parts: Uint8Array = new Uint8Array(0);

  /** How far into the entries a text stands. */
  offsetOf(text: string): number {
    const known = this.offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.parts.length;
    const bytes = Buffer.from(text).subarray(-LONGEST);
    this.parts = Buffer.concat([this.parts, Buffer.from([bytes.length]), bytes]);
    this.offsets.set(text, offset);
    return offset;
  }

  get bytes(): Uint8Array {
    return this.parts;
  }
}
