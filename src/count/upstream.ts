import type {
  Cluster,
  ConnectionEvents,
  Fields,
  UpstreamConnection,
  UpstreamEvents,
  VirtualLoop,
} from "../host/index.js";

const usualBody: readonly Uint8Array[] = [Buffer.from("ok\n")];

function answer(
  events: UpstreamEvents,
  content: number | Uint8Array,
  body: readonly Uint8Array[] = usualBody,
): void {
  if (typeof content === "number") answerHttp(events, content, body);
  else answerGrpc(events, content);
}

function answerGrpc(events: UpstreamEvents, message: Uint8Array): void {
  events.headers(
    [
      [":status", "200"],
      ["content-type", "application/grpc"],
    ],
    false,
  );
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  events.data(frame, false);
  events.trailers([["grpc-status", "0"]]);
}

function answerHttp(events: UpstreamEvents, status: number, body: readonly Uint8Array[]): void {
  events.headers(
    [
      [":status", String(status)],
      ["content-type", "text/plain"],
      ["content-length", String(body.reduce((sum, chunk) => sum + chunk.length, 0))],
    ],
    false,
  );
  for (const chunk of body) events.data(chunk, false);
  events.data(new Uint8Array(0), true);
}

/** The upstream of the requests: it answers at once, or holds them. */
export class Upstream implements Cluster {
  holds = false;
  latest: { headers: Fields; body: Buffer[] } | undefined;

  constructor(
    private readonly loop: VirtualLoop,
    private readonly content: number | Uint8Array = 200,
    private readonly body: readonly Uint8Array[] = usualBody,
  ) {}

  open(events: UpstreamEvents): ReturnType<Cluster["open"]> {
    const request = { headers: [] as Fields, body: [] as Buffer[] };
    this.latest = request;
    const end = (isEnd: boolean): void => {
      if (isEnd && !this.holds) this.loop.post(() => answer(events, this.content, this.body));
    };
    return {
      headers: (fields, endStream) => {
        request.headers = fields;
        end(endStream);
      },
      data: (bytes, endStream) => {
        if (bytes.length > 0) request.body.push(Buffer.from(bytes));
        end(endStream);
      },
      trailers: () => end(true),
      reset: () => undefined,
    };
  }

  /** A raw connection: three bytes come back when the client has ended. */
  connect(events: ConnectionEvents): UpstreamConnection {
    this.loop.post(() => events.connected());
    return {
      write: (_bytes, endStream) => {
        if (endStream) this.loop.post(() => events.data(Buffer.from("ok\n"), true));
      },
      close: () => undefined,
    };
  }
}
