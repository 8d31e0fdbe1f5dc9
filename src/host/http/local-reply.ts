import { HeaderMap } from "../abi/header-map.js";
import type { Pairs } from "../abi/pairs.js";
import { noBytes, textOf } from "../abi/text.js";
import { grpcStatusOf } from "../services/grpc-status.js";

/** A reply that is not the upstream's. */
export interface LocalReply {
  readonly status: number;
  readonly body: Uint8Array;
  readonly headers: Readonly<Pairs>;
  /** Undefined derives it from the HTTP status. */
  readonly grpcStatus: number | undefined;
  /** The value of %RESPONSE_CODE_DETAILS% in the access log. */
  readonly details: string;
}

/** A local reply as it goes out. */
export interface PreparedReply {
  readonly headers: HeaderMap;
  readonly body: Uint8Array;
  readonly endStream: boolean;
}

/** Tells whether a request is for gRPC: local replies to it are gRPC answers. */
export function isGrpcRequest(headers: HeaderMap): boolean {
  return /^application\/grpc($|\+)/.test(headers.get("content-type") ?? "");
}

/** Makes the headers and the body of a local reply. */
export function prepareReply(reply: LocalReply, isGrpc: boolean, isHead: boolean): PreparedReply {
  const headers = HeaderMap.of([[":status", String(reply.status)]]);
  for (const [name, value] of reply.headers) if (!name.startsWith(":")) headers.add(name, value);
  if (isGrpc) {
    headers.put(":status", "200");
    headers.put("content-type", "application/grpc");
    if (!headers.has("grpc-status"))
      headers.put("grpc-status", String(reply.grpcStatus ?? grpcStatusOf(reply.status)));
    if (reply.body.length > 0 && !isHead) headers.put("grpc-message", percentEncode(textOf(reply.body)));
    headers.remove("content-length");
    return { headers, body: noBytes, endStream: true };
  }
  if (reply.body.length > 0) {
    headers.put("content-length", String(reply.body.length));
    if (!headers.has("content-type")) headers.put("content-type", "text/plain");
  } else {
    headers.remove("content-length");
    headers.remove("content-type");
  }
  return { headers, body: reply.body, endStream: isHead || reply.body.length === 0 };
}

function percentEncode(text: string): string {
  return text.replace(
    /[^\x20-\x24\x26-\x7e]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

const reasons: Readonly<Record<number, string>> = { 413: "Payload Too Large", 500: "Internal Server Error" };

/** A reply of Envoy itself. */
export function ownReply(status: number, details: string, body = reasons[status] ?? ""): LocalReply {
  const bytes = new Uint8Array(body.length);
  for (let i = 0; i < body.length; i++) bytes[i] = body.charCodeAt(i);
  return { status, body: bytes, headers: [], grpcStatus: undefined, details };
}
