/**
 * Responses that the filter gives instead of the upstream.
 *
 * @module
 */
import { GrpcStatus, HeaderMapType, Status } from "../abi/enums";
import { proxy_send_local_response } from "../abi/imports";
import { mark, release } from "../memory/scratch";
import { NO_PAIRS, NO_PAIRS_SIZE, addPair, beginPairs, endFewer, pairsSize } from "../memory/pairs";
import { forgetSnapshots } from "../memory/snapshots";
import { put, putSize } from "../memory/text";
import { DEBUG, MANY_READS } from "../runtime/build";
import { explain, record } from "../runtime/status";
import { log } from "../services/log";
import { hasValue } from "./header-reads";
import { isPairAllowed } from "./header-writes";
import { areRequestHeadersThere, isConnect } from "./stream-state";

/**
 * The options of `respond`; leave out those that you do not need.
 *
 * @example
 * return this.respond(429, "slow down\n", { headers: [["retry-after", "1"]], details: "too_many" });
 */
export class LocalResponseOptions {
  /** Headers as `[name, value]`. Envoy adds `content-length`, `content-type: text/plain`, `date` and `server`. */
  headers: string[][] = [];
  /** Why the filter answered, for access logs (`%RESPONSE_CODE_DETAILS%`); Envoy writes white space as `_`. */
  details: string = "";
  /**
   * The gRPC status, when the request is a gRPC one (`content-type: application/grpc`); the host then answers with
   * HTTP 200 and the body as `grpc-message`. Left out, it is derived from the HTTP status.
   */
  grpcStatus: GrpcStatus = GrpcStatus.Unset;
}

/**
 * The status to send for `code`: one that is none becomes 500, for Envoy 1.40 would send any number, also 0 or 101, as it is; so does
 * one that would open the tunnel that a CONNECT asks for, where nobody would be at its other end.
 */
// @ts-ignore: decorator
@inline
export function finalStatus(code: u32): u32 {
  if (code >= 300 && code <= 599) return code;
  if (code >= 200 && code <= 299 && !opensTunnel()) return code;
  log.error("respond: the status is not 200 to 599, or answers CONNECT with a tunnel; sending 500");
  return 500;
}

function opensTunnel(): bool {
  if (isConnect()) return true;
  return areRequestHeadersThere() && hasValue(HeaderMapType.RequestHeaders, ":method", "CONNECT");
}

/**
 * Sends the response. A local response is often a refusal, so it is sent even when something in it is wrong: headers that
 * cannot be sent are left out, which is logged as an error, and the answer is `Status.BadArgument`.
 */
export function sendLocalResponse(
  status: u32,
  body: usize,
  bodySize: usize,
  options: LocalResponseOptions | null,
): Status {
  if (MANY_READS) forgetSnapshots();
  return record(
    options === null
      ? proxy_send_local_response(status, 0, 0, body, bodySize, NO_PAIRS, NO_PAIRS_SIZE, GrpcStatus.Unset)
      : sendWithOptions(status, body, bodySize, options),
  );
}

function sendWithOptions(code: u32, body: usize, bodySize: usize, options: LocalResponseOptions): Status {
  const before = mark();
  let refused = Status.Ok;
  let headers = beginPairs(0, 0, options.headers);
  if (headers != 0) {
    if (!addSendable(options.headers)) refused = Status.BadArgument;
    headers = endFewer(headers);
  }
  if (headers == 0) {
    if (DEBUG) explain("respond: more than 1,024 headers or 1 MiB of them");
    refused = Status.BadArgument;
  }
  const details = put(options.details);
  const status = proxy_send_local_response(
    code,
    details,
    putSize,
    body,
    bodySize,
    headers == 0 ? NO_PAIRS : headers,
    headers == 0 ? NO_PAIRS_SIZE : pairsSize,
    options.grpcStatus,
  );
  release(before);
  if (refused != Status.Ok) log.error("respond: headers that cannot be sent are left out");
  return status != Status.Ok ? status : refused;
}

/** Writes the headers that can be sent; whether they all can. Those that say where the message ends are the host's to set. */
function addSendable(headers: string[][]): bool {
  let all = true;
  for (let i = 0; i < headers.length; i++) {
    const pair = unchecked(headers[i]);
    if (isPairAllowed(pair, true)) addPair(pair);
    else all = false;
  }
  return all;
}
