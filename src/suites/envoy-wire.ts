/**
 * The two ends of an Envoy: a client and an upstream that speak HTTP/2, where each DATA frame is one chunk, and where a PING
 * that has come back tells that all before it has been dealt with.
 *
 * @module
 */
import type { ClientHttp2Session, ClientHttp2Stream, Http2Server, ServerHttp2Stream } from "node:http2";
import { connect, createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import type { HeaderList } from "./model.js";
import type { Exchange } from "./wire.js";
import { Incoming } from "./wire.js";

type PairSink = Record<string, string | string[]>;

/** Headers as Node's HTTP/2 takes them: each character of a value is a byte. */
function toNode(headers: HeaderList): PairSink {
  const object: PairSink = {};
  for (const [name, value] of headers) object[name] = Buffer.from(value).toString("latin1");
  return object;
}

/** Headers as they came, in order. */
function fromNode(raw: readonly string[]): HeaderList {
  return raw.flatMap((name, i) =>
    i % 2 === 0 ? [[name, Buffer.from(raw[i + 1]!, "latin1").toString()] as const] : [],
  );
}

/** Takes what comes over `stream` from now on. */
function listen(incoming: Incoming, stream: ClientHttp2Stream | ServerHttp2Stream): void {
  const end = (): void => void (incoming.ended = true);
  stream.on("data", (chunk: Buffer) => incoming.chunks.push(chunk));
  stream.on("end", end).on("error", end).on("aborted", end).on("close", end);
}

function write(
  stream: ClientHttp2Stream | ServerHttp2Stream,
  bytes: Uint8Array,
  isLast: boolean,
): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else if (isLast) stream.end(bytes, () => resolve());
    else stream.write(bytes, () => resolve());
  });
}

/** A client's connection with one stream. */
export class WireClient {
  readonly response = new Incoming();
  private readonly stream: ClientHttp2Stream;

  private constructor(
    private readonly session: ClientHttp2Session,
    headers: HeaderList,
  ) {
    this.stream = session.request(toNode(headers), { endStream: false });
    this.stream.on("response", (_, __, raw?: string[]) => (this.response.headers = fromNode(raw!)));
    listen(this.response, this.stream);
  }

  /** Connects and sends a request's headers. */
  static async send(port: number, headers: HeaderList): Promise<WireClient> {
    const session = connect(`http://127.0.0.1:${port}`);
    session.on("error", () => undefined); // what it means for the stream is in `response.ended`
    await new Promise((resolve, reject) => {
      session.once("connect", resolve);
      session.once("error", reject);
    });
    return new WireClient(session, headers);
  }

  write(bytes: Uint8Array, isLast: boolean): Promise<void> {
    return write(this.stream, bytes, isLast);
  }

  /** Waits until all that was sent has been dealt with, and all that was answered has come. */
  barrier(): Promise<void> {
    return ping(this.session);
  }

  close(): void {
    this.stream.close();
    this.session.destroy();
  }
}

/** The request as the upstream has it, and the way to answer it. */
export class WireExchange implements Exchange {
  readonly request = new Incoming();

  constructor(
    private readonly stream: ServerHttp2Stream,
    headers: readonly string[],
  ) {
    this.request.headers = fromNode(headers);
    listen(this.request, stream);
  }

  respond(headers: HeaderList): void {
    if (!this.stream.destroyed) this.stream.respond(toNode(headers));
  }

  write(bytes: Uint8Array, isLast: boolean): Promise<void> {
    return write(this.stream, bytes, isLast);
  }

  barrier(): Promise<void> {
    const { session } = this.stream;
    return session === undefined ? Promise.resolve() : ping(session);
  }
}

/** An upstream for one request at a time. */
export class WireUpstream {
  /** The request that has come since it was last set to undefined. */
  exchange: WireExchange | undefined;

  private constructor(private readonly server: Http2Server) {
    server.on("stream", (stream, _, __, raw?: string[]) => {
      this.exchange = new WireExchange(stream, raw!);
    });
    server.on("sessionError", () => undefined);
  }

  static async start(): Promise<WireUpstream> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new WireUpstream(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
  }
}

function ping(session: {
  ping(callback: (error: Error | null) => void): boolean;
  destroyed: boolean;
}): Promise<void> {
  return new Promise((resolve) => {
    if (session.destroyed || !session.ping(() => resolve())) resolve();
  });
}
