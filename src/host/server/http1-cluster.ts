import { Agent, request } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { connect as connectTcp } from "node:net";
import type { Socket } from "node:net";
import type {
  Cluster,
  ConnectionEvents,
  Fields,
  UpstreamConnection,
  UpstreamEvents,
  UpstreamRequest,
} from "../services/cluster.js";
import { resetReason } from "./errors.js";

/** A host and port. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** Tells whether it speaks HTTP/2 without TLS (h2c), as gRPC servers do. */
  readonly http2?: boolean;
}

/** Runs an event in the host's loop. */
export type Run = (event: () => void) => void;

const empty = new Uint8Array(0);

/** An upstream that speaks HTTP/1.1. */
export class Http1Cluster implements Cluster {
  readonly address: string;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1024 });

  constructor(
    private readonly target: Address,
    private readonly run: Run,
  ) {
    this.address = `${target.host}:${target.port}`;
  }

  open(events: UpstreamEvents): UpstreamRequest {
    return new Http1Request(this.target, this.agent, this.run, events);
  }

  connect(events: ConnectionEvents): UpstreamConnection {
    const { host, port } = this.target;
    const socket = connectTcp({ host, port, allowHalfOpen: true });
    let connected = false;
    socket.on("connect", () => {
      connected = true;
      this.run(() => events.connected());
    });
    socket.on("data", (bytes: Buffer) => this.run(() => events.data(new Uint8Array(bytes), false)));
    socket.on("end", () => this.run(() => events.data(empty, true)));
    socket.on("drain", () => this.run(() => events.full?.(false)));
    socket.on("error", () => undefined);
    socket.on("close", () => this.run(() => (connected ? events.closed() : events.failed())));
    return {
      write: (bytes, endStream) => {
        if (bytes.length > 0 && !socket.write(bytes)) events.full?.(true);
        if (endStream) socket.end();
      },
      close: () => socket.destroy(),
      pause: (paused) => (paused ? socket.pause() : socket.resume()),
    };
  }

  /** Ends idle connections. */
  close(): void {
    this.agent.destroy();
  }
}

class Http1Request implements UpstreamRequest {
  private request: ClientRequest | undefined;
  private response: IncomingMessage | undefined;
  private upgraded: Socket | undefined;
  private over = false;

  constructor(
    private readonly target: Address,
    private readonly agent: Agent,
    private readonly run: Run,
    private readonly events: UpstreamEvents,
  ) {}

  headers(fields: Fields, endStream: boolean): void {
    const raw: string[] = [];
    let method = "GET";
    let path = "/";
    let isUpgrade = false;
    for (const [name, value] of fields) {
      if (name === ":method") method = value;
      else if (name === ":path") path = value;
      else if (name === ":authority") raw.push("host", value);
      else if (!name.startsWith(":")) {
        raw.push(name, value);
        isUpgrade ||= name === "upgrade";
      }
    }
    const { host, port } = this.target;
    const options = { host, port, method, path, setHost: false, setDefaultHeaders: false };
    try {
      this.request = request({
        ...options,
        headers: raw as unknown as Record<string, string>,
        agent: isUpgrade ? false : this.agent,
      });
    } catch {
      this.over = true;
      this.run(() => this.events.reset("protocol error"));
      return;
    }
    this.listen(this.request);
    if (endStream) this.request.end();
    else this.request.write(empty); // `flushHeaders` writes UTF-8
    if (isUpgrade && !endStream) this.request.end();
  }

  data(bytes: Uint8Array, endStream: boolean): void {
    if (this.upgraded !== undefined) {
      if (bytes.length > 0 && !this.upgraded.write(bytes)) this.events.full?.(true);
      if (endStream) this.upgraded.end();
      return;
    }
    if (this.over || this.request === undefined || this.request.writableEnded) return;
    if (bytes.length > 0 && !this.request.write(bytes)) this.events.full?.(true);
    if (endStream) this.request.end();
  }

  trailers(fields: Fields): void {
    if (this.over || this.request === undefined) return;
    this.request.addTrailers(fields.map(([name, value]): [string, string] => [name, value]));
    this.request.end();
  }

  reset(): void {
    this.over = true;
    this.request?.destroy();
    this.upgraded?.destroy();
  }

  pause(paused: boolean): void {
    const source = this.upgraded ?? this.response;
    if (paused) source?.pause();
    else source?.resume();
  }

  private listen(outgoing: ClientRequest): void {
    const tell = (event: () => void): void => {
      if (!this.over) this.run(event);
    };
    outgoing.on("response", (response) => {
      this.response = response;
      const status = response.statusCode!;
      const length = response.headers["content-length"];
      const noBody = outgoing.method === "HEAD" || status === 204 || status === 304 || length === "0";
      tell(() => this.events.headers(fieldsOf(status, response.rawHeaders), noBody));
      response.on("data", (bytes: Buffer) => tell(() => this.events.data(new Uint8Array(bytes), false)));
      response.on("end", () => {
        if (noBody) return;
        tell(() => {
          this.over = true;
          if (response.rawTrailers.length > 0) this.events.trailers(pairsOf(response.rawTrailers));
          else this.events.data(empty, true);
        });
      });
      const { socket } = response;
      response.on("error", () => {
        tell(() => {
          this.over = true;
          // An end within a message is an error of the protocol; a cut is a cut.
          this.events.reset(socket.readableEnded ? "protocol error" : "connection termination");
        });
      });
    });
    const drained = (): void => tell(() => this.events.full?.(false));
    outgoing.on("drain", drained);
    outgoing.on("upgrade", (response, socket: Socket, head: Buffer) => {
      this.upgraded = socket;
      socket.on("drain", drained);
      tell(() => this.events.headers(fieldsOf(response.statusCode!, response.rawHeaders), false));
      if (head.length > 0) tell(() => this.events.data(new Uint8Array(head), false));
      socket.on("data", (bytes: Buffer) => tell(() => this.events.data(new Uint8Array(bytes), false)));
      socket.on("error", () => undefined);
      socket.on("close", () =>
        tell(() => {
          this.over = true;
          this.events.data(empty, true);
        }),
      );
    });
    outgoing.on("error", (error) => {
      tell(() => {
        this.over = true;
        this.events.reset(resetReason(error));
      });
    });
  }
}

function fieldsOf(status: number, raw: readonly string[]): [string, string][] {
  return [[":status", String(status)], ...pairsOf(raw)];
}

/** Node's flat list of names and values. */
export function pairsOf(raw: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i < raw.length; i += 2) pairs.push([raw[i]!.toLowerCase(), raw[i + 1]!]);
  return pairs;
}
