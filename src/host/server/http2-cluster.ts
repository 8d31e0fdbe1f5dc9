import { connect } from "node:http2";
import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import type { Cluster, Fields, UpstreamEvents, UpstreamRequest } from "../services/cluster.js";
import { resetReason } from "./errors.js";
import type { Address, Run } from "./http1-cluster.js";

/** An upstream that speaks HTTP/2 without TLS, as gRPC servers do. */
export class Http2Cluster implements Cluster {
  readonly http2 = true;
  readonly address: string;
  private session: ClientHttp2Session | undefined;

  constructor(
    target: Address,
    private readonly run: Run,
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
    const listen = (opened: ClientHttp2Stream): void => {
      opened.on("wantTrailers", () => opened.sendTrailers(headersOf(requestTrailers)));
      opened.on("drain", () => tell(() => events.full?.(false)));
      opened.on("response", (headers, flags) =>
        tell(() => events.headers(fieldsOf(headers), (flags & 1) !== 0)),
      );
      let trailers: Fields | undefined;
      opened.on("trailers", (headers) => (trailers = fieldsOf(headers)));
      opened.on("data", (bytes: Buffer) => tell(() => events.data(new Uint8Array(bytes), false)));
      opened.on("end", () =>
        tell(() => {
          over = true;
          if (trailers !== undefined) events.trailers(trailers);
          else events.data(new Uint8Array(0), true);
        }),
      );
      opened.on("error", (error: NodeJS.ErrnoException) =>
        tell(() => {
          over = true;
          events.reset(error.code === "ERR_HTTP2_STREAM_ERROR" ? "remote reset" : resetReason(error));
        }),
      );
    };
    return {
      headers: (fields, endStream) => {
        // Without this, Node ends the stream with the last data, and has no place for trailers.
        const options = { endStream, waitForTrailers: !endStream };
        stream = this.connected().request(headersOf(fields), options);
        listen(stream);
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
      this.session.on("error", () => undefined);
      this.session.unref();
    }
    return this.session;
  }
}

function headersOf(fields: Fields): Record<string, string | string[]> {
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
