import { connect, constants } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { rulesOf } from "../envoy-rules.js";
import type { EnvoyRules } from "../envoy-rules.js";
import type { Cluster, Fields, ResetReason, UpstreamEvents, UpstreamRequest } from "../services/cluster.js";
import { EndJoiner } from "./end-joiner.js";
import type { Address, Run } from "./http1-cluster.js";

/** Envoy's names of the codes of RST_STREAM that it treats in ways of their own. */
const reasons: Readonly<Record<number, ResetReason>> = {
  [constants.NGHTTP2_PROTOCOL_ERROR]: "protocol error",
  [constants.NGHTTP2_REFUSED_STREAM]: "remote refused stream reset",
  [constants.NGHTTP2_CONNECT_ERROR]: "remote error with CONNECT request",
};

/** An upstream that speaks HTTP/2 without TLS, as gRPC servers do. */
export class Http2Cluster implements Cluster {
  readonly http2 = true;
  readonly address: string;
  private session: ClientHttp2Session | undefined;
  /** The sessions whose connection was made. */
  private readonly made = new WeakSet<ClientHttp2Session>();

  constructor(
    target: Address,
    private readonly run: Run,
    private readonly rules: EnvoyRules = rulesOf(),
  ) {
    this.address = `${target.host}:${target.port}`;
  }

  open(events: UpstreamEvents): UpstreamRequest {
    let stream: ClientHttp2Stream | undefined;
    let over = false;
    const tell = (event: () => void): void => {
      if (!over) this.run(event);
    };
    let requestTrailers: Fields = [];
    const listen = (opened: ClientHttp2Stream, session: ClientHttp2Session): void => {
      const fail = (): void => {
        joined.flush(false);
        tell(() => {
          over = true;
          events.reset(this.reasonOf(opened, session));
        });
      };
      opened.on("wantTrailers", () => opened.sendTrailers(headersOf(requestTrailers)));
      opened.on("drain", () => tell(() => events.full?.(false)));
      opened.on("response", (headers, flags) =>
        tell(() => events.headers(fieldsOf(headers), (flags & 1) !== 0)),
      );
      let trailers: Fields | undefined;
      // Node ends a stream that RST_STREAM without an error cuts in the same way as a whole one. But a cut one is closed before
      // its end.
      let isCut = false;
      const push = opened.push.bind(opened);
      opened.push = (chunk: unknown, encoding?: BufferEncoding) => {
        if (chunk === null && opened.closed) isCut = true;
        return push(chunk, encoding);
      };
      opened.on("trailers", (headers: IncomingHttpHeaders) => (trailers = fieldsOf(headers)));
      const joined = new EndJoiner((bytes, endStream) =>
        tell(() => {
          over ||= endStream;
          events.data(bytes, endStream);
        }),
      );
      opened.on("data", (bytes: Buffer) => joined.data(new Uint8Array(bytes)));
      opened.on("end", () => {
        // Node ends what was cut, too.
        if (isCut || opened.rstCode !== constants.NGHTTP2_NO_ERROR || opened.aborted || !opened.readableEnded)
          return;
        if (trailers === undefined) {
          joined.end();
          return;
        }
        joined.flush(false);
        tell(() => {
          over = true;
          events.trailers(trailers!);
        });
      });
      opened.on("error", fail);
      // CANCEL is no error to Node.
      opened.on("close", fail);
    };
    return {
      headers: (fields, endStream) => {
        // Without this, Node ends the stream with the last data, and has no place for trailers.
        const options = { endStream, waitForTrailers: !endStream };
        const session = this.connected();
        try {
          stream = session.request(headersOf(fields), options);
        } catch {
          over = true; // Node refuses what Envoy would send as it is
          this.run(() => events.reset("protocol error"));
          return;
        }
        listen(stream, session);
      },
      data: (bytes, endStream) => {
        if (over || stream === undefined || stream.writableEnded) return;
        if (bytes.length > 0 && !stream.write(bytes)) events.full?.(true);
        if (endStream) stream.end();
      },
      trailers: (fields) => {
        requestTrailers = fields;
        if (!over) stream?.end();
      },
      reset: () => {
        over = true;
        stream?.close(8);
      },
      pause: (paused) => {
        if (paused) stream?.pause();
        else stream?.resume();
      },
    };
  }

  close(): void {
    this.session?.close();
  }

  private connected(): ClientHttp2Session {
    if (this.session === undefined || this.session.closed || this.session.destroyed) {
      this.session = connect(`http://${this.address}`);
      const { session } = this;
      session.on("error", () => undefined);
      session.on("connect", () => this.made.add(session));
      session.unref();
    }
    return this.session;
  }

  /** Why a stream ended before its time, in Envoy's words. */
  private reasonOf({ rstCode }: ClientHttp2Stream, session: ClientHttp2Session): ResetReason {
    if (!this.made.has(session)) return "remote connection failure";
    if (session.destroyed) return "connection termination";
    const reason = reasons[rstCode ?? 0] ?? "remote reset";
    return reason === "protocol error" && !this.rules.knowsProtocolErrors ? "remote reset" : reason;
  }
}

/** Fields as Node's HTTP/2 takes them: a name that occurs twice has a list. */
export function headersOf(fields: Fields): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of fields) {
    const old = headers[name];
    headers[name] = old === undefined ? value : [...(Array.isArray(old) ? old : [old]), value];
  }
  return headers;
}

function fieldsOf(headers: IncomingHttpHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    return (Array.isArray(value) ? value : [String(value)]).map((one): [string, string] => [name, one]);
  });
}
