import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Duplex } from "node:stream";
import type { Host } from "../host.js";
import type { HttpStream } from "../http/stream.js";
import type { ConnectionInfo } from "../services/properties.js";
import { readable } from "../abi/text.js";
import { pairsOf } from "./http1-cluster.js";
import type { Run } from "./http1-cluster.js";
import { EndJoiner } from "./end-joiner.js";
import { headersOf } from "./http2-cluster.js";

type Incoming = IncomingMessage | Http2ServerRequest;
type Outgoing = ServerResponse | Http2ServerResponse;

const empty = new Uint8Array(0);

/** A request that is over. */
export interface ServedRequest {
  readonly method: string;
  readonly path: string;
  /** Undefined when the client got no response. */
  readonly status: number | undefined;
  /** Why the response is what it is, in Envoy's words: "via_upstream", a filter's own details, a failure. */
  readonly details: string;
  /** The response's body. */
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Leads one request of a client through the host; calls `onEnd` when it is over, and `tell` with what it was. */
export function serve(
  host: Host,
  run: Run,
  incoming: Incoming,
  outgoing: Outgoing,
  onEnd: () => void,
  tell?: (request: ServedRequest) => void,
): void {
  const isHttp2 = incoming.httpVersionMajor === 2;
  let over = false;
  let stream: HttpStream | undefined;
  const began = performance.now();
  let status: number | undefined;
  let bytesSent = 0;
  const end = (): void => {
    if (over) return;
    over = true;
    incoming.resume(); // what is left of the request stands before the connection's next one
    onEnd();
    tell?.({
      method: incoming.method ?? "GET",
      path: readable(incoming.url ?? "/"),
      status,
      details: readable(stream?.info.responseCodeDetails ?? ""),
      bytes: bytesSent,
      milliseconds: performance.now() - began,
    });
  };
  const hasBody = isHttp2
    ? !(incoming as Http2ServerRequest).stream.endAfterHeaders
    : incoming.headers["transfer-encoding"] !== undefined ||
      Number(incoming.headers["content-length"] ?? 0) > 0;
  // Over HTTP/2 Envoy sends at the end of an event; what a reset in the same event follows is never seen.
  let unsent: (() => void)[] | undefined;
  const send = (write: () => void): void => {
    if (!isHttp2) write();
    else if (unsent !== undefined) unsent.push(write);
    else {
      unsent = [write];
      queueMicrotask(() => {
        const writes = unsent ?? [];
        unsent = undefined;
        for (const one of writes) one();
      });
    }
  };
  const cut = (): void => {
    unsent = undefined;
    if (isHttp2) (outgoing as Http2ServerResponse).stream?.close(host.rules.cutsWithError ? 2 : 0);
    else if (outgoing.headersSent) (outgoing as ServerResponse).socket?.destroySoon();
    else outgoing.destroy();
    end();
  };
  run(() => {
    stream = host.openStream(
      {
        headers: (fields, endStream) => {
          status = Number(fields.find(([name]) => name === ":status")?.[1]);
          send(() => {
            try {
              writeHead(outgoing, fields, isHttp2, endStream || incoming.method === "HEAD");
            } catch {
              // Node refuses what Envoy would write as it is: a control character in a value.
              cut();
              return;
            }
            if (endStream) outgoing.end();
            else if (!isHttp2) (outgoing as ServerResponse).write(empty); // `flushHeaders` writes UTF-8
          });
          if (endStream) end();
        },
        data: (bytes, endStream) => {
          bytesSent += bytes.length;
          send(() => {
            if (outgoing.destroyed) return;
            if (bytes.length > 0 && !(outgoing as ServerResponse).write(bytes))
              stream?.pauseUpstream("client", true);
            if (endStream) outgoing.end();
          });
          if (endStream) end();
        },
        trailers: (fields) => {
          send(() => {
            if (outgoing.destroyed) return;
            if (isHttp2) (outgoing as Http2ServerResponse).addTrailers(headersOf(fields));
            else
              (outgoing as ServerResponse).addTrailers(
                fields.map(([name, value]): [string, string] => [name, value]),
              );
            outgoing.end();
          });
          end();
        },
        reset: cut,
        pause: (paused) => (paused ? incoming.pause() : incoming.resume()),
      },
      { protocol: isHttp2 ? "HTTP/2" : "HTTP/1.1", connection: connectionOf(incoming) },
    );
    stream.onHeaders(requestFields(incoming), !hasBody);
  });
  outgoing.on("drain", () => run(() => stream?.pauseUpstream("client", false)));
  const onData = (bytes: Uint8Array, endStream: boolean): void => {
    if (!over) run(() => stream?.onData(bytes, endStream));
  };
  const joined = new EndJoiner(onData);
  incoming.on("data", (bytes: Buffer) => {
    if (!hasBody) return;
    if (isHttp2) joined.data(new Uint8Array(bytes));
    else onData(new Uint8Array(bytes), false);
  });
  incoming.on("end", () => {
    if (!hasBody || over) return;
    const { rawTrailers } = incoming;
    if (rawTrailers.length === 0) {
      joined.end();
      return;
    }
    joined.flush(false);
    run(() => stream?.onTrailers(pairsOf(rawTrailers)));
  });
  let isGone = false;
  const gone = (): void => {
    if (over || isGone) return;
    isGone = true;
    // First, so that the stream knows why it is over when that is told.
    run(() => stream?.onClientReset());
    end();
  };
  incoming.on("error", gone);
  outgoing.on("close", gone);
}

/** Leads a connection that changes its protocol, such as a WebSocket, through the host. */
export function serveUpgrade(
  host: Host,
  run: Run,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  onEnd: () => void,
): void {
  let stream: HttpStream | undefined;
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    onEnd();
  };
  const close = (): void => {
    socket.end();
    end();
  };
  run(() => {
    stream = host.openStream(
      {
        headers: (fields, endStream) => {
          const status = fields.find(([name]) => name === ":status")?.[1] ?? "502";
          const lines = fields
            .filter(([name]) => !name.startsWith(":"))
            .map(([name, value]) => `${name}: ${value}`);
          socket.write(`HTTP/1.1 ${status} Status\r\n${lines.join("\r\n")}\r\n\r\n`, "latin1");
          if (endStream) close();
        },
        data: (bytes, endStream) => {
          if (bytes.length > 0 && !socket.write(bytes)) stream?.pauseUpstream("client", true);
          if (endStream) close();
        },
        trailers: close,
        reset: () => {
          socket.destroy();
          end();
        },
        pause: (paused) => (paused ? socket.pause() : socket.resume()),
      },
      { protocol: "HTTP/1.1", connection: connectionOf(incoming) },
    );
    stream.onHeaders(requestFields(incoming), false);
    if (head.length > 0) stream.onData(new Uint8Array(head), false);
  });
  socket.on("drain", () => run(() => stream?.pauseUpstream("client", false)));
  socket.on("data", (bytes: Buffer) => run(() => stream?.onData(new Uint8Array(bytes), false)));
  socket.on("end", () => run(() => stream?.onData(empty, true)));
  socket.on("error", () => undefined);
  socket.on("close", () => {
    if (over) return;
    end();
    run(() => stream?.onClientReset());
  });
}

function writeHead(
  outgoing: Outgoing,
  fields: readonly (readonly [string, string])[],
  isHttp2: boolean,
  hasNoBody: boolean,
): void {
  let status = 200;
  let hasLength = false;
  const raw: string[] = [];
  for (const [name, value] of fields) {
    if (name === ":status") status = Number(value);
    else if (!isHttp2 || !["connection", "transfer-encoding"].includes(name)) raw.push(name, value);
    hasLength ||= name === "content-length";
  }
  if (!isHttp2 && !hasNoBody && !hasLength && outgoing.req.httpVersionMinor > 0)
    raw.push("transfer-encoding", "chunked");
  (outgoing as ServerResponse).sendDate = false;
  if (!isHttp2) {
    (outgoing as ServerResponse).writeHead(status, raw);
    return;
  }
  (outgoing as Http2ServerResponse).writeHead(status, headersOf(pairsOf(raw)));
}

function requestFields(incoming: Incoming): [string, string][] {
  const pairs = pairsOf(incoming.rawHeaders);
  const has = (wanted: string): boolean => pairs.some(([name]) => name === wanted);
  if (has(":path")) return pairs;
  const host = pairs.find(([name]) => name === "host")?.[1];
  return [
    ...(host === undefined ? [] : [[":authority", host] as [string, string]]),
    [":path", incoming.url ?? "/"],
    [":method", incoming.method ?? "GET"],
    [":scheme", "http"],
    ...pairs.filter(([name]) => name !== "host"),
  ];
}

let lastConnection = 0;
const ids = new WeakMap<object, number>();

function connectionOf(incoming: Incoming): ConnectionInfo {
  const { socket } = incoming;
  let id = ids.get(socket);
  if (id === undefined) ids.set(socket, (id = lastConnection++));
  return {
    id,
    sourceAddress: `${socket.remoteAddress ?? "127.0.0.1"}:${socket.remotePort ?? 0}`,
    destinationAddress: `${socket.localAddress ?? "127.0.0.1"}:${socket.localPort ?? 0}`,
  };
}
