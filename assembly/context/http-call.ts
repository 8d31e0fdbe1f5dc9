/// <reference path="../runtime/build.d.ts" />
/**
 * HTTP calls to clusters of the host.
 *
 * @module
 */
import { Status } from "../abi/enums";
import { proxy_http_call } from "../abi/imports";
import { arePairsAllowed } from "../http/header-writes";
import { isFieldName, isFieldValue, isFraming, isHost, isPseudo, nameKind } from "../memory/field-syntax";
import { asksForTrailers } from "../memory/pseudo";
import {
  NO_PAIRS,
  NO_PAIRS_SIZE,
  addPairs,
  addText,
  beginPairs,
  endPairs,
  pairsSize,
  putPairs,
} from "../memory/pairs";
import { hasOwnEnd, isTarget } from "../memory/pseudo";
import { expectValue, receivedU32 } from "../memory/host-values";
import { OUT, mark, release } from "../memory/scratch";
import { note, noteOf, put, putSize } from "../memory/text";
import { DEBUG } from "../runtime/build";
import { actOn, noteDeferred } from "../runtime/current-callback";
import { explain, record, refuse } from "../runtime/status";
import { Target } from "../runtime/target";
import { CallResult } from "./call-result";
import { PendingCall, addPendingCall } from "./pending-calls";

/**
 * The options of `fetch`; leave out those that you do not need.
 *
 * @example
 * this.fetch("audit", { method: "POST", path: "/log", body: line, headers: [["x-kind", "deny"]], timeout: 200 }, (result) => {});
 */
export class CallOptions {
  /** The method; not CONNECT. */
  method: string = "GET";
  /** The path, with its query: it begins with "/" and has no white space. `percentEncode` what others have written. */
  path: string = "/";
  /** The `host` that the upstream sees; the cluster's name unless given. */
  authority: string = "";
  /**
   * More headers as `[name, value]`; not what other options say (`:path`, `host`) and what the host sets (`content-length`, `te` unless it
   * is "trailers").
   */
  headers: string[][] = [];
  /** The body as text. */
  body: string = "";
  /** The body as bytes, in place of `body`. */
  bytes: Uint8Array | null = null;
  /** Trailers as `[name, value]`. */
  trailers: string[][] = [];
  /** Milliseconds until Envoy answers 504 in the upstream's stead; 0 waits for ever. */
  timeout: u32 = 5000;
}

/** A call whose answer goes to a function of `self`. */
class PendingHttpCall<T> extends PendingCall {
  private readonly looksLikeGrpc: bool = looksLikeGrpc;

  constructor(
    context: Target,
    private readonly self: T,
    private readonly callback: (self: T, result: CallResult) => void,
  ) {
    super(context);
  }

  onHttpResponse(result: CallResult): void {
    result.$looksLikeGrpc = this.looksLikeGrpc;
    this.callback(this.self, result);
  }
}

/** Sends the call, and keeps `callback` for its answer. */
export function sendHttpCall<T>(
  context: Target,
  cluster: string,
  options: CallOptions,
  self: T,
  callback: (self: T, result: CallResult) => void,
): Status {
  if (!actOn(context)) {
    if (DEBUG) explain("fetch: the context is gone");
    return refuse();
  }
  noteDeferred();
  const before = mark();
  const status = send(cluster, options);
  const token = receivedU32();
  release(before);
  if (record(status) == Status.Ok) addPendingCall(token, new PendingHttpCall<T>(context, self, callback));
  return status;
}

function send(cluster: string, options: CallOptions): Status {
  if (!mayBeSent(options)) return Status.BadArgument;
  if (options.trailers.length > 0 && !arePairsAllowed(options.trailers, true)) return Status.BadArgument;
  if (options.timeout > <u32>i32.MAX_VALUE) {
    if (DEBUG) explain("fetch: the timeout is at most 2147483647 milliseconds");
    return Status.BadArgument;
  }
  const clusterAddress = put(cluster);
  const clusterSize = putSize;
  const headersAddress = putHeaders(cluster, options);
  if (headersAddress == 0) return Status.BadArgument;
  const headersSize = pairsSize;
  const trailersAddress = options.trailers.length == 0 ? NO_PAIRS : putPairs(options.trailers);
  const trailersSize = options.trailers.length == 0 ? NO_PAIRS_SIZE : pairsSize;
  if (trailersSize == 0) {
    if (DEBUG) explain("fetch: more than 1,024 trailers or 1 MiB of them");
    return Status.BadArgument;
  }
  const bytes = options.bytes;
  const bodyAddress = bytes === null ? put(options.body) : bytes.dataStart;
  const bodySize = bytes === null ? putSize : <usize>bytes.byteLength;
  expectValue();
  const status = <Status>(
    proxy_http_call(
      clusterAddress,
      clusterSize,
      headersAddress,
      headersSize,
      bodyAddress,
      bodySize,
      trailersAddress,
      trailersSize,
      options.timeout,
      OUT,
    )
  );
  if (DEBUG && status != Status.Ok) {
    explain(
      status == Status.BadArgument
        ? "fetch: the host has no cluster '" + cluster + "'"
        : "fetch: the host could not begin the call to '" + cluster + "': has the cluster an endpoint?",
    );
  }
  return status;
}

/** The call that was sent last has a header that may tell the host that it is gRPC: "content-type", or another as long and with its first letter. */
let looksLikeGrpc: bool = false;

/** Tells whether the headers of the call can be sent, as far as they are not options of their own. */
function mayBeSent(options: CallOptions): bool {
  const headers = options.headers;
  looksLikeGrpc = false;
  for (let i = 0; i < headers.length; i++) {
    const pair = unchecked(headers[i]);
    if (pair.length == 2 && pair[0].length == 12 && (pair[0].charCodeAt(0) | 0x20) == 0x63)
      looksLikeGrpc = true;
    if (pair.length == 2 && isOwn(unchecked(pair[0]), unchecked(pair[1]))) {
      if (DEBUG)
        explain("fetch: '" + pair[0] + "' is set by an option or by the host; leave it out of headers");
      return false;
    }
  }
  return headers.length == 0 || arePairsAllowed(headers, false);
}

/** How many headers come from options of their own. */
const OWN: usize = 3;

/** Writes all headers of the call; 0 when they cannot be sent. */
function putHeaders(cluster: string, options: CallOptions): usize {
  const method = options.method;
  const path = options.path;
  const authority = options.authority.length > 0 ? options.authority : cluster;
  const most: usize = 64 + <usize>(method.length + path.length + authority.length) * 3;
  const block = beginPairs(OWN, most, options.headers);
  if (block != 0) {
    addText(":method");
    if (!isMethod(addText(method), putSize)) return refuseOption("method", method);
    addText(":path");
    if (!isPath(addText(path), putSize)) return refuseOption("path", path);
    addText(":authority");
    if (!isFieldValue(addText(authority), putSize)) return refuseOption("authority", authority);
    addPairs(options.headers);
    if (endPairs(block) != 0) return block;
  }
  if (DEBUG) explain("fetch: more than 1,024 headers or 1 MiB of them");
  return 0;
}

/** Says why an option cannot be sent: the message would be broken apart by it, or be another than it seems. */
function refuseOption(name: string, value: string): usize {
  if (DEBUG) explain("fetch: '" + value + "' cannot be the value for ':" + name + "': " + ruleOf(name));
  return 0;
}

/** A note beside those of `field-syntax.ts`: the bytes are a path. */
const PATH: u32 = 128;

/** Tells whether it is a path with its query; of a literal that is found out once. */
function isPath(value: usize, size: usize): bool {
  const known = noteOf(value);
  if ((known & PATH) != 0) return true;
  if (!isTarget(value, size)) return false;
  note(value, known | PATH);
  return true;
}

/** Tells whether it is a method after which request and answer end as others do; HEAD is one, as hosts know it. */
function isMethod(value: usize, size: usize): bool {
  const kind = nameKind(value, size);
  return isFieldName(kind) && !isPseudo(kind) && !(size == 7 && hasOwnEnd(value, size));
}

/** The rule for a pseudo-header of a call, for people. */
function ruleOf(name: string): string {
  if (name == "path") return "a path begins with '/' and has no white space; percentEncode its parts";
  if (name == "method") return "a method is made of token characters, and CONNECT makes a tunnel";
  return "a host has no control characters";
}

/** Tells whether a header of a call is set by an option, or is the host's to set: all but a wish for trailers. */
function isOwn(name: string, value: string): bool {
  if (name.startsWith(":")) return name != ":scheme";
  const before = mark();
  const kind = nameKind(put(name), putSize);
  const nameSize = putSize;
  const own = isHost(kind) || (isFraming(kind) && !asksForTrailers(nameSize, put(value), putSize));
  release(before);
  return own;
}
